using CsCheck;
using Runstone.Core.Metrics;
using Runstone.Core.Metrics.Chunks;
using Runstone.Core.Metrics.Reading;

namespace Runstone.Core.Tests.Metrics.Reading;

public sealed class SeriesSweepTests
{
    [Fact]
    public void All_points_come_once_in_the_order_asked_for()
    {
        Gen.Select(SealedSeries.Of(3000), Gen.Bool, Gen.Int[1, 700]).Sample((series, byTime, block) =>
        {
            var order = byTime ? SeriesOrder.Time : SeriesOrder.Step;
            var expected = Enumerable.Range(0, series.All.Count).Select(i => new SweepKey(series.All[i], 0)).ToArray();
            Array.Sort(expected, (a, b) => a.CompareTo(b, order));

            var (points, _) = Sweep(series, order, block);

            Assert.Equal(expected.Select(e => Identity(e.Point)), points.Select(Identity));
        });
    }

    [Fact]
    public void Arrival_is_the_order_of_ranks()
    {
        Gen.Select(SealedSeries.Of(3000), Gen.Int).Sample((series, seed) =>
        {
            var (points, ranks) = (new SeriesPoints(), Enumerable.Range(0, series.All.Count).Select(i => (long)i).ToArray());
            new Random(seed).Shuffle(ranks);
            for (var i = 0; i < ranks.Length; i++)
                points.Add(series.All[i], ranks[i]);
            var cut = SealedSeries.Cut(points, new Random(seed), 0, 300, rollups: true);

            var (arrived, _) = Sweep(cut, SeriesOrder.Arrival, 100);

            Assert.Equal(ranks.Select((r, i) => (r, i)).Order().Select(p => Identity(series.All[p.i])), arrived.Select(Identity));
        });
    }

    [Fact]
    public void What_is_held_is_the_overlap()
    {
        var points = new SeriesPoints();
        for (var i = 0; i < 100_000; i++)
            points.Add(new SeriesPoint(new Step(i / 5), i, i), i);

        foreach (var order in Enum.GetValues<SeriesOrder>())
        {
            var (all, held) = Sweep(SealedSeries.Cut(points, new Random(1), 0, 1000, rollups: false), order, 256);

            Assert.Equal(100_000, all.Count);
            Assert.InRange(held, 1, 1000);
        }
    }

    private static (List<SeriesPoint> Points, int Held) Sweep(SealedSeries series, SeriesOrder order, int block)
    {
        var (sweep, points, held, into) = (new SeriesSweep(order), new List<SeriesPoint>(), 0, new SeriesPoint[block]);
        var chunks = series.Chunks.ToArray();
        Array.Sort(chunks, (a, b) => SweepKey.LeastOf(a, order).CompareTo(SweepKey.LeastOf(b, order), order));
        series.Loose.SortByStep();
        sweep.Add(series.Loose);
        for (var i = 0; i <= chunks.Length; i++)
        {
            if (i < chunks.Length)
                sweep.Add(series.Points(chunks[i]));
            held = Math.Max(held, sweep.Held);
            while (sweep.Take(i + 1 < chunks.Length ? SweepKey.LeastOf(chunks[i + 1], order) : null, into) is var taken and > 0)
                points.AddRange(into.AsSpan(0, taken));
        }

        Assert.Equal(0, sweep.Held);
        return (points, held);
    }

    private static (Step Step, long Time, ulong Bits) Identity(SeriesPoint point) => (point.Step, point.Time, BitConverter.DoubleToUInt64Bits(point.Value));
}
