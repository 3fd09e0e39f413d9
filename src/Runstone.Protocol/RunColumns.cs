namespace Runstone.Protocol;

/// <summary>Asks what the columns of the runs are that a search finds.</summary>
public sealed record RunColumnsRequest
{
    /// <summary>Experiments to look in; null or empty means all.</summary>
    public IReadOnlyList<string>? ExperimentIds { get; init; }

    /// <summary>A condition; see docs/formats/filter.md.</summary>
    public string? Filter { get; init; }

    /// <summary>"active" (default), "archived", "deleted" or "all".</summary>
    public string? Lifecycle { get; init; }

    /// <summary>Only the runs of a group, as <c>/runs/groups</c> gave it.</summary>
    public IReadOnlyList<RunGroupKey>? Within { get; init; }
}

/// <summary>The columns of runs.</summary>
/// <param name="Columns">One for each metric, param and tag in use: metrics first, then params, then tags, each by name.</param>
/// <param name="Runs">How many runs were looked at, the newest.</param>
/// <param name="Complete">Whether these are all that match.</param>
public sealed record RunColumnsInfo(IReadOnlyList<RunColumnInfo> Columns, int Runs, bool Complete);

/// <summary>A column of runs.</summary>
/// <param name="Field">As orders and tables name it; a metric is its last value.</param>
/// <param name="Runs">Runs with a value.</param>
/// <param name="Distinct">How many values, up to 100; 101 means more. One alone in all runs is a constant.</param>
/// <param name="Numeric">Whether all values are numbers or read as finite ones.</param>
/// <param name="Min">The least finite one; absent when not all are numbers or none is finite.</param>
/// <param name="Max">The greatest finite one.</param>
public sealed record RunColumnInfo(string Field, int Runs, int Distinct, bool Numeric, double? Min, double? Max);

/// <summary>Values of a field.</summary>
/// <param name="Values">The most frequent first.</param>
/// <param name="Complete">False when there are more values than were asked for, or more runs than the 100,000 whose values are looked at.</param>
public sealed record FieldValueList(IReadOnlyList<FieldValueInfo> Values, bool Complete);

/// <summary>A value of a field.</summary>
/// <param name="Value">The value.</param>
/// <param name="Runs">Active runs that have it.</param>
public sealed record FieldValueInfo(string Value, long Runs);
