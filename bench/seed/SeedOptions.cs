using System.Globalization;
using Runstone.Seed.Workspaces;

namespace Runstone.Seed;

/// <summary>Which workspaces to make, and where.</summary>
internal sealed record SeedOptions(Uri Server, IReadOnlyList<Workspace> Workspaces)
{
    public static readonly IReadOnlyList<Workspace> Known =
        [new Penguins(), new Sweep(), new Curves(), new ManyRuns(), new ManyMetrics(), new LongSeries(), new ManyColumns(), new Media(), new LongConsole()];

    public static string Usage =>
        $"""
        Fills a running server with workspaces, an experiment each. The same words make the same values; an experiment that is there is left as it is.

          bench/seed/run [--server <address>] <workspace> ... | all      (default server http://127.0.0.1:5000)

        {string.Join('\n', Known.Select(w => $"  {w.Name,-14} {w.Summary}"))}
        """;

    /// <summary>Reads the command line; throws <see cref="ArgumentException"/> with what is wrong.</summary>
    public static SeedOptions Parse(string[] args)
    {
        var server = new Uri("http://127.0.0.1:5000");
        var chosen = new List<Workspace>();
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i] == "--server")
                server = Address(i + 1 < args.Length ? args[++i] : "");
            else if (args[i] == "all")
                chosen.AddRange(Known);
            else
                chosen.Add(Find(args[i]));
        }

        return chosen.Count > 0 ? new SeedOptions(server, chosen) : throw new ArgumentException("Name a workspace");
    }

    private static Uri Address(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address is { IsLoopback: true, Scheme: "http" }
            ? address
            : throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"--server: '{text}' is not the address of a server on this machine, as http://127.0.0.1:5000"));

    private static Workspace Find(string name) =>
        Known.FirstOrDefault(w => string.Equals(w.Name, name, StringComparison.Ordinal)) ?? throw new ArgumentException($"'{name}' is no workspace");
}
