using System.Net;

namespace Runstone.Server.Hosting;

/// <summary>How the server runs. Read by <see cref="ServerOptionsReader"/>, validated before anything starts.</summary>
public sealed record ServerOptions
{
    /// <value>TCP port; 0 picks a free one. Default 5000.</value>
    public int Port { get; init; } = 5000;

    /// <value>A loopback address. Default 127.0.0.1.</value>
    public IPAddress Host { get; init; } = IPAddress.Loopback;

    /// <value>Absolute path of the data folder. Default <c>runstone-data</c> in the working directory.</value>
    public required string Data { get; init; }

    /// <value>Log requests and other information, not only warnings. Default false.</value>
    public bool Verbose { get; init; }
}
