using Runstone.Core.Ingest;
using Runstone.Core.Metrics;

namespace Runstone.Server.Tests.Mlflow;

/// <summary>What is allocated is counted for the whole process, so nothing else runs meanwhile.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class MeasuredAlone
{
    public const string Name = "measured alone";
}

/// <summary>Samples of series of which not all points are kept between the two looks.</summary>
[Collection(MeasuredAlone.Name)]
public sealed class LongHistoryTests
{
    private const int Row = 262_143;
    private const int Long = 6 * Row;

    [Fact]
    public async Task A_sample_of_more_points_than_are_kept_is_what_a_plain_computation_says()
    {
        await using var api = await MlflowApi.StartAsync();
        string[] runs = [await api.CreateRunAsync(), await api.CreateRunAsync(), await api.CreateRunAsync()];
        var series = new Dictionary<string, long[]>(StringComparer.Ordinal)
        {
            [runs[0]] = [.. Enumerable.Range(0, 4000).Select(i => 31L + (i * 97L))],
            [runs[1]] = [.. Enumerable.Range(5, Long).Select(i => (long)i)],
            [runs[2]] = [.. Enumerable.Range(0, 500).Select(i => 3L * Long + (i % 7 * 5L))],
        };
        foreach (var (run, steps) in series)
            await LogAsync(api.Server, run, steps);

        var query = $"metrics/get-history-bulk-interval?{string.Join('&', runs.Select(r => "run_ids=" + r))}&metric_key=m&max_results=1000";
        await api.GetAsync(query);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        var answer = (await api.GetAsync(query))["metrics"]!.AsArray();
        var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;

        var chosen = Sample(series.Values, 1000);
        var expected = series.SelectMany(s => s.Value.Order().Where(chosen.Contains).Select(step => (s.Key, step, Value(step))));
        Assert.Equal(expected, answer.Select(p => ((string)p!["run_id"]!, (long)p["step"]!, (double)p["value"]!)));

        // All points of the long series are 32 bytes each; its chunks, decoded twice, and this answer are what is left.
        Assert.InRange(allocated / (double)Long, 0, 16);
    }

    /// <summary>Every n-th of the distinct steps of all runs, the last one, and the least and greatest of each run.</summary>
    private static HashSet<long> Sample(IEnumerable<long[]> runs, int most)
    {
        var all = runs.SelectMany(r => r).Distinct().Order().ToArray();
        var every = (double)all.Length / most;
        return [.. Enumerable.Range(0, most).Select(i => all[(int)(i * every)]), all[^1], .. runs.SelectMany(r => new[] { r.Min(), r.Max() })];
    }

    private static double Value(long step) => step % 1000 / 8.0;

    /// <summary>Logs past the JSON, which would take most of the time, and seals, as the server does with what is that long.</summary>
    private static async Task LogAsync(RunningServer server, string run, long[] steps)
    {
        var token = TestContext.Current.CancellationToken;
        var outcomes = new IngestOutcome[1];
        foreach (var part in steps.Chunk(Row))
        {
            var points = part.Select((s, i) => new MetricPoint(0, new Step(s), i, Value(s))).ToArray();
            await server.Get<IIngestStore>().CommitAsync([new IngestBatch(run) { Metrics = new MetricBatch(["m"], points) }], outcomes, 1_700_000_000_000, token);
            Assert.Null(outcomes[0].Error);
        }

        var seals = server.Get<ISealStore>();
        foreach (var unsealed in await seals.ListUnsealedAsync(1, 0, 0, 10, token))
        {
            while ((await seals.SealAsync(unsealed.RunNo, new SealOptions(), token)).More)
            {
                // A pass takes one row of the log.
            }
        }
    }
}
