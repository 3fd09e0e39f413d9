using CsCheck;
using Runstone.Core.Metrics;
using Runstone.Core.Metrics.Reading;
using Runstone.Core.Tests.Metrics.Chunks;

namespace Runstone.Core.Tests.Metrics.Reading;

public sealed class LeastPointsTests
{
    [Fact]
    public void Turn_after_turn_gives_every_point_once_in_order()
    {
        Gen.Select(ChunkGens.Series(400), Gen.Bool, Gen.Int[1, 60], Gen.Int).Sample((points, byTime, limit, seed) =>
        {
            var order = byTime ? SeriesOrder.Time : SeriesOrder.Step;
            int[] shuffled = [.. Enumerable.Range(0, points.Count), .. Enumerable.Range(0, points.Count / 3)];
            new Random(seed).Shuffle(shuffled);
            var expected = Enumerable.Range(0, points.Count).Select(i => new SweepKey(points[i], 0)).ToList();
            expected.Sort((a, b) => a.CompareTo(b, order));

            var (read, after) = (new List<SeriesPoint>(), (SweepKey?)null);
            do
            {
                var (least, sweep) = (new LeastPoints(new SeriesQuery("r", "m") { Order = order }, after, limit), new SeriesSweep(order));
                foreach (var i in shuffled)
                {
                    least.Add(points[i], i);
                    Assert.InRange(least.Points.Count, 0, 2 * limit);
                }

                least.Points.SortByStep();
                sweep.Add(least.Points);
                var block = new SeriesPoint[2 * limit];
                read.AddRange(block.AsSpan(0, sweep.Take(least.End, block)));
                after = least.End is null ? null : new SweepKey(read[^1], 0);
            }
            while (after is not null);

            Assert.Equal(expected.Select(e => e.Point.Step), read.Select(p => p.Step));
            Assert.Equal(expected.Select(e => BitConverter.DoubleToInt64Bits(e.Point.Value)), read.Select(p => BitConverter.DoubleToInt64Bits(p.Value)));
        });
    }
}
