using System.Text.Json;
using Runstone.Core.Metrics;
using Runstone.Load;
using Runstone.Load.Http;
using Runstone.Protocol;

namespace Runstone.MetricsBench.Lines;

/// <summary>Drawings, in the process that has the store open, and over HTTP.</summary>
internal static class Drawing
{
    private const string Frames = "/api/v1/metrics/frames";
    private const int Pixels = 1000;

    /// <summary>One long series.</summary>
    public static async Task RunAsync(Session session)
    {
        var longs = await session.LongAsync();
        await using (var store = await longs.Place.OpenAsync())
        {
            foreach (var (run, series) in longs.All)
                InStore(session, store.Metrics, run, series);
        }

        using var server = session.Start(longs.Place);
        using var limits = Session.StartLimits(longs.Place);
        using var connection = new Connection(server.Address);
        using var bare = new Connection(limits.Address);
        foreach (var (run, series) in longs.All)
        {
            var isMiddle = ReferenceEquals(series, longs.Middle.Series);
            foreach (var axis in isMiddle ? (string[])["step", "time", "relative"] : ["step"])
            {
                var body = JsonSerializer.Serialize(new { series = new[] { new { runId = run, key = LongSeries.Key } }, axis, buckets = Pixels });
                Check(connection, body, series, axis);
                OverHttp(session, server, connection, bare, "draw", Note.Of($"1,000 px of {series.Count:N0} points by {axis}, HTTP, bytes"), body, Answers.FramesType,
                    isMiddle ? Goal.Most(5) : null);
            }

            if (isMiddle)
            {
                OverHttp(session, server, connection, bare, "draw", Note.Of($"1,000 px of {series.Count:N0} points by step, HTTP, JSON"),
                    JsonSerializer.Serialize(new { series = new[] { new { runId = run, key = LongSeries.Key } }, buckets = Pixels }), "application/json", null);
            }
        }
    }

    /// <summary>Many series of one chart.</summary>
    public static async Task ManyAsync(Session session)
    {
        var (runs, points) = (session.Options.Size(100, 20), session.Options.Size(10_000, 1_000));
        using var place = session.Engine.NewPlace();
        var series = Enumerable.Range(0, runs).Select(i => Series.Loss(LongSeries.Key, points, i)).ToArray();
        string[] ids;
        await using (var store = await place.OpenAsync())
        {
            var filler = await Filler.BeginAsync(store);
            ids = await filler.RunsAsync(series);
            await filler.SealAsync();
            var queries = ids.Select(id => new FrameQuery(id, LongSeries.Key, FrameAxis.Step, Pixels / 2)).ToArray();
            session.Page.Add(session.Time("many", Note.Of($"{runs} runs x {points:N0} points, 500 px each, in the store"), Own(session), () => Wait(store.Metrics.DrawAsync(queries, default))) with { Goal = Goal.Most(50) });
        }

        using var server = session.Start(place);
        using var limits = Session.StartLimits(place);
        using var connection = new Connection(server.Address);
        using var bare = new Connection(limits.Address);
        foreach (var pixels in (int[])[Pixels / 2, Pixels])
        {
            var body = JsonSerializer.Serialize(new { runIds = ids, keys = (string[])[LongSeries.Key], buckets = pixels });
            CheckAll(connection, body, series);
            OverHttp(session, server, connection, bare, "many", Note.Of($"{runs} runs x {points:N0} points, {pixels} px each, HTTP, bytes"), body, Answers.FramesType, Goal.Most(50));
        }
    }

    /// <summary>Times a request for an answer of this type, each followed by the same bytes from the bare server.</summary>
    public static void OverHttp(
        Session session, ServerProcess server, Connection connection, Connection bare, string line, string what, string body, string type, Goal? goal, string path = Frames)
    {
        var request = Answers.Request("POST", path, type, body);
        connection.Send(request);
        var bytes = connection.Body.Length;
        var row = session.Time(line, what, () => session.Used(server), () => connection.Send(request), Session.Answer(bare, bytes));
        session.Page.Add(row with { Goal = goal, Note = Note.Of($"{row.Note}, {bytes / 1024.0:N0} KiB") });
    }

    /// <summary>What this process used, and the database.</summary>
    public static Func<TimeSpan[]> Own(Session session) => () => [Environment.CpuUsage.TotalTime, session.Engine.DatabaseTime];

    public static T Wait<T>(Task<T> task) => task.GetAwaiter().GetResult();

    private static void InStore(Session session, IMetricStore metrics, string run, Series series)
    {
        FrameAxis[] axes = series.Count == 1_000_000 ? [FrameAxis.Step, FrameAxis.Time, FrameAxis.RelativeTime] : [FrameAxis.Step];
        foreach (var axis in axes)
        {
            FrameQuery[] query = [new FrameQuery(run, LongSeries.Key, axis, Pixels)];
            var frame = Wait(metrics.DrawAsync(query, default))[0];
            Check(series, frame.Points, frame.First, frame.Last, frame.Min, frame.Max, frame.Count);
            var row = session.Time("draw", Note.Of($"1,000 px of {series.Count:N0} points by {axis.ToString().ToLowerInvariant()}, in the store"), Own(session), () => Wait(metrics.DrawAsync(query, default)));
            session.Page.Add(row with { Goal = axes.Length > 1 ? Goal.Most(5) : null });
        }
    }

    private static void Check(Connection connection, string body, Series series, string axis)
    {
        connection.Send(Requests.Build("POST", Frames, body));
        var frame = JsonSerializer.Deserialize(connection.Body, RunstoneJson.Default.FramesResponse)!.Frames[0];
        Check(series, frame.Points, frame.First!, frame.Last, frame.Min!, frame.Max!, frame.Count!);
        Session.Expect(frame.X[0].Equals(axis is "time" ? series.Times[0] : 0.0), $"the first x by {axis} is {frame.X[0]}");
    }

    private static void CheckAll(Connection connection, string body, Series[] series)
    {
        connection.Send(Requests.Build("POST", Frames, body));
        var frames = JsonSerializer.Deserialize(connection.Body, RunstoneJson.Default.FramesResponse)!.Frames;
        Session.Expect(frames.Count == series.Length, $"{frames.Count} frames of {series.Length}");
        foreach (var (frame, drawn) in frames.Zip(series))
        {
            if (frame.Exact)
                Session.Expect(frame.Last.SequenceEqual(drawn.Values), $"an exact frame has other values");
            else
                Check(drawn, frame.Points, frame.First!, frame.Last, frame.Min!, frame.Max!, frame.Count!);
        }
    }

    /// <summary>Every bucket has exactly the figures of the points that it says it covers.</summary>
    private static void Check(Series series, long points, double[] first, double[] last, double[] min, double[] max, int[] count)
    {
        Session.Expect(points == series.Count && count.Sum() == points, $"{count.Sum()} of {series.Count} points are drawn");
        var at = 0;
        for (var i = 0; i < count.Length; at += count[i++])
        {
            var bucket = series.Values.AsSpan(at, count[i]);
            Session.Expect(first[i].Equals(bucket[0]) && last[i].Equals(bucket[^1]), $"first or last of bucket {i}");
            var (least, greatest) = (double.MaxValue, double.MinValue);
            foreach (var value in bucket)
                (least, greatest) = (Math.Min(least, value), Math.Max(greatest, value));
            Session.Expect(min[i].Equals(least) && max[i].Equals(greatest), $"least or greatest of bucket {i}");
        }
    }
}
