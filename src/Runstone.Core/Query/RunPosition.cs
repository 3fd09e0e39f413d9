namespace Runstone.Core.Query;

/// <summary>What an <see cref="OrderValue"/> is.</summary>
public enum OrderValueKind
{
    /// <summary>The run has no value; such runs come last in either direction.</summary>
    Absent,

    /// <summary>The metric is NaN; such runs come after all numbers and before those without a value, in either direction.</summary>
    NaN,
    Text,
    Whole,
    Number,
}

/// <summary>The value that one key of an order has in a run.</summary>
public readonly record struct OrderValue
{
    private OrderValue(OrderValueKind kind, string? text = null, long whole = 0, double number = 0) =>
        (Kind, Text, Whole, Number) = (kind, text, whole, number);

    public static readonly OrderValue Absent = new(OrderValueKind.Absent);

    public static readonly OrderValue NaN = new(OrderValueKind.NaN);

    public OrderValueKind Kind { get; }

    public string? Text { get; }

    public long Whole { get; }

    public double Number { get; }

    public static OrderValue Of(string text) => new(OrderValueKind.Text, text: text);

    public static OrderValue Of(long whole) => new(OrderValueKind.Whole, whole: whole);

    public static OrderValue Of(double number) => double.IsNaN(number) ? NaN : new(OrderValueKind.Number, number: number);
}

/// <summary>
/// Where a run stands in an order: the values of the order's keys, and what breaks ties. A position stays what it is while other
/// runs come and go, and while the run itself is changed or deleted.
/// </summary>
/// <param name="Values">One for each key of the order.</param>
/// <param name="StartTime">Unix milliseconds.</param>
/// <param name="RunId">The run.</param>
public sealed record RunPosition(IReadOnlyList<OrderValue> Values, long StartTime, string RunId)
{
    /// <summary>Whether a run could stand here in the order.</summary>
    public bool Fits(IReadOnlyList<Ordering> orderBy)
    {
        if (Values.Count != orderBy.Count)
            return false;
        for (var i = 0; i < Values.Count; i++)
        {
            if (!Fits(orderBy[i].Field, Values[i].Kind))
                return false;
        }

        return true;
    }

    private static bool Fits(Field field, OrderValueKind kind) => field.Kind switch
    {
        FieldKind.Metric => kind is OrderValueKind.Absent or OrderValueKind.NaN or OrderValueKind.Number,
        FieldKind.Attribute when RunFields.Numeric.Contains(field.Key) => kind is OrderValueKind.Absent or OrderValueKind.Whole,
        _ => kind is OrderValueKind.Absent or OrderValueKind.Text,
    };
}
