using System.Globalization;
using System.Net;

namespace Runstone.Load;

/// <summary>What to measure, for how long and on what.</summary>
internal sealed record LoadOptions
{
    public const string Usage = """
        Puts load on a tracking server of this machine and prints a Markdown table.

          --address <url>     a server that runs, on a loopback address
          --server <file>     a published Runstone.Server to start for the measurement, on new data
          --nodes <n>         servers to start, 1 to 9, default 1; clients are spread over them. More than one need a store
                              that they share, which --server-options names
          --server-options <text>  options for the servers, separated by blanks, for example
                              "--database Host=127.0.0.1;Port=5432;Database=bench --blobs s3://bench"
          --limits            measure the limit program in the same minute and print the share of it that was reached
          --only <names>      some of points,batches,binary,runs,search,history,artifacts,start (all when absent; start needs --server,
                              binary a Runstone server)
          --rounds <n>        rounds of each measurement, 1 to 9, default 3
          --seconds <n>       seconds of a round, 0.1 to 30, default 3
          --runs <n>          runs to search, 100 to 100000, default 10000
          --data <folder>     where servers keep their data while they are measured, default artifacts/bench
          --label <text>      heading of the table
          --output <file>     also write the table there
        """;

    public static readonly string[] Scenarios = ["points", "batches", "binary", "runs", "search", "history", "artifacts", "start"];

    public IPEndPoint? Address { get; init; }

    public string? Server { get; init; }

    public int Nodes { get; init; } = 1;

    /// <summary>What every server is started with, beside its port and data folder.</summary>
    public IReadOnlyList<string> ServerOptions { get; init; } = [];

    public bool Limits { get; init; }

    public IReadOnlyList<string> Only { get; init; } = Scenarios;

    public int Rounds { get; init; } = 3;

    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(3);

    public int Runs { get; init; } = 10_000;

    public string Data { get; init; } = Path.Combine("artifacts", "bench");

    public string Label { get; init; } = "Load";

    public string? Output { get; init; }

    /// <summary>Reads the command line; throws <see cref="ArgumentException"/> with what is wrong.</summary>
    public static LoadOptions Parse(string[] args)
    {
        var options = new LoadOptions();
        for (var i = 0; i < args.Length; i++)
        {
            var name = args[i];
            if (name is "--limits")
            {
                options = options with { Limits = true };
                continue;
            }

            var value = i + 1 < args.Length ? args[++i] : throw new ArgumentException($"{name} needs a value");
            options = name switch
            {
                "--address" => options with { Address = Loopback(value) },
                "--server" => options with { Server = File.Exists(value) ? Path.GetFullPath(value) : throw new ArgumentException($"--server: {value} does not exist") },
                "--nodes" => options with { Nodes = (int)Number(name, value, 1, 9) },
                "--server-options" => options with { ServerOptions = value.Split(' ', StringSplitOptions.RemoveEmptyEntries) },
                "--only" => options with { Only = Names(value) },
                "--rounds" => options with { Rounds = (int)Number(name, value, 1, 9) },
                "--seconds" => options with { Window = TimeSpan.FromSeconds(Number(name, value, 0.1, 30)) },
                "--runs" => options with { Runs = (int)Number(name, value, 100, 100_000) },
                "--data" => options with { Data = value },
                "--label" => options with { Label = value },
                "--output" => options with { Output = value },
                _ => throw new ArgumentException($"{name} is not an option"),
            };
        }

        if (options.Address is null == options.Server is null)
            throw new ArgumentException("Give either --address or --server");
        return options.Nodes > 1 && options.ServerOptions.Count == 0
            ? throw new ArgumentException("--nodes: more than one server need a store that they share; name it with --server-options")
            : options;
    }

    /// <summary>Load never leaves this machine.</summary>
    private static IPEndPoint Loopback(string value)
    {
        if (!Uri.TryCreate(value, UriKind.Absolute, out var uri) || uri.Scheme is not "http")
            throw new ArgumentException($"--address: {value} is not an http address");
        var ip = uri.Host is "localhost" ? IPAddress.Loopback : IPAddress.TryParse(uri.Host.Trim('[', ']'), out var given) ? given : null;
        return ip is not null && IPAddress.IsLoopback(ip)
            ? new IPEndPoint(ip, uri.Port)
            : throw new ArgumentException($"--address: {uri.Host} is not an address of this machine; only 127.0.0.1, [::1] and localhost are loaded");
    }

    private static string[] Names(string value)
    {
        var names = value.Split(',');
        return names.FirstOrDefault(n => !Scenarios.Contains(n, StringComparer.Ordinal)) is { } unknown
            ? throw new ArgumentException($"--only: {unknown} is not one of {string.Join(", ", Scenarios)}")
            : names;
    }

    private static double Number(string name, string value, double least, double most) =>
        double.TryParse(value, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"{name}: {value} is not a number from {least} to {most}"));
}
