using Runstone.Core.Models;

namespace Runstone.Core.Metrics;

/// <summary>One point of a batch; <paramref name="Key"/> is an index into <see cref="MetricBatch.Keys"/>.</summary>
/// <param name="Key">Index of the metric's name.</param>
/// <param name="Step">Where in the series; <see cref="Metrics.Step.Unset"/> lets the store count.</param>
/// <param name="Time">Unix milliseconds, the client's clock; may lie before 1970.</param>
/// <param name="Value">Any double, NaN and infinities included.</param>
public readonly record struct MetricPoint(int Key, Step Step, long Time, double Value);

/// <summary>One point of a series.</summary>
public readonly record struct SeriesPoint(Step Step, long Time, double Value) : IComparable<SeriesPoint>
{
    /// <summary>By step, then time, then value, NaN above every number.</summary>
    public int CompareTo(SeriesPoint other)
    {
        var order = Step.CompareTo(other.Step);
        if (order == 0)
            order = Time.CompareTo(other.Time);
        return order != 0 ? order : CompareValues(Value, other.Value);
    }

    // double.CompareTo puts NaN below every number; a search puts it above.
    private static int CompareValues(double left, double right) => (double.IsNaN(left), double.IsNaN(right)) switch
    {
        (true, true) => 0,
        (true, false) => 1,
        (false, true) => -1,
        _ => left.CompareTo(right),
    };
}

/// <summary>Points of one run in the order in which the client sent them, any number of keys.</summary>
/// <param name="Keys">The distinct names used, in any order; 1 to 1,024 bytes of UTF-8 each.</param>
/// <param name="Points">The points; each <see cref="MetricPoint.Key"/> indexes <paramref name="Keys"/>.</param>
public sealed record MetricBatch(IReadOnlyList<string> Keys, ReadOnlyMemory<MetricPoint> Points)
{
    /// <summary>No points.</summary>
    public static readonly MetricBatch Empty = new([], ReadOnlyMemory<MetricPoint>.Empty);

    /// <summary>Texts of integers that no double holds, in any order; at most one a point.</summary>
    public IReadOnlyList<MetricText> Texts { get; init; } = [];

    /// <summary>Points that are results of logged models too, in any order; at most one a point.</summary>
    public IReadOnlyList<MetricModel> Models { get; init; } = [];
}

/// <summary>A point of a batch is a result of a logged model. The batch fails with <see cref="LoggedModelNotFound"/> when there is no such model.</summary>
/// <param name="Point">The number of the point in the batch.</param>
/// <param name="ModelId">The model.</param>
/// <param name="Dataset">What the model was measured on; null when the client did not say.</param>
public sealed record MetricModel(int Point, string ModelId, DatasetName? Dataset);

/// <summary>
/// The indexed row of a series that search and tables use. <see cref="Last"/>, <see cref="LastStep"/> and
/// <see cref="LastTime"/> belong to the greatest point by (step, time, value), not to the last one received.
/// Min and max are over values that are not NaN; both are null while there is none.
/// </summary>
/// <param name="Key">The metric's name.</param>
/// <param name="Count">Points received, repeated ones included.</param>
/// <param name="First">Value of the first point received.</param>
public sealed record MetricSummary(
    string Key, double Last, Step LastStep, long LastTime, double? Min, double? Max, double First, long Count);
