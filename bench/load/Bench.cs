using System.Diagnostics;
using System.Globalization;
using Runstone.Load.Http;

namespace Runstone.Load;

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
        var (rounds, limits, windows) = (new List<double>(), new List<double>(), new List<Window>());
        for (var i = 0; i < Options.Rounds; i++)
        {
            windows.Add(Round(Server));
            rounds.Add(windows[^1].PerSecond * unitsOfRequest);
            if (Limit is not null)
                limits.Add(Round(Limit).PerSecond * unitsOfRequest);
        }

        Report.Add(new Figure(name, unit, rounds, limits, Latency(windows)));

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
        return new Window(latencies.Count / Stopwatch.GetElapsedTime(started).TotalSeconds, [.. latencies.Order()]);
    }

    private static string Latency(List<Window> windows)
    {
        var all = new Window(0, [.. windows.SelectMany(w => w.Latencies).Order()]);
        return string.Create(CultureInfo.InvariantCulture,
            $"p50 {all.Percentile(0.5).TotalMilliseconds:0.00} ms, p95 {all.Percentile(0.95).TotalMilliseconds:0.00}, p99 {all.Percentile(0.99).TotalMilliseconds:0.00}");
    }
}
