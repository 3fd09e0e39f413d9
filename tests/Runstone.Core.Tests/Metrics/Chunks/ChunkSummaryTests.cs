using CsCheck;
using Runstone.Core.Metrics;
using Runstone.Core.Metrics.Chunks;

namespace Runstone.Core.Tests.Metrics.Chunks;

public sealed class ChunkSummaryTests
{
    [Fact]
    public void A_summary_tells_what_the_points_tell()
    {
        Gen.Select(ChunkGens.Series(2000), Gen.Int[0, 1_000_000]).Sample((points, at) =>
        {
            using var encoder = new ChunkEncoder();
            var start = at % points.Count;
            var count = points.Count - start;
            var summary = ChunkSummary.Read(encoder.Encode(points, start, count).Summary);

            Assert.Equal(count, summary.Count);
            AssertSame(points[start], summary.First);
            AssertSame(points[points.Count - 1], summary.Last);
            var times = points.Times[start..].ToArray();
            var ranks = points.Ranks[start..].ToArray();
            Assert.Equal((times.Min(), times.Max(), Ascends(times)), (summary.TimeMin, summary.TimeMax, summary.TimesAscend));
            Assert.Equal((ranks.Min(), ranks.Max(), Ascends(ranks)), (summary.RankMin, summary.RankMax, summary.RanksAscend));
            Assert.Equal((count + 255) / 256, summary.Blocks);
            for (var i = 0; i < summary.Blocks; i++)
            {
                var from = start + (i * 256);
                AssertBlock(points, from, Math.Min(256, points.Count - from), summary, i);
            }
        });
    }

    [Fact]
    public void A_rollup_tells_what_the_summaries_tell()
    {
        Gen.Select(ChunkGens.Series(600), Gen.Int[0, 1_000_000], Gen.Long[1, 1L << 40]).Array[1, 20].Sample(chunks =>
        {
            using var encoder = new ChunkEncoder();
            var all = chunks.Select((c, i) => (No: c.Item3 + i, Summary: ChunkSummary.Read(encoder.Encode(c.Item1, 0, c.Item1.Count).Summary))).ToList();

            var rollup = ChunkRollup.Read(ChunkRollup.Encode(all));

            Assert.Equal(all.Count, rollup.Chunks);
            Assert.Equal(all.Sum(c => c.Summary.Count), rollup.Points);
            for (var i = 0; i < all.Count; i++)
            {
                var (no, summary) = all[i];
                Assert.Equal((no, summary.Count, summary.TimesAscend), (rollup.Nos[i], rollup.Figures.Counts[i], rollup.TimesAscend[i]));
                AssertSame(summary.First, new SeriesPoint(rollup.Figures.Steps[i], rollup.Figures.Times[i], rollup.Figures.First[i]));
                AssertSame(summary.Last, new SeriesPoint(rollup.LastSteps[i], rollup.LastTimes[i], rollup.Figures.Last[i]));
                Assert.Equal(
                    (summary.TimeMin, summary.TimeMax, summary.RankMin, summary.RankMax),
                    (rollup.TimeMin[i], rollup.TimeMax[i], rollup.RankMin[i], rollup.RankMax[i]));
                AssertFigures(chunks[i].Item1.Values, rollup.Figures.FiniteCounts[i], rollup.Figures.Min[i], rollup.Figures.Max[i], rollup.Figures.Mean[i]);
            }
        });
    }

    [Theory]
    [InlineData(false, 0.12)]
    [InlineData(true, 0.2)]
    public void A_full_summary_takes_little(bool doubles, double bytesEach)
    {
        var random = new Random(1);
        var points = ChunkGens.Make(
            8192, i => i * 10L, _ => 0, i => 1_764_000_000_000 + (i * 250L) + random.Next(7), _ => doubles ? random.NextDouble() : random.NextSingle(), i => i);
        using var encoder = new ChunkEncoder();

        Assert.InRange(encoder.Encode(points, 0, 8192).Summary.Length / 8192.0, 0, bytesEach);
    }

    private static void AssertBlock(SeriesPoints points, int from, int count, ChunkSummary summary, int block)
    {
        Assert.Equal((points[from].Step, points[from].Time, count), (summary.Figures.Steps[block], summary.Figures.Times[block], summary.Figures.Counts[block]));
        AssertSame(points[from], new SeriesPoint(points[from].Step, points[from].Time, summary.Figures.First[block]));
        AssertSame(points[from + count - 1], new SeriesPoint(points[from + count - 1].Step, points[from + count - 1].Time, summary.Figures.Last[block]));
        AssertFigures(points.Values.Slice(from, count), summary.Figures.FiniteCounts[block], summary.Figures.Min[block], summary.Figures.Max[block], summary.Figures.Mean[block]);
    }

    private static void AssertFigures(ReadOnlySpan<double> values, int finite, double min, double max, double mean)
    {
        var expected = values.ToArray().Where(double.IsFinite).ToArray();
        Assert.Equal(expected.Length, finite);
        if (finite == 0)
        {
            Assert.True(double.IsNaN(min) && double.IsNaN(max) && double.IsNaN(mean));
            return;
        }

        Assert.Equal((expected.Min(), expected.Max()), (min, max));
        var largest = Math.Max(Math.Abs(min), Math.Abs(max));
        // Quarters, because a sum of parts of the greatest doubles may round beyond them.
        var quarter = expected.Sum(v => v / finite / 4);
        Assert.InRange(Math.Abs((mean / 4) - quarter), 0, Math.Max(double.Epsilon * finite, largest * 1e-12));
    }

    private static bool Ascends(long[] numbers) => numbers.Zip(numbers.Skip(1)).All(p => p.First <= p.Second);

    private static void AssertSame(SeriesPoint expected, SeriesPoint actual) => Assert.Equal(0, SeriesPoints.Compare(expected, actual));
}
