namespace Runstone.Core.Metrics.Frames;

/// <summary>
/// Points in order of x that fall into one bucket as a whole. Least, greatest and mean are over finite values.
/// </summary>
/// <param name="X">The x of the first point.</param>
/// <param name="First">The first point.</param>
/// <param name="LastValue">Value of the last point.</param>
/// <param name="Count">Points, at least one.</param>
/// <param name="FiniteCount">Points whose value is finite; with none, the next three mean nothing.</param>
/// <param name="Min">Least finite value.</param>
/// <param name="Max">Greatest finite value.</param>
/// <param name="Mean">Mean of the finite values.</param>
public readonly record struct FramePart(
    double X, SeriesPoint First, double LastValue, int Count, int FiniteCount, double Min, double Max, double Mean)
{
    /// <summary>
    /// The last point and its x, or, where these are not known and nothing else lies between the points of the part, those of the first.
    /// </summary>
    public (double X, SeriesPoint Point) End { get; init; } = (X, First);
}
