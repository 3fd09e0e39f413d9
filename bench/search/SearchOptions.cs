using System.Globalization;
using Runstone.Storage;

namespace Runstone.SearchBench;

/// <summary>What to measure, on which store.</summary>
internal sealed record SearchOptions
{
    public const string Usage = """
        Fills a store with runs past the server, unless it is filled, starts a server on it and measures searches.

          --server <file>     a published Runstone.Server
          --data <folder>     the data folder; kept, so that the next measurement need not fill it. Default artifacts/search
          --database <text>   a PostgreSQL database to use instead of SQLite (see bench/postgres)
          --runs <n>          runs of 20 params and 20 metrics, 1000 to 1000000, default 100000
          --seconds <n>       how long each search is repeated, 0.1 to 60, default 3
          --only <text>       only searches whose names contain it
          --output <file>     append the table there
        """;

    public required string Server { get; init; }

    public string Data { get; init; } = Path.Combine("artifacts", "search");

    public DatabaseAddress? Database { get; init; }

    public int Runs { get; init; } = 100_000;

    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(3);

    public string Only { get; init; } = "";

    public string? Output { get; init; }

    /// <summary>Reads the command line; throws <see cref="ArgumentException"/> with what is wrong.</summary>
    public static SearchOptions Parse(string[] args)
    {
        var options = new SearchOptions { Server = "" };
        for (var i = 0; i + 1 < args.Length; i += 2)
        {
            var (name, value) = (args[i], args[i + 1]);
            options = name switch
            {
                "--server" when File.Exists(value) => options with { Server = Path.GetFullPath(value) },
                "--data" => options with { Data = value },
                "--database" => options with { Database = DatabaseAddress.Parse(value, out var fault) ?? throw new ArgumentException($"--database: {fault}") },
                "--runs" => options with { Runs = (int)Number(name, value, 1000, 1_000_000) },
                "--seconds" => options with { Window = TimeSpan.FromSeconds(Number(name, value, 0.1, 60)) },
                "--only" => options with { Only = value },
                "--output" => options with { Output = value },
                _ => throw new ArgumentException($"{name} {value} is no option, or the file does not exist"),
            };
        }

        return args.Length % 2 == 0 && options.Server.Length > 0 ? options : throw new ArgumentException("Give --server, and a value for each option");
    }

    private static double Number(string name, string value, double least, double most) =>
        double.TryParse(value, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"{name}: {value} is not a number from {least} to {most}"));
}
