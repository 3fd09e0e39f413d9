using System.Net.Sockets;
using Runstone.Load;
using Runstone.Load.Http;
using Runstone.Protocol;

namespace Runstone.MetricsBench.Lines;

/// <summary>A server that is killed while clients write, and started again on what it left.</summary>
internal static class Restart
{
    private const int Clients = 4;
    private const int PointsOfBatch = 5000;
    private const string Key = "loss";

    // Nothing is sealed, so that all points are in the log when the server dies.
    private static readonly string[] Unsealed = ["--seal-points", "16777216", "--seal-workers", "0"];

    public static void Run(Session session)
    {
        var points = session.Options.Size(1_000_000, 40_000);
        var (ready, empty, kept) = (new List<double>(), new List<double>(), new List<long>());
        for (var round = 0; round < session.Options.Rounds; round++)
        {
            using (var fresh = session.Engine.NewPlace())
            {
                session.Start(fresh, Unsealed).Dispose();
                using var server = session.Start(fresh, Unsealed);
                empty.Add(server.StartTime.TotalMilliseconds);
            }

            using var place = session.Engine.NewPlace();
            var acknowledged = WriteAndKill(session, place, points);
            using var again = session.Start(place, Unsealed);
            ready.Add(again.StartTime.TotalMilliseconds);
            Check(again, acknowledged);
            kept.Add(acknowledged.Values.Sum());
        }

        session.Page.Add(new Row("restart", Note.Of($"from the start after kill -9 with {points:N0} unsealed points to /health/ready"), Session.Percentile(ready, 0.5), "ms")
        {
            P50 = Session.Percentile(ready, 0.5),
            P95 = ready.Max(),
            Limit = Session.Percentile(empty, 0.5),
            Goal = Goal.Most(2000),
            Note = Note.Of($"{ready.Count} times; {kept.Sum():N0} acknowledged points, all there; the limit is a start with nothing to recover"),
        });
    }

    /// <summary>Points acknowledged before the server was killed, by run.</summary>
    private static Dictionary<string, long> WriteAndKill(Session session, Place place, int points)
    {
        var server = session.Start(place, Unsealed);
        var target = new TrackingTarget([server.Address]);
        var (counts, total, killed, error) = (new long[Clients], 0L, false, (Exception?)null);
        string[] runs;
        using (var connection = target.Connect())
            runs = [.. Enumerable.Range(0, Clients).Select(_ => target.NewRun(connection).RunId)];
        using var enough = new ManualResetEventSlim();
        var threads = Enumerable.Range(0, Clients).Select(i => new Thread(() => Write(i))).ToArray();
        foreach (var thread in threads)
            thread.Start();
        enough.Wait(TimeSpan.FromSeconds(60));
        Volatile.Write(ref killed, true);
        server.Dispose();
        foreach (var thread in threads)
            thread.Join();
        if (error is not null)
            throw new InvalidOperationException(error.Message, error);
        Session.Expect(total >= points, $"only {total} points were written in a minute");
        return runs.Zip(counts).ToDictionary(p => p.First, p => p.Second, StringComparer.Ordinal);

        void Write(int client)
        {
            try
            {
                using var connection = target.Connect();
                var writer = new MetricBatchWriter();
                for (var sequence = 0; sequence < 10 * points / PointsOfBatch; sequence++)
                {
                    writer.Clear();
                    writer.Add(Batch(runs[client], sequence));
                    Memory.Post(connection, writer.Written);
                    counts[client] += PointsOfBatch;
                    if (Interlocked.Add(ref total, PointsOfBatch) >= points)
                        enough.Set();
                }
            }
            catch (Exception e) when (e is SocketException or InvalidOperationException)
            {
                if (!Volatile.Read(ref killed))
                    error = e;
                enough.Set();
            }
        }
    }

    /// <summary>The value of a point is its step.</summary>
    private static MetricBatchColumns Batch(string run, int sequence)
    {
        long[] steps = [.. Enumerable.Range(0, PointsOfBatch).Select(i => ((long)sequence * PointsOfBatch) + i)];
        long[] times = [.. steps.Select(s => 1_764_000_000_000 + s)];
        double[] values = [.. steps.Select(s => (double)s)];
        return new MetricBatchColumns
        {
            RunId = run,
            Source = "restart",
            Sequence = sequence,
            Keys = [Key],
            Key = new int[PointsOfBatch],
            Steps = steps,
            Times = times,
            Values = values,
        };
    }

    private static void Check(ServerProcess server, Dictionary<string, long> acknowledged)
    {
        using var connection = new Connection(server.Address);
        foreach (var (run, count) in acknowledged)
        {
            connection.Send(Answers.Request("GET", $"/api/v1/runs/{run}/metrics/history?key={Key}", Answers.PointsType));
            var (points, sum) = Answers.Points(connection.Body);
            Session.Expect(points == count || points == count + PointsOfBatch, $"{points} points of run {run}, {count} were acknowledged");
            Session.Expect(sum.Equals(points * (points - 1) / 2.0), $"the sum of the points of run {run} is {sum}");
        }
    }
}
