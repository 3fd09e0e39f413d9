using System.Diagnostics;
using Runstone.Load;
using Runstone.Load.Http;

namespace Runstone.MetricsBench;

/// <summary>The measurement of one engine under way.</summary>
internal sealed record Session(Engine Engine, MetricsOptions Options, Page Page) : IDisposable
{
    private const int WarmUp = 40;
    private const int Fewest = 5;
    private const int Greatest = 2000;
    private LongSeries? _longs;

    /// <summary>The long series of the engine, which several lines read.</summary>
    public async Task<LongSeries> LongAsync() => _longs ??= await LongSeries.MakeAsync(this);

    public void Dispose() => _longs?.Dispose();

    /// <summary>A bare server that commits to the same engine.</summary>
    public static ServerProcess StartLimits(Place place) => ServerProcess.StartLimits(Path.Combine(place.Folder, "limits"), place.Database);

    public ServerProcess Start(Place place, params string[] options) => place.Start(Options.Server, options);

    /// <summary>What server and database used so far.</summary>
    public TimeSpan[] Used(ServerProcess server) => [server.ProcessorTime, Engine.DatabaseTime];

    /// <summary>
    /// Times requests one after the other, each followed by one to the limit, for the window; five at least, whatever they take. Requests before
    /// that, which compile and fill caches, are not counted.
    /// </summary>
    public Row Time(string line, string what, Func<TimeSpan[]> used, Action request, Action? limit = null)
    {
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < WarmUp && (i < 2 || Stopwatch.GetElapsedTime(started) < Options.Window); i++)
        {
            request();
            limit?.Invoke();
        }

        var (times, limits, before) = (new List<double>(), new List<double>(), used());
        started = Stopwatch.GetTimestamp();
        while (times.Count < Greatest && (times.Count < Fewest || Stopwatch.GetElapsedTime(started) < Options.Window))
        {
            times.Add(Bench.Seconds(request) * 1000);
            if (limit is not null)
                limits.Add(Bench.Seconds(limit) * 1000);
        }

        var after = used();
        return new Row(line, what, Percentile(times, 0.5), "ms")
        {
            P50 = Percentile(times, 0.5),
            P95 = Percentile(times, 0.95),
            Server = (after[0] - before[0]).TotalMilliseconds / times.Count,
            Database = Engine.IsPostgres ? (after[1] - before[1]).TotalMilliseconds / times.Count : null,
            Limit = limits.Count == 0 ? null : Percentile(limits, 0.5),
            Note = Note.Of($"{times.Count} requests"),
        };
    }

    /// <summary>A request for so many bytes out of the memory of the bare server.</summary>
    public static Action Answer(Connection limits, long bytes)
    {
        var request = Requests.Build("GET", $"/answer?bytes={Text.Of(bytes)}");
        return () => limits.Exchange(request, [], keepBody: false);
    }

    public static double Percentile(IEnumerable<double> values, double share)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0 ? double.NaN : sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * share))];
    }

    /// <summary>Throws when an answer is not what it must be: a wrong answer has no speed.</summary>
    public static void Expect(bool condition, FormattableString what)
    {
        if (!condition)
            throw new InvalidOperationException("A wrong answer: " + FormattableString.Invariant(what));
    }
}

/// <summary>Text of numbers in notes.</summary>
internal static class Note
{
    public static string Of(FormattableString text) => FormattableString.Invariant(text);
}
