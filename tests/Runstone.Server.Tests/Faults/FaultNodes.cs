using System.Globalization;

namespace Runstone.Server.Tests.Faults;

/// <summary>Server processes that share one store.</summary>
internal sealed class FaultNodes : IAsyncDisposable
{
    private readonly List<ServerProcess> _all = [];
    private readonly List<Task<string>> _logs = [];
    private readonly Dictionary<string, string> _variables = new(StringComparer.Ordinal);
    private readonly string _folder = Directory.CreateTempSubdirectory("runstone-nodes-").FullName;

    private FaultNodes()
    {
    }

    public IReadOnlyList<string> Addresses => [.. _all.Select(n => n.Address)];

    /// <summary>Starts so many nodes with the same options, each with a data folder that it should not need.</summary>
    public static async Task<FaultNodes> StartAsync(int count, params string[] options)
    {
        var nodes = new FaultNodes();
        try
        {
            for (var i = 0; i < count; i++)
                await nodes.AddAsync(options);
            return nodes;
        }
        catch
        {
            await nodes.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts one node whose managed memory ends at so many bytes, as in a small container.</summary>
    public static async Task<FaultNodes> StartSmallAsync(long memory, params string[] options)
    {
        var nodes = new FaultNodes();
        nodes._variables["DOTNET_GCHeapHardLimit"] = memory.ToString("X", CultureInfo.InvariantCulture);
        await nodes.AddAsync(options);
        return nodes;
    }

    public async Task AddAsync(params string[] options)
    {
        _all.Add(await ServerProcess.StartAsync(_variables, ["--data", Path.Combine(_folder, $"{_all.Count}"), .. options]));
        _logs.Add(_all[^1].ReadOnAsync());
    }

    public Task KillAsync(int node) => _all[node].KillAsync();

    public Task<int> TerminateAsync(int node) => _all[node].TerminateAsync();

    public long ResidentBytes(int node) => _all[node].ResidentBytes;

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _all)
            await node.KillAsync();
        for (var i = 0; i < _all.Count; i++)
            TestContext.Current.TestOutputHelper?.WriteLine($"--- node {i}\n{Shorten(await _logs[i])}");
        foreach (var node in _all)
            node.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static string Shorten(string log) => log.Length < 4000 ? log : $"{log[..2000]}\n...\n{log[^2000..]}";
}
