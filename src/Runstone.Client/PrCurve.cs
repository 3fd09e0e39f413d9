using Runstone.Client.Media;

namespace Runstone.Client;

/// <summary>Precision against recall: what share of what a threshold finds is positive, for what share of the positives (docs/formats/media.md).</summary>
public sealed record PrCurve
{
    private PrCurve()
    {
    }

    /// <summary>What the curve is called, for example its class; null when there is one.</summary>
    public string? Label { get; init; }

    /// <summary>Of each point the share of the positives with at least its threshold, 0 to 1, ascending.</summary>
    public required IReadOnlyList<double> Recall { get; init; }

    /// <summary>Of each point the share of positives among the cases with at least its threshold, 0 to 1.</summary>
    public required IReadOnlyList<double> Precision { get; init; }

    /// <summary>Of each point its threshold, descending from positive infinity.</summary>
    public required IReadOnlyList<double> Thresholds { get; init; }

    /// <summary>The sum of (recall - recall before) times precision over all distinct scores, without interpolation.</summary>
    public required double AveragePrecision { get; init; }

    /// <summary>How many positives there are.</summary>
    public required int Positives { get; init; }

    /// <summary>How many negatives there are.</summary>
    public required int Negatives { get; init; }

    /// <summary>
    /// Computes the curve: recall 0 with precision 1, then a point a distinct score until all positives are found. Points on the straight line between
    /// their neighbours are left out, and beyond 1,000 all but some that are spread evenly along the curve; <see cref="AveragePrecision"/> is that of all of them.
    /// </summary>
    /// <param name="scores">The score of each case; greater means rather positive. Not NaN.</param>
    /// <param name="positive">Whether the case is positive; as many as scores.</param>
    /// <param name="label">What the curve is called.</param>
    /// <exception cref="ArgumentException">The lists differ in length, a score is NaN, or no case is positive.</exception>
    public static PrCurve Of(IReadOnlyList<double> scores, IReadOnlyList<bool> positive, string? label = null)
    {
        var steps = ScoreStep.Of(scores, positive);
        var (positives, negatives) = (steps[^1].TruePositives, steps[^1].FalsePositives);
        if (positives == 0)
            throw new ArgumentException("A curve of precision against recall needs at least one positive case.", nameof(positive));
        var points = new List<CurvePoint>(steps.Count + 1) { new(0, 1, double.PositiveInfinity) };
        var average = 0.0;
        foreach (var step in steps)
        {
            var (recall, precision) = ((double)step.TruePositives / positives, (double)step.TruePositives / (step.TruePositives + step.FalsePositives));
            average += (recall - points[^1].X) * precision;
            points.Add(new CurvePoint(recall, precision, step.Score));
            if (step.TruePositives == positives)
                break;
        }

        var kept = CurvePoint.Thin(points);
        return new PrCurve
        {
            Label = label,
            Recall = [.. kept.Select(p => p.X)],
            Precision = [.. kept.Select(p => p.Y)],
            Thresholds = [.. kept.Select(p => p.Threshold)],
            AveragePrecision = Math.Clamp(average, 0, 1),
            Positives = positives,
            Negatives = negatives,
        };
    }
}
