using System.Diagnostics;
using System.Text;
using Runstone.Load;
using Runstone.Load.Http;
using Runstone.Protocol;

namespace Runstone.MetricsBench.Lines;

/// <summary>Many runs that are written to in turn, each with many keys, and sealed while that goes on.</summary>
internal static class Memory
{
    private const int Clients = 8;
    private const int Rounds = 5;
    private const int PointsToSeal = 3000;
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(90);

    public static void Run(Session session)
    {
        var (runs, keys) = (session.Options.Size(1000, 20), session.Options.Size(1000, 100));
        using var place = session.Engine.NewPlace();
        using var server = session.Start(place, "--seal-points", Text.Of(PointsToSeal));
        var before = server.ResidentBytes;
        var target = new TrackingTarget([server.Address]);
        using (var connection = target.Connect())
        {
            for (var i = 0; i < runs; i++)
                target.NewRun(connection);
        }

        var ids = target.Runs.Order(StringComparer.Ordinal).ToArray();
        var names = Enumerable.Range(0, keys).Select(i => $"layer/{i / 10}/metric_{i % 10}").ToArray();
        var (started, written, used) = (Stopwatch.GetTimestamp(), 0, session.Used(server));
        for (var round = 0; round < Rounds && (round < 2 || Stopwatch.GetElapsedTime(started) < Most); round++, written++)
            Write(target, ids, names, round);
        var (seconds, after) = (Stopwatch.GetElapsedTime(started).TotalSeconds, session.Used(server));
        Check(target, ids, written, keys);
        var batches = (double)written * runs;
        session.Page.Add(new Row("memory", Note.Of($"greatest resident memory, {runs:N0} active runs x {keys:N0} keys, {written} points of each series, sealed from {PointsToSeal:N0} points of a run on"),
            server.PeakResidentBytes / 1e6, "MB")
        {
            Server = (after[0] - used[0]).TotalMilliseconds / batches,
            Database = session.Engine.IsPostgres ? (after[1] - used[1]).TotalMilliseconds / batches : null,
            Goal = Goal.Most(1000),
            Note = Note.Of($"{before / 1e6:0} MB before, {server.ResidentBytes / 1e6:0} MB at the end; {batches * keys / seconds:N0} points/s in batches of {keys:N0} keys, by {Clients} clients; processor times are of a batch, sealing included"),
        });
    }

    /// <summary>One point of every key to each run.</summary>
    private static void Write(TrackingTarget target, string[] runs, string[] keys, int step)
    {
        Parallel.For(0, Clients, new ParallelOptions { MaxDegreeOfParallelism = Clients }, client =>
        {
            using var connection = target.Connect();
            var (writer, random) = (new MetricBatchWriter(), new Random(client));
            int[] key = [.. Enumerable.Range(0, keys.Length)];
            long[] steps = [.. keys.Select(_ => (long)step)];
            long[] times = [.. keys.Select(_ => 1_764_000_000_000 + (step * 1000L))];
            for (var i = client; i < runs.Length; i += Clients)
            {
                double[] values = [.. keys.Select(_ => random.NextDouble())];
                writer.Clear();
                writer.Add(new MetricBatchColumns
                {
                    RunId = runs[i],
                    Source = "memory",
                    Sequence = step,
                    Keys = keys,
                    Key = key,
                    Steps = steps,
                    Times = times,
                    Values = values,
                });
                Post(connection, writer.Written);
            }
        });
    }

    /// <summary>Sends batches; throws when one of them is refused.</summary>
    public static void Post(Connection connection, ReadOnlyMemory<byte> body)
    {
        var head = Encoding.UTF8.GetBytes(
            $"POST /api/v1/metrics/batches HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {MetricBatchFormat.MediaType}\r\nContent-Length: {Text.Of(body.Length)}\r\n\r\n");
        connection.Exchange(head, body.Span, keepBody: true);
        if (connection.Status != 200 || connection.Body.IndexOf("\"error\""u8) >= 0)
            throw new InvalidOperationException($"The server answered {connection.Status}: {Encoding.UTF8.GetString(connection.Body)}");
    }

    private static void Check(TrackingTarget target, string[] runs, int rounds, int keys)
    {
        using var connection = target.Connect();
        foreach (var run in runs.Where((_, i) => i % 50 == 0))
        {
            var kept = Answers.Count(connection, run);
            Session.Expect(kept == (long)rounds * keys, $"{kept} of {rounds * keys} points of run {run}");
        }
    }
}
