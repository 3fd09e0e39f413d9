namespace Runstone.Core.Metrics;

/// <summary>An integer that no double holds, as the client wrote it. The point itself has the nearest double.</summary>
/// <param name="Point">The place of its point among those it came with.</param>
/// <param name="Text">A minus or nothing, and digits; at most <see cref="ExactInteger.MaxLength"/> characters.</param>
public readonly record struct MetricText(int Point, string Text);
