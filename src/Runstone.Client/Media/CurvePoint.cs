namespace Runstone.Client.Media;

/// <summary>How many positive and negative cases have at least the score.</summary>
internal readonly record struct ScoreStep(double Score, int TruePositives, int FalsePositives)
{
    /// <summary>One a distinct score, from the greatest to the least.</summary>
    public static List<ScoreStep> Of(IReadOnlyList<double> scores, IReadOnlyList<bool> positive)
    {
        if (scores.Count != positive.Count)
            throw new ArgumentException($"There are {scores.Count} scores and {positive.Count} labels; each case needs one of each.", nameof(positive));
        if (scores.Count == 0)
            throw new ArgumentException("There are no cases.", nameof(scores));
        if (scores.Any(double.IsNaN))
            throw new ArgumentException("A score is NaN, which is neither above nor below others.", nameof(scores));
        var order = Enumerable.Range(0, scores.Count).OrderByDescending(i => scores[i]);
        var steps = new List<ScoreStep>();
        var (found, wrong) = (0, 0);
        foreach (var i in order)
        {
            if (positive[i])
                found++;
            else
                wrong++;
            var step = new ScoreStep(scores[i], found, wrong);
            if (steps.Count > 0 && steps[^1].Score.Equals(step.Score))
                steps[^1] = step;
            else
                steps.Add(step);
        }

        return steps;
    }
}

/// <summary>A point of a curve over thresholds.</summary>
internal readonly record struct CurvePoint(double X, double Y, double Threshold)
{
    public const int MaxPoints = 1000;

    /// <summary>Leaves out what a drawing does not show: points on the straight line between their neighbours, then all but some that are spread evenly along the curve.</summary>
    public static IReadOnlyList<CurvePoint> Thin(IReadOnlyList<CurvePoint> points)
    {
        var kept = new List<CurvePoint>(points.Count);
        foreach (var point in points)
        {
            if (kept.Count > 1 && IsBetween(kept[^2], kept[^1], point))
                kept[^1] = point;
            else
                kept.Add(point);
        }

        return kept.Count <= MaxPoints ? kept : Spread(kept);
    }

    /// <summary>Of each of as many stretches of the same length, along the curve, the first and the last point: by number, a steep corner would be cut.</summary>
    private static List<CurvePoint> Spread(List<CurvePoint> points)
    {
        const int Stretches = MaxPoints / 2;
        var along = new double[points.Count];
        for (var i = 1; i < along.Length; i++)
            along[i] = along[i - 1] + points[i].X - points[i - 1].X + Math.Abs(points[i].Y - points[i - 1].Y);
        int StretchOf(int i) => Math.Min((int)(along[i] / along[^1] * Stretches), Stretches - 1);
        var kept = new List<CurvePoint>(MaxPoints);
        for (var i = 0; i < along.Length; i++)
        {
            if (i == 0 || i == along.Length - 1 || StretchOf(i) != StretchOf(i - 1) || StretchOf(i) != StretchOf(i + 1))
                kept.Add(points[i]);
        }

        return kept;
    }

    private static bool IsBetween(in CurvePoint a, in CurvePoint b, in CurvePoint c) =>
        Math.Abs(((b.X - a.X) * (c.Y - a.Y)) - ((b.Y - a.Y) * (c.X - a.X))) <= 1e-15;
}
