using Runstone.Load;
using Runstone.Load.Http;
using Runstone.Load.Scenarios;

namespace Runstone.MetricsBench.Lines;

/// <summary>Points that come over HTTP, each answer meaning that they are durable; the sealer works meanwhile, as it always does.</summary>
internal static class Ingest
{
    private delegate Action Prepare(Target target, Connection connection, int client);

    public static void Points(Session session)
    {
        foreach (var clients in (int[])[1, 64])
            Measure(session, "points", $"one point a request, {Logging.Count(clients)}", clients, 1, Goal.ShareOfLimit, Logging.Point);
    }

    public static void Batches(Session session) =>
        Measure(session, "batches", "1,000 points a request as JSON through MLflow's log-batch, 10 keys, 8 clients", 8, Logging.BatchPoints,
            Goal.ShareOfLimit, (target, connection, _) => Logging.Batch(target, connection, keys: 10));

    public static void Bytes(Session session)
    {
        Measure(session, "binary", "10,000 points a request as bytes, 10 keys, 8 clients", 8, Binary.BatchPoints, Goal.Least(2_000_000), Binary.Batch);
        Measure(session, "binary", "the same while nothing is sealed (--seal-workers 0)", 8, Binary.BatchPoints, null, Binary.Batch, "--seal-workers", "0");
    }

    /// <summary>What the newest values cost: as many points, each of its own series.</summary>
    public static void Keys(Session session)
    {
        foreach (var keys in (int[])[1, 1000])
        {
            Measure(session, "keys", Note.Of($"1,000 points a request as JSON, {keys:N0} {(keys == 1 ? "key" : "keys")}, 8 clients"), 8, Logging.BatchPoints, null,
                (target, connection, _) => Logging.Batch(target, connection, keys));
        }
    }

    private static void Measure(Session session, string line, string what, int clients, int points, Goal? goal, Prepare prepare, params string[] options)
    {
        using var place = session.Engine.NewPlace();
        using var server = session.Start(place, options);
        using var limits = Session.StartLimits(place);
        var target = new TrackingTarget([server.Address]);
        var bench = new Bench(target, new LimitTarget(limits.Address), new Report(""), new LoadOptions { Rounds = session.Options.Rounds, Window = session.Options.Window });
        var rounds = bench.Compare(clients, new Func<Target, Connection, int, Action>(prepare), () => session.Used(server));
        var sent = rounds.Server.Sum(r => r.Sent);
        if (rounds.Server.Any(r => r.Latencies.Length == 0))
            throw new InvalidOperationException($"In {session.Options.Window.TotalSeconds} s no request was answered");
        var latencies = rounds.Server.SelectMany(r => r.Latencies).Select(l => l.TotalMilliseconds).ToArray();
        session.Page.Add(new Row(line, what, Median(rounds.Server, points), points == 1 ? "requests/s" : "points/s")
        {
            P50 = Session.Percentile(latencies, 0.5),
            P95 = Session.Percentile(latencies, 0.95),
            Server = rounds.Used[0].TotalMilliseconds / sent,
            Database = session.Engine.IsPostgres ? rounds.Used[1].TotalMilliseconds / sent : null,
            Limit = Median(rounds.Limit, points),
            Goal = goal,
            Note = Note.Of($"rounds {Row.Text(rounds.Server.Min(r => r.PerSecond) * points)} to {Row.Text(rounds.Server.Max(r => r.PerSecond) * points)}; {server.ResidentBytes / 1e6:0} MB resident at the end"),
        });
        Check(target, sent * points);
    }

    private static double Median(IReadOnlyList<Window> windows, int points) => Session.Percentile(windows.Select(w => w.PerSecond * points), 0.5);

    /// <summary>Every point that was acknowledged is counted by the server.</summary>
    private static void Check(TrackingTarget target, long points)
    {
        using var connection = target.Connect();
        var kept = target.Runs.Sum(run => Answers.Count(connection, run));
        Session.Expect(kept == points, $"{kept} of {points} points are there");
    }
}
