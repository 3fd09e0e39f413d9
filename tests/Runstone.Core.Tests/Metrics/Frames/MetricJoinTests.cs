using Runstone.Core.Metrics;
using Runstone.Core.Metrics.Chunks;
using Runstone.Core.Metrics.Frames;

namespace Runstone.Core.Tests.Metrics.Frames;

public sealed class MetricJoinTests
{
    [Fact]
    public void Points_take_the_last_value_of_the_other_metric_at_their_step()
    {
        var x = Points((1, 5, 30), (1, 4, 99), (2, 0, 10), (3, 0, double.NaN), (5, 0, 20));
        var y = Points((1, 0, 1), (2, 0, 2), (2, 1, 2.5), (3, 0, 3), (4, 0, 4), (5, 0, 5));

        var frame = MetricJoin.Draw(x, y, 10, null, null, new FrameBuilder());

        Assert.True(frame.Exact);
        Assert.Equal([10, 10, 20, 30], frame.X);
        Assert.Equal([2, 2.5, 5, 1], frame.Last);
        Assert.Equal([20, 30], MetricJoin.Draw(x, y, 10, 20, 30, new FrameBuilder()).X);
    }

    [Fact]
    public void Many_points_are_put_into_buckets_of_the_other_metric()
    {
        var x = Points([.. Enumerable.Range(0, 1000).Select(i => ((long)i, 0L, (double)(i % 10)))]);
        var y = Points([.. Enumerable.Range(0, 1000).Select(i => ((long)i, 0L, (double)i))]);

        var frame = MetricJoin.Draw(x, y, 10, null, null, new FrameBuilder());

        Assert.Equal((false, 1000), (frame.Exact, frame.Points));
        Assert.Equal(Enumerable.Repeat(100, 10), frame.Count);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => (double)i), frame.First);
        Assert.Equal(Enumerable.Range(990, 10).Select(i => (double)i), frame.Last);
    }

    private static SeriesPoints Points(params (long Step, long Time, double Value)[] all)
    {
        var points = new SeriesPoints();
        foreach (var (step, time, value) in all)
            points.Add(new SeriesPoint(new Step(step), time, value), points.Count);
        points.SortByStep();
        return points;
    }
}
