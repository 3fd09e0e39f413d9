using System.Net;

namespace Runstone.Load;

/// <summary>The servers under load, killed with what they keep when disposed of.</summary>
internal sealed class Nodes : IDisposable
{
    private readonly List<ServerProcess> _all = [];

    public Nodes(string executable, LoadOptions options, string folder)
    {
        try
        {
            for (var i = 0; i < options.Nodes; i++)
                _all.Add(ServerProcess.Start(executable, Path.Combine(folder, $"server{i}"), options.ServerOptions));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public IReadOnlyList<IPEndPoint> Addresses => [.. _all.Select(s => s.Address)];

    public IReadOnlyList<long> ResidentBytes => [.. _all.Select(s => s.ResidentBytes)];

    public void Dispose()
    {
        foreach (var server in _all)
            server.Dispose();
    }
}
