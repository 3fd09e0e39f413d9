using CsCheck;
using Runstone.Core.Ingest;
using Runstone.Core.Metrics;

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
