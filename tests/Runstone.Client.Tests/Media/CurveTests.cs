using CsCheck;
using Runstone.Client.Media;

namespace Runstone.Client.Tests.Media;

public sealed class CurveTests
{
    private static readonly Gen<(double Score, bool Positive)[]> Cases =
        Gen.Select(Gen.Int[0, 12].Select(i => i / 4.0), Gen.Bool).Array[1, 60];

    [Fact]
    public void A_curve_goes_through_the_distinct_scores()
    {
        // By hand: scores 0.9+ 0.8- 0.7+ 0.4- of two positives and two negatives.
        var curve = RocCurve.Of([0.7, 0.9, 0.4, 0.8], [true, true, false, false], "a");
        Assert.Equal([0, 0, 0.5, 0.5, 1], curve.FalsePositiveRate);
        Assert.Equal([0, 0.5, 0.5, 1, 1], curve.TruePositiveRate);
        Assert.Equal([double.PositiveInfinity, 0.9, 0.8, 0.7, 0.4], curve.Thresholds);
        Assert.Equal((0.75, 2, 2, "a"), (curve.Auc, curve.Positives, curve.Negatives, curve.Label));
    }

    [Fact]
    public void Equal_scores_are_one_step()
    {
        var curve = RocCurve.Of([0.5, 0.5, 0.5], [true, false, false]);
        Assert.Equal([0, 1], curve.FalsePositiveRate);
        Assert.Equal([0, 1], curve.TruePositiveRate);
        Assert.Equal(0.5, curve.Auc);
    }

    [Fact]
    public void Perfect_and_reversed_scores_have_all_and_none_of_the_area()
    {
        Assert.Equal(1, RocCurve.Of([3, 2, 1], [true, true, false]).Auc);
        Assert.Equal(0, RocCurve.Of([1, 2, 3], [true, true, false]).Auc);
        Assert.Equal(1, PrCurve.Of([3, 2, 1], [true, true, false]).AveragePrecision);
    }

    [Fact]
    public void The_area_is_the_share_of_pairs_in_which_the_positive_scores_above() => Cases.Sample(cases =>
    {
        var (positives, negatives) = (cases.Where(c => c.Positive).ToList(), cases.Where(c => !c.Positive).ToList());
        if (positives.Count == 0 || negatives.Count == 0)
            return;
        var above = positives.Sum(p => negatives.Sum(n => p.Score > n.Score ? 1 : p.Score.Equals(n.Score) ? 0.5 : 0));
        var curve = RocCurve.Of([.. cases.Select(c => c.Score)], [.. cases.Select(c => c.Positive)]);
        Assert.Equal(above / ((double)positives.Count * negatives.Count), curve.Auc, 1e-12);
        Assert.Equal(curve.Auc, Area(curve.FalsePositiveRate, curve.TruePositiveRate), 1e-9);
        Assert.Equal(((0, 0), (1, 1)), ((curve.FalsePositiveRate[0], curve.TruePositiveRate[0]), (curve.FalsePositiveRate[^1], curve.TruePositiveRate[^1])));
        Assert.Equal(curve.FalsePositiveRate.Order(), curve.FalsePositiveRate);
        Assert.Equal(curve.Thresholds.OrderDescending(), curve.Thresholds);
    });

    [Fact]
    public void Precision_and_recall_are_those_of_what_has_the_threshold() => Cases.Sample(cases =>
    {
        var positives = cases.Count(c => c.Positive);
        if (positives == 0)
            return;
        var curve = PrCurve.Of([.. cases.Select(c => c.Score)], [.. cases.Select(c => c.Positive)]);
        Assert.Equal((0, 1, double.PositiveInfinity), (curve.Recall[0], curve.Precision[0], curve.Thresholds[0]));
        for (var i = 1; i < curve.Recall.Count; i++)
        {
            var found = cases.Where(c => c.Score >= curve.Thresholds[i]).ToList();
            Assert.Equal((double)found.Count(c => c.Positive) / positives, curve.Recall[i], 1e-12);
            Assert.Equal((double)found.Count(c => c.Positive) / found.Count, curve.Precision[i], 1e-12);
        }

        Assert.Equal(1, curve.Recall[^1]);
        Assert.InRange(curve.AveragePrecision, 0, 1);
    });

    [Fact]
    public void Average_precision_counts_each_score_by_the_recall_that_it_adds()
    {
        // By hand: 0.8+ (precision 1, recall 1/2), 0.4- , 0.35+ (2/3, 1), 0.1-: 1/2 * 1 + 1/2 * 2/3.
        var curve = PrCurve.Of([0.1, 0.4, 0.35, 0.8], [false, false, true, true]);
        Assert.Equal(0.5 + (0.5 * 2 / 3), curve.AveragePrecision, 1e-12);
        Assert.Equal([0, 0.5, 0.5, 1], curve.Recall);
        Assert.Equal([1, 1, 0.5, 2 / 3.0], curve.Precision);
    }

    [Fact]
    public void A_long_curve_is_thinned_and_keeps_its_ends_and_its_area()
    {
        double[] scores = [.. Enumerable.Range(0, 30_000).Select(i => Math.Sin(i) + (i % 3 == 0 ? 0.7 : 0))];
        bool[] positive = [.. Enumerable.Range(0, 30_000).Select(i => i % 3 == 0)];
        var curve = RocCurve.Of(scores, positive);
        Assert.InRange(curve.Thresholds.Count, CurvePoint.MaxPoints / 2, CurvePoint.MaxPoints);
        Assert.Equal((0, 1), (curve.FalsePositiveRate[0], curve.FalsePositiveRate[^1]));
        Assert.Equal(curve.Auc, Area(curve.FalsePositiveRate, curve.TruePositiveRate), 1e-4);
        Assert.Equal(2, RocCurve.Of([3, 2, 1, 0], [true, true, true, false]).Thresholds.Count - 1);
    }

    [Fact]
    public void What_has_no_curve_is_refused()
    {
        Assert.Throws<ArgumentException>(() => RocCurve.Of([1], [true]));
        Assert.Throws<ArgumentException>(() => RocCurve.Of([1, 2], [false, false]));
        Assert.Throws<ArgumentException>(() => RocCurve.Of([1, double.NaN], [true, false]));
        Assert.Throws<ArgumentException>(() => RocCurve.Of([1, 2], [true]));
        Assert.Throws<ArgumentException>(() => PrCurve.Of([], []));
        Assert.Throws<ArgumentException>(() => PrCurve.Of([1], [false]));
    }

    private static double Area(IReadOnlyList<double> x, IReadOnlyList<double> y) =>
        Enumerable.Range(1, x.Count - 1).Sum(i => (x[i] - x[i - 1]) * (y[i] + y[i - 1]) / 2);
}
