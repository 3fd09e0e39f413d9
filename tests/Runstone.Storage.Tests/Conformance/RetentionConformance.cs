using Microsoft.Extensions.Time.Testing;
using Runstone.Core.Ingest;
using Runstone.Core.Metrics;
using Runstone.Core.Runs;

namespace Runstone.Storage.Tests.Conformance;

/// <summary>Which points retention lets go on every engine.</summary>
public abstract class RetentionConformance : StoreConformance
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.FromUnixTimeMilliseconds(Now));

    [Fact]
    public async Task Points_go_when_their_run_is_too_old()
    {
        await FillAsync(0, 3);
        var keep = new RetentionOptions { Age = TimeSpan.FromDays(10) };
        Assert.Equal(0, (await RunAsync(keep)).Runs);
        _time.Advance(TimeSpan.FromDays(10));
        Assert.Equal(0, (await RunAsync(keep)).Runs);
        _time.Advance(TimeSpan.FromMinutes(1));
        var found = await new Retention(Store.Erasures, _time).RunAsync(keep, apply: false, null, Token);
        Assert.Equal((false, 3, 300), (found.Applied, found.Runs, found.Points));
        Assert.Equal(300, (await Store.Erasures.MeasureAsync(Token)).Points);

        var gone = await RunAsync(keep);
        Assert.Equal((true, 3, 300, found.Bytes), (gone.Applied, gone.Runs, gone.Points, gone.Bytes));
        Assert.All(gone.List, r => Assert.Equal("retention: not written to for 10 days", r.Reason));
        Assert.Equal(new MetricSize(0, 0), await Store.Erasures.MeasureAsync(Token));
        Assert.Equal(0, (await RunAsync(keep)).Runs);
        Assert.Equal(3, (await Store.Erasures.ListAsync(["run-0", "run-1", "run-2"], Token)).Count);
    }

    [Fact]
    public async Task The_oldest_go_until_the_rest_fits_and_the_last_hour_stays()
    {
        await FillAsync(0, 250);
        var size = await Store.Erasures.MeasureAsync(Token);
        var keep = new RetentionOptions { Bytes = size.Bytes * 9 / 10 };
        Assert.Equal((0, size.Bytes - keep.Bytes!.Value), ((await RunAsync(keep)).Runs, (await RunAsync(keep)).ExcessBytes));
        _time.Advance(TimeSpan.FromHours(2));
        var report = await RunAsync(keep);
        Assert.InRange(report.Runs, 24, 26);
        Assert.Equal((0, "run-0"), (report.ExcessBytes, report.List[0].RunId));
        Assert.InRange((await Store.Erasures.MeasureAsync(Token)).Bytes, keep.Bytes.Value - (size.Bytes / 100), keep.Bytes.Value);
        Assert.Equal(100, (await SeriesAsync("run-249", "m")).Count);

        var rest = await RunAsync(new RetentionOptions { Bytes = 1 });
        Assert.Equal((250 - report.Runs, 0), (rest.Runs, rest.ExcessBytes));
    }

    private Task<RetentionReport> RunAsync(RetentionOptions options) => new Retention(Store.Erasures, _time).RunAsync(options, apply: true, null, Token);

    private async Task FillAsync(int from, int count)
    {
        for (var i = from; i < from + count; i++)
        {
            await WriteAsync(Create($"run-{i}") with
            {
                Metrics = new MetricBatch(["m"], Enumerable.Range(0, 100).Select(s => new MetricPoint(0, new Step(s), s, s)).ToArray()),
            });
            await WriteAsync(new IngestBatch($"run-{i}") { Patch = new RunPatch { Status = RunStatus.Finished } });
        }
    }
}
