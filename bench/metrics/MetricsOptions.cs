using System.Globalization;
using Runstone.Storage;

namespace Runstone.MetricsBench;

/// <summary>What to measure, how much of it, and on which stores.</summary>
internal sealed record MetricsOptions
{
    public const string Usage = """
        Measures the targets of the metric engine on new stores, each beside its limit, and writes one Markdown page.

          --server <file>       a published Runstone.Server
          --database <text>     a PostgreSQL database whose user may create databases; measured after SQLite
          --engines <names>     some of sqlite,postgresql; default sqlite, and postgresql with --database
          --only <lines>        some of points,batches,binary,sdk,keys,bytes,draw,many,read,groups,memory,restart,console (default all)
          --quick               small sizes and one short round: shows that everything works, measures nothing
          --rounds <n>          rounds of a rate, 1 to 9, default 3
          --seconds <n>         seconds of a round, and of each row of latencies, 0.1 to 30, default 3
          --minutes <n>         a line is not begun after so many minutes of an engine, 1 to 120, default 11
          --adult <file>        data to train curves on (adult.data); without it only made curves are stored
          --data <folder>       where stores are kept while they are measured, default artifacts/bench
          --output <file>       the page
        """;

    public static readonly string[] Lines =
        ["points", "batches", "binary", "sdk", "keys", "bytes", "draw", "many", "read", "groups", "memory", "restart", "console"];

    public string Server { get; init; } = "";

    public string? Database { get; init; }

    public IReadOnlyList<string> Engines { get; init; } = [];

    public IReadOnlyList<string> Only { get; init; } = Lines;

    public bool Quick { get; init; }

    public int Rounds { get; init; } = 3;

    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(3);

    public TimeSpan Most { get; init; } = TimeSpan.FromMinutes(11);

    public string? Adult { get; init; }

    public string Data { get; init; } = Path.Combine("artifacts", "bench");

    public string? Output { get; init; }

    /// <summary>Of two sizes the one to measure with.</summary>
    public int Size(int full, int quick) => Quick ? quick : full;

    /// <summary>Reads the command line; throws <see cref="ArgumentException"/> with what is wrong.</summary>
    public static MetricsOptions Parse(string[] args)
    {
        var options = new MetricsOptions();
        for (var i = 0; i < args.Length; i++)
        {
            var name = args[i];
            if (name is "--quick")
            {
                options = options with { Quick = true, Rounds = 1, Window = TimeSpan.FromSeconds(0.4) };
                continue;
            }

            var value = i + 1 < args.Length ? args[++i] : throw new ArgumentException($"{name} needs a value");
            options = name switch
            {
                "--server" => options with { Server = Existing(name, value) },
                "--database" when DatabaseAddress.Parse(value, out var fault) is null => throw new ArgumentException($"--database: {fault}"),
                "--database" => options with { Database = value },
                "--engines" => options with { Engines = Names(name, value, ["sqlite", "postgresql"]) },
                "--only" => options with { Only = Names(name, value, Lines) },
                "--rounds" => options with { Rounds = (int)Number(name, value, 1, 9) },
                "--seconds" => options with { Window = TimeSpan.FromSeconds(Number(name, value, 0.1, 30)) },
                "--minutes" => options with { Most = TimeSpan.FromMinutes(Number(name, value, 1, 120)) },
                "--adult" => options with { Adult = Existing(name, value) },
                "--data" => options with { Data = value },
                "--output" => options with { Output = value },
                _ => throw new ArgumentException($"{name} is not an option"),
            };
        }

        if (options.Engines.Count == 0)
            options = options with { Engines = options.Database is null ? ["sqlite"] : ["sqlite", "postgresql"] };
        if (options.Server.Length == 0)
            throw new ArgumentException("Give --server");
        return options.Database is null && options.Engines.Contains("postgresql", StringComparer.Ordinal)
            ? throw new ArgumentException("--engines: postgresql needs --database")
            : options;
    }

    private static string Existing(string name, string value) =>
        File.Exists(value) ? Path.GetFullPath(value) : throw new ArgumentException($"{name}: {value} does not exist");

    private static string[] Names(string name, string value, string[] allowed)
    {
        var names = value.Split(',');
        return names.FirstOrDefault(n => !allowed.Contains(n, StringComparer.Ordinal)) is { } unknown
            ? throw new ArgumentException($"{name}: {unknown} is not one of {string.Join(", ", allowed)}")
            : names;
    }

    private static double Number(string name, string value, double least, double most) =>
        double.TryParse(value, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"{name}: {value} is not a number from {least} to {most}"));
}
