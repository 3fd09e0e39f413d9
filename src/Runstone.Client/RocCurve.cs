using Runstone.Client.Media;

namespace Runstone.Client;

/// <summary>A receiver operating characteristic: what share of the positives a threshold finds, for what share of the negatives (docs/formats/media.md).</summary>
public sealed record RocCurve
{
    private RocCurve()
    {
    }

    /// <summary>What the curve is called, for example its class; null when there is one.</summary>
    public string? Label { get; init; }

    /// <summary>Of each point the share of the negatives with at least its threshold, 0 to 1, ascending.</summary>
    public required IReadOnlyList<double> FalsePositiveRate { get; init; }

    /// <summary>Of each point the share of the positives with at least its threshold, 0 to 1.</summary>
    public required IReadOnlyList<double> TruePositiveRate { get; init; }

    /// <summary>Of each point its threshold, descending from positive infinity.</summary>
    public required IReadOnlyList<double> Thresholds { get; init; }

    /// <summary>The area under the curve of all scores: the probability that a positive scores above a negative, ties counting half.</summary>
    public required double Auc { get; init; }

    /// <summary>How many positives there are.</summary>
    public required int Positives { get; init; }

    /// <summary>How many negatives there are.</summary>
    public required int Negatives { get; init; }

    /// <summary>
    /// Computes the curve: a point a distinct score, behind (0, 0). Points on the straight line between their neighbours are left out, and beyond
    /// 1,000 all but some that are spread evenly along the curve; <see cref="Auc"/> is that of all of them.
    /// </summary>
    /// <param name="scores">The score of each case; greater means rather positive. Not NaN.</param>
    /// <param name="positive">Whether the case is positive; as many as scores.</param>
    /// <param name="label">What the curve is called.</param>
    /// <exception cref="ArgumentException">The lists differ in length, a score is NaN, or there are not cases of both kinds.</exception>
    public static RocCurve Of(IReadOnlyList<double> scores, IReadOnlyList<bool> positive, string? label = null)
    {
        var steps = ScoreStep.Of(scores, positive);
        var (positives, negatives) = (steps[^1].TruePositives, steps[^1].FalsePositives);
        if (positives == 0 || negatives == 0)
            throw new ArgumentException("A ROC curve needs at least one positive and one negative case.", nameof(positive));
        var points = new List<CurvePoint>(steps.Count + 1) { new(0, 0, double.PositiveInfinity) };
        var (area, before) = (0.0, default(ScoreStep));
        foreach (var step in steps)
        {
            area += (double)(step.FalsePositives - before.FalsePositives) * ((double)step.TruePositives + before.TruePositives);
            points.Add(new CurvePoint((double)step.FalsePositives / negatives, (double)step.TruePositives / positives, step.Score));
            before = step;
        }

        var kept = CurvePoint.Thin(points);
        return new RocCurve
        {
            Label = label,
            FalsePositiveRate = [.. kept.Select(p => p.X)],
            TruePositiveRate = [.. kept.Select(p => p.Y)],
            Thresholds = [.. kept.Select(p => p.Threshold)],
            Auc = area / (2.0 * positives * negatives),
            Positives = positives,
            Negatives = negatives,
        };
    }
}
