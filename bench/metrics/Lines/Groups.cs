using System.Text.Json;
using Runstone.Core.Metrics;
using Runstone.Load.Http;
using Runstone.Protocol;

namespace Runstone.MetricsBench.Lines;

/// <summary>Mean and deviation over many runs.</summary>
internal static class Groups
{
    private const double Tolerance = 1e-9;

    public static async Task RunAsync(Session session)
    {
        var (runs, points) = (session.Options.Size(1000, 50), session.Options.Size(1000, 100));
        using var place = session.Engine.NewPlace();
        var series = Enumerable.Range(0, runs).Select(i => Series.Loss(LongSeries.Key, points, i)).ToArray();
        var naive = session.Time("groups", "", () => [Environment.CpuUsage.TotalTime, default], () => Naive(series));
        string[] ids;
        await using (var store = await place.OpenAsync())
        {
            var filler = await Filler.BeginAsync(store);
            ids = await filler.RunsAsync(series);
            var sealing = await filler.SealAsync();
            Console.WriteLine(Note.Of($"{runs} runs sealed in {sealing.Wall.TotalSeconds:0.0} s, {sealing.Processor.TotalSeconds:0.0} s of processor time"));
            var query = new GroupQuery([ids], LongSeries.Key, FrameAxis.Step, points);
            var row = session.Time("groups", Note.Of($"mean and deviation of {runs:N0} runs x {points:N0} points, {points:N0} buckets, in the store"), Drawing.Own(session),
                () => Drawing.Wait(store.Metrics.AggregateAsync(query, default)));
            session.Page.Add(row with { Goal = Goal.Most(300), Limit = naive.Figure, Note = $"{row.Note}; the limit is a loop over the same values in memory" });
        }

        using var server = session.Start(place);
        using var limits = Session.StartLimits(place);
        using var connection = new Connection(server.Address);
        using var bare = new Connection(limits.Address);
        foreach (var buckets in (int[])[points, points / 4])
        {
            var body = JsonSerializer.Serialize(new { groups = new[] { new { runIds = ids } }, key = LongSeries.Key, buckets });
            connection.Send(Requests.Build("POST", "/api/v1/metrics/groups", body));
            Check(JsonSerializer.Deserialize(connection.Body, RunstoneJson.Default.GroupsResponse)!, series, buckets);
            Drawing.OverHttp(session, server, connection, bare, "groups", Note.Of($"mean and deviation of {runs:N0} runs x {points:N0} points, {buckets:N0} buckets, HTTP, JSON"),
                body, "application/json", Goal.Most(300), "/api/v1/metrics/groups");
        }
    }

    /// <summary>Mean and sum of squared deviations of every step, by two passes.</summary>
    private static (double Mean, double Squares)[] Naive(Series[] series)
    {
        var result = new (double Mean, double Squares)[series[0].Count];
        foreach (var one in series)
        {
            for (var i = 0; i < result.Length; i++)
                result[i].Mean += one.Values[i] / series.Length;
        }

        foreach (var one in series)
        {
            for (var i = 0; i < result.Length; i++)
                result[i].Squares += (one.Values[i] - result[i].Mean) * (one.Values[i] - result[i].Mean);
        }

        return result;
    }

    private static void Check(GroupsResponse answer, Series[] series, int buckets)
    {
        var group = answer.Groups[0];
        Session.Expect(group.Drawn == series.Length && group.Mean.Length == buckets, $"{group.Drawn} runs in {group.Mean.Length} of {buckets} buckets");
        Session.Expect(group.Count.All(c => c == series.Length), $"a bucket lacks runs");
        if (buckets != series[0].Count)
            return;
        foreach (var ((mean, squares), i) in Naive(series).Select((n, i) => (n, i)))
        {
            var deviation = Math.Sqrt(squares / (series.Length - 1));
            Session.Expect(Math.Abs(group.Mean[i] - mean) <= Tolerance * mean, $"the mean of bucket {i} is {group.Mean[i]}, not {mean}");
            Session.Expect(Math.Abs(group.Deviation[i] - deviation) <= Tolerance * mean, $"the deviation of bucket {i} is {group.Deviation[i]}, not {deviation}");
        }
    }
}
