using System.Diagnostics;
using System.Globalization;
using Runstone.Load.Http;

namespace Runstone.Load;

/// <summary>Rounds against the server and, in turn, the limit program.</summary>
/// <param name="Server">One each.</param>
/// <param name="Limit">One each, none without a limit program.</param>
/// <param name="Used">What the rounds against the server used, warm-up included.</param>
internal sealed record Rounds(IReadOnlyList<Window> Server, IReadOnlyList<Window> Limit, TimeSpan[] Used);

/// <summary>A measurement under way: the servers, how long and how often, and where the figures go.</summary>
internal sealed record Bench(TrackingTarget Server, LimitTarget? Limit, Report Report, LoadOptions Options)
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(0.5);

    /// <summary>
    /// Measures requests a second, times <paramref name="unitsOfRequest"/>, in rounds that alternate with rounds against the limit
    /// program, so that both see the machine in the same state.
    /// </summary>
    public void Rate(string name, string unit, int clients, double unitsOfRequest, Func<Target, Connection, int, Action> prepare)
    {
        var (rounds, limits, _) = Compare(clients, prepare);
        Report.Add(new Figure(
            name, unit, [.. rounds.Select(r => r.PerSecond * unitsOfRequest)], [.. limits.Select(r => r.PerSecond * unitsOfRequest)], Latency(rounds)));
    }

    /// <summary>The rounds of <see cref="Rate"/>; <paramref name="used"/> tells what is added up over those against the server, such as processor time.</summary>
    public Rounds Compare(int clients, Func<Target, Connection, int, Action> prepare, Func<TimeSpan[]>? used = null)
    {
        var (rounds, limits, total) = (new List<Window>(), new List<Window>(), Array.Empty<TimeSpan>());
        for (var i = 0; i < Options.Rounds; i++)
        {
            var before = used?.Invoke() ?? [];
            rounds.Add(Round(Server));
            var after = used?.Invoke() ?? [];
            total = [.. after.Select((a, n) => a - before[n] + (total.Length == 0 ? default : total[n]))];
            if (Limit is not null)
                limits.Add(Round(Limit));
        }

        return new Rounds(rounds, limits, total);

        Window Round(Target target)
        {
            var connections = Enumerable.Range(0, clients).Select(_ => target.Connect()).ToArray();
            var window = Clients.Run(clients, WarmUp, Options.Window, client => prepare(target, connections[client], client));
            foreach (var connection in connections)
                connection.Dispose();
            return window;
        }
    }

    /// <summary>Measures the milliseconds of one request at a time; a round is the median of its requests, three at least.</summary>
    public void Latency(string name, Action request, string note = "")
    {
        request();
        var windows = Enumerable.Range(0, Options.Rounds).Select(_ => OneByOne(request)).ToList();
        Report.Add(new Figure(name, "ms", [.. windows.Select(w => w.Percentile(0.5).TotalMilliseconds)], [], $"{Latency(windows)} {note}".Trim()));
    }

    /// <summary>Measures something once a round.</summary>
    public void Once(string name, string unit, Func<double> measure, double? limit = null, string note = "") =>
        Report.Add(new Figure(name, unit, [.. Enumerable.Range(0, Options.Rounds).Select(_ => measure())], limit is { } l ? [l] : [], note));

    /// <summary>The seconds that the action takes.</summary>
    public static double Seconds(Action action)
    {
        var started = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private Window OneByOne(Action request)
    {
        var (latencies, started) = (new List<TimeSpan>(), Stopwatch.GetTimestamp());
        while (latencies.Count < 3 || Stopwatch.GetElapsedTime(started) < Options.Window)
            latencies.Add(TimeSpan.FromSeconds(Seconds(request)));
        return new Window(latencies.Count / Stopwatch.GetElapsedTime(started).TotalSeconds, [.. latencies.Order()], latencies.Count);
    }

    private static string Latency(IReadOnlyList<Window> windows)
    {
        var all = new Window(0, [.. windows.SelectMany(w => w.Latencies).Order()], 0);
        return string.Create(CultureInfo.InvariantCulture,
            $"p50 {all.Percentile(0.5).TotalMilliseconds:0.00} ms, p95 {all.Percentile(0.95).TotalMilliseconds:0.00}, p99 {all.Percentile(0.99).TotalMilliseconds:0.00}");
    }
}
