using CsCheck;
using Runstone.Core.Ingest;
using Runstone.Core.Metrics;
using Runstone.Core.Metrics.Frames;

namespace Runstone.Storage.Tests.Conformance;

/// <summary>What every engine promises of the figures of groups.</summary>
public abstract class GroupConformance : StoreConformance
{
    private int _round;

    [Fact]
    public async Task Groups_are_what_a_plain_computation_says()
    {
        await GroupCase.Gen.SampleAsync(CheckAsync, iter: 25, threads: 1);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData(20.0, 75.0)]
    public async Task Groups_are_drawn_over_another_metric(double? from, double? to)
    {
        double[][] x = [new double[300], new double[900], new double[400]];
        for (var run = 0; run < x.Length; run++)
        {
            x[run] = [.. x[run].Select((_, step) => step % 50 == 7 ? double.NaN : Math.Sin(step + run) * 100)];
            await WriteAsync(new IngestBatch($"j{run}") { Create = new NewRun(0) { Name = "x" } });
            await LogJoinedAsync($"j{run}", x[run], 0, 200);
            await SealAsync($"j{run}");
            await LogJoinedAsync($"j{run}", x[run], 200, x[run].Length);
        }

        await WriteAsync(new IngestBatch("lacks") { Create = new NewRun(0) { Name = "x" }, Metrics = Points(("m", 0, 0, 1e9)) });
        string[][] groups = [["j0", "lacks", "j1", "j1"], ["j2", "j0"], ["lacks"]];
        var answer = await Store.Metrics.AggregateAsync(new GroupQuery(groups, "m", FrameAxis.Metric, 12, from, to) { XKey = "x" }, Token);

        // x is logged at even steps; m is the step.
        var joined = x.Select(run => run.Select((at, step) => (X: at, M: (double)step)).Where(p => p.M % 2 == 0 && double.IsFinite(p.X) && !(p.X < from) && !(p.X > to)).ToArray()).ToArray();
        var scale = new FrameScale(from ?? joined.Min(r => r.Min(p => p.X)), to ?? joined.Max(r => r.Max(p => p.X)), 12);
        Assert.Equal((scale.From, scale.To, "2 2 0"), (answer.From, answer.To, string.Join(' ', answer.Groups.Select(g => g.Runs))));
        var used = Enumerable.Range(0, 12).Where(b => joined.Any(r => r.Any(p => scale.BucketOf(p.X) == b))).ToArray();
        Assert.Equal(used.Select(b => joined.Min(r => r.Where(p => scale.BucketOf(p.X) == b).Min(p => (double?)p.X))!.Value), answer.X);
        for (var at = 0; at < used.Length; at++)
        {
            var first = new[] { joined[0], joined[1] }.Select(r => r.Where(p => scale.BucketOf(p.X) == used[at]).Select(p => p.M).ToArray()).Where(r => r.Length > 0).ToArray();
            Assert.Equal(first.Length, answer.Groups[0].Count[at]);
            Assert.Equal(first.Average(r => r.Average()), answer.Groups[0].Mean[at], 1e-9);
            Assert.Equal((first.Min(r => r.Min()), first.Max(r => r.Max())), (answer.Groups[0].Min[at], answer.Groups[0].Max[at]));
            Assert.Equal(0, answer.Groups[2].Count[at]);
        }

        var none = await Store.Metrics.AggregateAsync(new GroupQuery(groups, "m", FrameAxis.Metric, 12) { XKey = "nobody logs it" }, Token);
        Assert.Empty(none.X);
    }

    private async Task LogJoinedAsync(string run, double[] x, int from, int to)
    {
        var points = Enumerable.Range(from, to - from).Select(s => new MetricPoint(0, new Step(s), 1000 + s, s))
            .Concat(Enumerable.Range(from, to - from).Where(s => s % 2 == 0).Select(s => new MetricPoint(1, new Step(s), 1000 + s, x[s]))).ToArray();
        await WriteAsync(new IngestBatch(run) { Metrics = new MetricBatch(["m", "x"], points) });
    }

    private async Task CheckAsync(GroupCase test)
    {
        var round = _round++;
        for (var i = 0; i < test.Runs.Length; i++)
        {
            var (start, points, isSealed) = test.Runs[i];
            await WriteAsync(new IngestBatch($"r{round}-{i}") { Create = new NewRun(0) { StartTime = start, Name = "x" } });
            await LogAsync($"r{round}-{i}", points[..isSealed]);
            await SealAsync($"r{round}-{i}");
            await LogAsync($"r{round}-{i}", points[isSealed..]);
        }

        string[][] groups = [.. test.Groups.Select(g => g.Select(r => $"r{round}-{r}").ToArray())];
        test.Check(await Store.Metrics.AggregateAsync(new GroupQuery(groups, "m", test.Axis, test.Buckets, test.From, test.To), Token));
    }

    private async Task LogAsync(string run, SeriesPoint[] points)
    {
        if (points.Length > 0)
            await WriteAsync(new IngestBatch(run) { Metrics = new MetricBatch(["m"], (MetricPoint[])[.. points.Select(p => new MetricPoint(0, p.Step, p.Time, p.Value))]) });
    }
}
