using Runstone.Core.Errors;
using Runstone.Core.Ingest;
using Runstone.Core.Metrics;

namespace Runstone.Storage.Tests.Conformance;

/// <summary>What every engine promises of reads while much is not sealed, and of how much it allocates for them.</summary>
[Collection(MeasuredAlone.Name)]
public abstract class LongLogConformance : StoreConformance
{
    private const int Row = ArrivalRank.MaxRowPoints;

    /// <summary>The most bytes that are allocated for a point of a batch of 1,000 points of 100 keys, from the batch to the commit.</summary>
    protected abstract double MostBytesWritten { get; }

    [Fact]
    public async Task A_long_log_is_read_in_turns()
    {
        const int Count = (2 * Row) + 20_000;
        await WriteAsync(Create("r1"));
        await LogAsync("r1", Count, i => new MetricPoint(0, new Step((long)i * 7919 % Count), i, i));

        foreach (var order in new[] { SeriesOrder.Step, SeriesOrder.Time, SeriesOrder.Arrival })
        {
            var at = 0;
            await foreach (var block in Store.Metrics.ReadAsync(new SeriesQuery("r1", "m") { Order = order }, Token))
            {
                foreach (var point in block.Span)
                {
                    if ((order == SeriesOrder.Step ? point.Step.Whole : point.Time) != at || point.Step.Whole != (long)point.Value * 7919 % Count)
                        Assert.Fail($"{point} is number {at} in the order of {order}.");
                    at++;
                }
            }

            Assert.Equal(Count, at);
        }
    }

    [Fact]
    public async Task A_run_with_too_long_a_log_is_drawn_once_it_is_sealed()
    {
        const int Count = MetricService.MaxTailPoints + 1;
        await WriteAsync(Create("r1"));
        await LogAsync("r1", Count, i => new MetricPoint(0, new Step(i), i, 1));
        FrameQuery draw = new("r1", "m", FrameAxis.Step, 100);
        foreach (var call in new Func<Task>[]
        {
            () => Store.Metrics.DrawAsync([draw], Token), () => Store.Metrics.AggregateAsync(new GroupQuery([["r1"]], "m", FrameAxis.Step, 10), Token),
            () => SeriesAsync("r1", "m", SeriesOrder.Arrival),
        })
        {
            var error = (await Assert.ThrowsAsync<RunstoneException>(call)).Error;
            Assert.Equal(ErrorCode.TooLarge, error.Code);
            Assert.Contains("2000000 points", error.Message, StringComparison.Ordinal);
            Assert.Contains("run r1", error.Message, StringComparison.Ordinal);
        }

        await SealAsync("r1");
        Assert.Equal(Count, (await Store.Metrics.DrawAsync([draw], Token))[0].Points);
    }

    [Fact]
    public async Task Logs_of_many_runs_are_drawn_run_by_run()
    {
        const int Runs = 4;
        for (var r = 0; r < Runs; r++)
        {
            await WriteAsync(Create($"r{r}"));
            await WriteAsync(new IngestBatch($"r{r}") { Metrics = new MetricBatch(["m", "x"], (MetricPoint[])[.. Enumerable.Range(0, Row).Select(i => new MetricPoint(0, new Step(i), i, i + r)), new MetricPoint(1, new Step(5), 5, 7)]) });
        }

        string[] runs = [.. Enumerable.Range(0, Runs).Select(r => $"r{r}")];
        FrameQuery[] queries = [.. runs.Select(r => new FrameQuery(r, "m", FrameAxis.Step, 64)), .. runs.Select(r => new FrameQuery(r, "m", FrameAxis.Metric, 64) { XKey = "x" })];
        await Store.Metrics.DrawAsync(queries, Token);
        var before = GC.GetTotalAllocatedBytes(precise: true);

        var frames = await Store.Metrics.DrawAsync(queries, Token);

        // Columns of 32 bytes a point that double as they grow, and once more for the copy that is sorted for the other axis.
        Assert.InRange((GC.GetTotalAllocatedBytes(precise: true) - before) / (Runs * Row), 1, 220);
        for (var r = 0; r < Runs; r++)
        {
            Assert.Equal((Row, 64, r, Row - 1 + r), (frames[r].Points, frames[r].X.Length, frames[r].Min[0], frames[r].Max[^1]));
            Assert.Equal((true, 7, 5 + r), (frames[Runs + r].Exact, frames[Runs + r].X[0], frames[Runs + r].Last[0]));
        }

        var groups = await Store.Metrics.AggregateAsync(new GroupQuery([runs, runs[..1]], "m", FrameAxis.Step, 64), Token);
        Assert.Equal([Runs, 1], groups.Groups.Select(g => g.Runs));
        Assert.Equal((0, Row - 1 + Runs - 1, Runs), (groups.Groups[0].Min[0], groups.Groups[0].Max[^1], groups.Groups[0].Count[7]));
        Assert.Equal((Runs - 1) / 2.0, groups.Groups[0].Mean[7] - groups.Groups[1].Mean[7], 1e-6);
    }

    [Fact]
    public async Task Sealing_and_drawing_allocate_in_proportion_to_what_they_hold()
    {
        await WriteAsync(Create("warm"));
        await WriteAsync(Create("r1"));
        foreach (var run in new[] { "warm", "r1" })
        {
            await WriteAsync(new IngestBatch(run) { Metrics = new MetricBatch(["m"], (MetricPoint[])[.. Enumerable.Range(0, Row).Select(i => new MetricPoint(0, new Step(i), 1000L * i, Math.Sin(i)))]) });
            var before = GC.GetTotalAllocatedBytes(precise: true);
            await SealAsync(run);
            if (run == "r1")
                Assert.InRange((GC.GetTotalAllocatedBytes(precise: true) - before) / (double)Row, 1, 400);
        }

        FrameQuery draw = new("r1", "m", FrameAxis.Step, 100);
        await Store.Metrics.DrawAsync([draw], Token);
        var drawn = GC.GetTotalAllocatedBytes(precise: true);
        await Store.Metrics.DrawAsync([draw], Token);
        Assert.InRange((GC.GetTotalAllocatedBytes(precise: true) - drawn) / (double)Row, 0, 2);
    }

    [Fact]
    public async Task Writing_batches_allocates_little_a_point()
    {
        const int Keys = 100;
        const int Batches = 50;
        await WriteAsync(Create("r1"));
        string[] keys = [.. Enumerable.Range(0, Keys).Select(i => $"layer{i}/loss")];
        var points = new MetricPoint[1000];
        await LogAsync(10);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        await LogAsync(Batches);
        Assert.InRange((GC.GetTotalAllocatedBytes(precise: true) - before) / (double)(Batches * points.Length), 0, MostBytesWritten);

        async Task LogAsync(int batches)
        {
            for (var b = 0; b < batches; b++)
            {
                for (var i = 0; i < points.Length; i++)
                    points[i] = new MetricPoint(i % Keys, new Step((1000 * b) + i), i, i);
                await WriteAsync(new IngestBatch("r1") { Metrics = new MetricBatch(keys, points) });
            }
        }
    }

    private async Task LogAsync(string run, int count, Func<int, MetricPoint> point)
    {
        for (var from = 0; from < count; from += Row)
            await WriteAsync(new IngestBatch(run) { Metrics = new MetricBatch(["m"], (MetricPoint[])[.. Enumerable.Range(from, Math.Min(Row, count - from)).Select(point)]) });
    }
}
