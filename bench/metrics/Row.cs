using System.Globalization;

namespace Runstone.MetricsBench;

/// <summary>What a figure is held against.</summary>
/// <param name="Bound">The figure, or with <paramref name="OfLimit"/> its share of the limit.</param>
/// <param name="AtMost">The figure is to be the bound or less, not the bound or more.</param>
/// <param name="OfLimit">The bound is a share of the limit.</param>
internal sealed record Goal(double Bound, bool AtMost, bool OfLimit = false)
{
    public static readonly Goal ShareOfLimit = new(0.6, AtMost: false, OfLimit: true);

    public static Goal Most(double bound) => new(bound, AtMost: true);

    public static Goal Least(double bound) => new(bound, AtMost: false);

    /// <summary>For example "met" or "missed: 1.4 times".</summary>
    public string Judge(double figure, double? limit)
    {
        var reached = OfLimit ? figure / limit ?? double.NaN : figure;
        if (AtMost ? reached <= Bound : reached >= Bound)
            return "met";
        return double.IsNaN(reached) ? "no limit measured" : AtMost
            ? string.Create(CultureInfo.InvariantCulture, $"**missed**, {reached / Bound:0.00} times")
            : string.Create(CultureInfo.InvariantCulture, $"**missed** by {1 - (reached / Bound):P0}");
    }

    public string ToText(string unit) => OfLimit
        ? string.Create(CultureInfo.InvariantCulture, $">= {Bound:P0} of the limit")
        : $"{(AtMost ? "<=" : ">=")} {Row.Text(Bound)} {unit}";
}

/// <summary>A figure and what stands beside it.</summary>
/// <param name="Line">The line of the targets, its name in --only.</param>
/// <param name="What">What was done.</param>
/// <param name="Figure">The median; of latencies that of all requests, of rates that of the rounds.</param>
/// <param name="Unit">Of figure and limit.</param>
internal sealed record Row(string Line, string What, double Figure, string Unit)
{
    public static readonly string Head = """
        | line | what | figure | unit | request p50 ms | p95 ms | server CPU ms | database CPU ms | limit | of limit | target | result | also |
        |---|---|---:|---|---:|---:|---:|---:|---:|---:|---|---|---|
        """;

    /// <summary>Milliseconds of a request.</summary>
    public double? P50 { get; init; }

    public double? P95 { get; init; }

    /// <summary>Milliseconds of processor time of the server a request; in rows "in the store" of the process that has it open.</summary>
    public double? Server { get; init; }

    /// <summary>Milliseconds of processor time of PostgreSQL a request.</summary>
    public double? Database { get; init; }

    public double? Limit { get; init; }

    public Goal? Goal { get; init; }

    public string Note { get; init; } = "";

    public static string Text(double? value) => value is not { } v ? "" : v.ToString(
        Math.Abs(v) switch { >= 100 => "N0", >= 10 => "N1", >= 0.1 or 0 => "N2", _ => "N4" }, CultureInfo.InvariantCulture);

    public override string ToString()
    {
        var share = Limit is not { } limit ? "" : Unit is "ms" or "s"
            ? string.Create(CultureInfo.InvariantCulture, $"{Figure / limit:0.0} times")
            : string.Create(CultureInfo.InvariantCulture, $"{Figure / limit:P0}");
        return $"| {Line} | {What} | {Text(Figure)} | {Unit} | {Text(P50)} | {Text(P95)} | {Text(Server)} | {Text(Database)} | {Text(Limit)} | {share} "
            + $"| {Goal?.ToText(Unit)} | {Goal?.Judge(Figure, Limit)} | {Note} |";
    }
}
