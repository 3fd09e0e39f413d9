using System.Globalization;
using System.Net;

namespace Runstone.Server.Hosting;

/// <summary>One setting: its key in every source, what is allowed, and how its text becomes a part of the options.</summary>
/// <param name="Key">Lower case: <c>--key</c>, <c>RUNSTONE__KEY</c> and the member of <c>runstone.json</c>.</param>
/// <param name="Placeholder">What stands for the value in the help; null for a switch, which needs no value.</param>
/// <param name="Help">One line.</param>
/// <param name="Allowed">The end of the sentence "allowed is ...".</param>
/// <param name="Apply">The changed options, or null when the text is not allowed.</param>
internal sealed record ServerSetting(
    string Key, string? Placeholder, string Help, string Allowed, Func<ServerOptions, string, ServerOptions?> Apply)
{
    public static readonly IReadOnlyList<ServerSetting> All =
    [
        new("port", "n", "TCP port, 0 picks a free one (default 5000)", "a whole number from 0 to 65535", ApplyPort),
        new("host", "address", "address to listen on (default 127.0.0.1)",
            "127.0.0.0/8, ::1 or localhost. Anybody who reaches the server can read and change everything, so it is not offered to "
            + "a network until it has access control; use an SSH tunnel or an authenticating reverse proxy on this machine", ApplyHost),
        new("data", "folder", "data folder, made when it is not there (default ./runstone-data)", "the path of a folder", ApplyData),
        new("verbose", null, "log requests, not only warnings", "true or false", ApplyVerbose),
    ];

    private static ServerOptions? ApplyPort(ServerOptions options, string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= IPEndPoint.MaxPort
            ? options with { Port = port }
            : null;

    private static ServerOptions? ApplyHost(ServerOptions options, string text)
    {
        if (text.Equals("localhost", StringComparison.OrdinalIgnoreCase))
            return options with { Host = IPAddress.Loopback };
        return IPAddress.TryParse(text.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address)
            ? options with { Host = address }
            : null;
    }

    private static ServerOptions? ApplyData(ServerOptions options, string text) =>
        text.Length == 0 || text.Contains('\0') ? null : options with { Data = text };

    private static ServerOptions? ApplyVerbose(ServerOptions options, string text) =>
        bool.TryParse(text, out var verbose) ? options with { Verbose = verbose } : null;
}
