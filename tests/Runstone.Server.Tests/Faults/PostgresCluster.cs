using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Runstone.Server.Tests.Faults;

/// <summary>
/// A throw-away PostgreSQL server of one test, with a streaming replica when asked for, which the test may kill and promote. Its
/// keeper is ../shared/tools/start-postgres, whose usage says what each step does.
/// </summary>
internal sealed class PostgresCluster : IAsyncDisposable
{
    private static readonly string[] Program = ["tools", "start-postgres"];

    private readonly string _folder;
    private readonly Dictionary<string, string> _settings;

    private PostgresCluster(string folder, Dictionary<string, string> settings) => (_folder, _settings) = (folder, settings);

    /// <summary>Address of the server that was the primary at first.</summary>
    public (string Host, int Port) First => ("127.0.0.1", Port("PGPORT"));

    public static async Task<PostgresCluster> StartAsync(bool replica = false)
    {
        SharedFolder.Require(Program); // before there is a folder to remove
        var folder = Directory.CreateTempSubdirectory("runstone-pg-").FullName;
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder, (UnixFileMode)0b111_001_001); // its user must be able to pass
        var data = Path.Combine(folder, "servers");
        string[] arguments = replica ? ["--replica", "--database", "runstone", data] : ["--database", "runstone", data];
        return new PostgresCluster(folder, await RunAsync(arguments));
    }

    /// <summary>A connection string to every server of the cluster; the driver looks for the primary.</summary>
    public string Connection => string.Create(
        CultureInfo.InvariantCulture,
        $"Host={Hosts};Username=postgres;Password={_settings["PGPASSWORD"]};Database=runstone");

    /// <summary>The same over another port, for a link that stands between.</summary>
    public string ConnectionThrough(int port) => string.Create(
        CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={port};Username=postgres;Password={_settings["PGPASSWORD"]};Database=runstone");

    /// <summary>From now on a commit is acknowledged when the replica has it on its disk too.</summary>
    public async Task ReplicateSynchronouslyAsync()
    {
        await ExecuteAsync("alter system set synchronous_standby_names = 'replica'");
        await ExecuteAsync("select pg_reload_conf()");
        while (!await IsSynchronousAsync())
            await Task.Yield();
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(Connection);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Ends the primary and all its sessions at once, as a loss of the machine does.</summary>
    public void KillPrimary()
    {
        var primary = File.ReadAllText(Path.Combine(_folder, "servers", "primary")).Trim();
        var pid = int.Parse(File.ReadAllText(Path.Combine(_folder, "servers", "run", primary + ".pid")).Split(' ')[0], CultureInfo.InvariantCulture);
        using var process = Process.GetProcessById(pid);
        process.Kill(entireProcessTree: true);
        process.WaitForExit();
    }

    /// <summary>Makes the replica the primary.</summary>
    public Task PromoteAsync() => RunAsync("--promote", Path.Combine(_folder, "servers"));

    /// <summary>Starts what was killed again.</summary>
    public Task RestartAsync() => RunAsync(Path.Combine(_folder, "servers"));

    public async ValueTask DisposeAsync()
    {
        await RunAsync("--stop", Path.Combine(_folder, "servers"));
        Directory.Delete(_folder, recursive: true);
    }

    private string Hosts => _settings.ContainsKey("REPLICA_PORT")
        ? string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port("PGPORT")},127.0.0.1:{Port("REPLICA_PORT")}")
        : string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port("PGPORT")}");

    private int Port(string name) => int.Parse(_settings[name], CultureInfo.InvariantCulture);

    private async Task<bool> IsSynchronousAsync()
    {
        await using var source = NpgsqlDataSource.Create(Connection);
        await using var command = source.CreateCommand("select exists (select 1 from pg_stat_replication where sync_state = 'sync')");
        return (bool)(await command.ExecuteScalarAsync())!;
    }

    private static async Task<Dictionary<string, string>> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(SharedFolder.Require(Program), arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var lines = (await process.StandardOutput.ReadToEndAsync()).Split('\n');
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        return lines.Where(l => l.StartsWith("export ", StringComparison.Ordinal)).Select(l => l["export ".Length..].Split('=', 2))
            .ToDictionary(p => p[0], p => p[1].Trim('\'', '"'), StringComparer.Ordinal);
    }
}
