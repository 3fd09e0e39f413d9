using System.Numerics;
using CsCheck;
using Runstone.Core.Metrics;
using Runstone.Core.Metrics.Frames;

namespace Runstone.Storage.Tests.Conformance;

/// <summary>A run of a case.</summary>
/// <param name="Start">Where relative time begins, Unix milliseconds.</param>
/// <param name="Points">In order of arrival; the last ones repeat some of those before.</param>
/// <param name="Sealed">How many of the first points are sealed.</param>
public sealed record GroupCaseRun(long Start, SeriesPoint[] Points, int Sealed);

/// <summary>
/// Runs and groups of them, and what their answer must be. Values go from 1e-140 to 1e140, some are not finite; runs have different lengths, places
/// and starts. No point lies in the first third of a bucket behind another one, where the border may be put: so a plain computation knows the points of each.
/// Means and deviations are computed exactly, with integers, and compared by the tolerance that docs/formats/api-v1.md states.
/// </summary>
public sealed record GroupCase(GroupCaseRun[] Runs, int[][] Groups, FrameAxis Axis, int Buckets, double? From, double? To)
{
    private const long Noon = 1_764_000_000_000;

    /// <summary>Bits behind the point of exact numbers: those of the least double, and more for divisions.</summary>
    private const int Scale = 1074 + 64;

    private static readonly int[] Lengths = [0, 1, 17, 300, 511, 512, 768, 1024];

    public static Gen<GroupCase> Gen { get; } = CsCheck.Gen.Select(
        CsCheck.Gen.Int[0, int.MaxValue - 1], CsCheck.Gen.Int[1, 8], CsCheck.Gen.Int[0, 2], CsCheck.Gen.Int[4, 60], CsCheck.Gen.Bool,
        (seed, runs, axis, buckets, part) => Make(new Random(seed), runs, (FrameAxis)axis, buckets, part));

    /// <summary>Fails unless the answer is what a plain computation says.</summary>
    public void Check(GroupFrames answer)
    {
        var points = Runs.Select(r => r.Points.Distinct().Select(p => (X: new PointAxis(Axis, r.Start).Of(p), p.Value)).ToArray()).ToArray();
        var inGroups = Groups.SelectMany(g => g).Distinct().SelectMany(r => points[r]).ToArray();
        if (inGroups.Length == 0)
        {
            Assert.Empty(answer.X);
            return;
        }

        var scale = new FrameScale(From ?? inGroups.Min(p => p.X), To ?? inGroups.Max(p => p.X), Buckets);
        Assert.Equal((scale.From, scale.To), (answer.From, answer.To));
        var all = points.Select(run => run.Where(p => scale.Contains(p.X)).ToLookup(p => scale.BucketOf(p.X))).ToArray();
        var cut = all.Select(run => run.SelectMany(b => b).Where(p => double.IsFinite(p.Value)).ToLookup(p => scale.BucketOf(p.X))).ToArray();
        var used = Enumerable.Range(0, Buckets).Where(b => Groups.Any(g => g.Any(r => cut[r].Contains(b)))).ToArray();
        Assert.Equal(used.Length, answer.X.Length);
        for (var at = 0; at < used.Length; at++)
        {
            var inBucket = Groups.Select(g => g.Distinct().Select(r => cut[r][used[at]].ToArray()).Where(r => r.Length > 0).ToArray()).ToArray();
            Assert.Equal(Groups.SelectMany(g => g).Where(r => cut[r].Contains(used[at])).Min(r => all[r][used[at]].Min(p => p.X)), answer.X[at]);
            for (var g = 0; g < Groups.Length; g++)
                CheckBucket(answer.Groups[g], at, [.. inBucket[g].Select(r => r.Select(p => p.Value).ToArray())]);
        }

        for (var g = 0; g < Groups.Length; g++)
            Assert.Equal(Groups[g].Distinct().Count(r => cut[r].Count > 0), answer.Groups[g].Runs);
    }

    private static void CheckBucket(GroupFrame frame, int at, double[][] runs)
    {
        Assert.Equal(runs.Length, frame.Count[at]);
        if (runs.Length == 0)
        {
            Assert.All([frame.Mean[at], frame.Deviation[at], frame.Min[at], frame.Max[at]], v => Assert.Equal(double.NaN, v));
            return;
        }

        Assert.Equal((runs.Min(r => r.Min()), runs.Max(r => r.Max())), (frame.Min[at], frame.Max[at]));
        var tolerance = (runs.Length + runs.Max(r => r.Length)) * Math.ScaleB(runs.Max(r => r.Max(Math.Abs)), -52);
        var means = runs.Select(r => r.Aggregate(BigInteger.Zero, (sum, v) => sum + Exact(v)) / r.Length).ToArray();
        var mean = means.Aggregate(BigInteger.Add) / means.Length;
        var squares = means.Aggregate(BigInteger.Zero, (sum, m) => sum + BigInteger.Pow(m - mean, 2));
        Near(ToDouble(mean, Scale), frame.Mean[at], tolerance);
        Near(Root(squares / Math.Max(1, means.Length - 1)), frame.Deviation[at], tolerance);
    }

    private static void Near(double exact, double actual, double tolerance) =>
        Assert.True(Math.Abs(exact - actual) <= tolerance, FormattableString.Invariant($"{actual:R} is {Math.Abs(exact - actual):R} away from {exact:R}; {tolerance:R} is allowed."));

    private static BigInteger Exact(double value)
    {
        var bits = BitConverter.DoubleToInt64Bits(value);
        var (exponent, fraction) = ((int)((bits >> 52) & 0x7FF), bits & 0xF_FFFF_FFFF_FFFF);
        var magnitude = (BigInteger)(exponent == 0 ? fraction : fraction | (1L << 52)) << (Math.Max(exponent, 1) - 1 + Scale - 1074);
        return bits < 0 ? -magnitude : magnitude;
    }

    /// <summary>The double nearest to the number, or the one beside it.</summary>
    private static double ToDouble(BigInteger number, int scale)
    {
        var magnitude = BigInteger.Abs(number);
        var shift = (int)Math.Max(0, magnitude.GetBitLength() - 62);
        var value = Math.ScaleB((long)(magnitude >> shift), shift - scale);
        return number.Sign < 0 ? -value : value;
    }

    /// <summary>The root of a number of twice the scale.</summary>
    private static double Root(BigInteger square)
    {
        var shift = (int)Math.Max(0, square.GetBitLength() - 62) & ~1;
        return Math.ScaleB(Math.Sqrt((double)(square >> shift)), (shift / 2) - Scale);
    }

    private static GroupCase Make(Random random, int runs, FrameAxis axis, int buckets, bool part)
    {
        var made = Enumerable.Range(0, runs).Select(_ => MakeRun(random)).ToArray();
        int[][] groups = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Enumerable.Range(0, runs).Where(_ => random.Next(3) > 0).ToArray())];
        var begin = axis == FrameAxis.Time ? Noon : 0.0;
        var width = axis == FrameAxis.Step ? 2600 : 2600 * 7;
        var from = part ? begin + random.Next(width / 2) : (double?)null;
        var to = part && random.Next(2) == 0 ? from + random.Next(width) : null;
        var xs = groups.SelectMany(g => g).Distinct().SelectMany(r => made[r].Points.Select(p => new PointAxis(axis, made[r].Start).Of(p))).ToArray();
        if (xs.Length > 0)
            made = [.. made.Select(run => WithoutBorders(run, new FrameScale(from ?? xs.Min(), to ?? xs.Max(), buckets), axis))];
        return new GroupCase(made, groups, axis, buckets, from, to);
    }

    /// <summary>The least and the greatest x stay, and with them the range.</summary>
    private static GroupCaseRun WithoutBorders(GroupCaseRun run, FrameScale scale, FrameAxis axis)
    {
        var at = new PointAxis(axis, run.Start);
        return run with { Points = [.. run.Points.Where(IsKept)], Sealed = run.Points.Take(run.Sealed).Count(IsKept) };

        bool IsKept(SeriesPoint point)
        {
            var place = (at.Of(point) - scale.From) / (scale.To - scale.From) * scale.Buckets;
            return !(place is >= 1 && place < scale.Buckets && place - Math.Floor(place) < 0.34);
        }
    }

    private static GroupCaseRun MakeRun(Random random)
    {
        var (length, place, half) = (Lengths[random.Next(Lengths.Length)], random.Next(1500), random.Next(2) * 500_000);
        var (start, width) = (Noon + random.Next(-50, 50), random.Next(4) == 0 ? 140.0 : 3.0);
        var points = Enumerable.Range(place, length).Select(s => new SeriesPoint(new Step(s, half), Noon + (7 * s) + random.Next(5), Value(random, width))).ToArray();
        if (random.Next(2) == 0)
            random.Shuffle(points);
        var sealedPoints = (random.Next(3), length) switch { (0, _) => 0, (1, >= 768) => 512, _ => length };
        SeriesPoint[] again = [.. Enumerable.Range(0, length == 0 ? 0 : random.Next(20)).Select(_ => points[random.Next(length)])];
        return new GroupCaseRun(start, [.. points, .. again], sealedPoints);
    }

    private static double Value(Random random, double width) => random.Next(40) switch
    {
        0 or 1 => double.NaN,
        2 => double.PositiveInfinity,
        3 => double.NegativeInfinity,
        4 => 0.0,
        _ => (random.Next(2) == 0 ? 1 : -1) * (1 + random.NextDouble()) * Math.Pow(10, ((2 * random.NextDouble()) - 1) * width),
    };
}
