using System.Text.Json;

namespace Runstone.Protocol;

/// <summary>What the runs of a group agree in.</summary>
/// <param name="Field">A field that orders can name.</param>
/// <param name="Value">
/// A number for metrics, <c>start_time</c>, <c>end_time</c> and <c>duration</c> ("NaN", "Infinity" and "-Infinity" are texts), else a text; null or absent for the runs without
/// a value.
/// </param>
public sealed record RunGroupKey(string Field, JsonElement? Value = null);

/// <summary>Groups the runs that a search finds by what they agree in.</summary>
public sealed record RunGroupsRequest
{
    /// <summary>Experiments to look in; null or empty means all.</summary>
    public IReadOnlyList<string>? ExperimentIds { get; init; }

    /// <summary>A condition; see docs/formats/filter.md.</summary>
    public string? Filter { get; init; }

    /// <summary>"active" (default), "archived", "deleted" or "all".</summary>
    public string? Lifecycle { get; init; }

    /// <summary>
    /// 1 to 4 fields that orders can name, outermost first. The answer has the groups of the first; of a later one when <see cref="Within"/> names those before it.
    /// </summary>
    public IReadOnlyList<string>? By { get; init; }

    /// <summary>The group to look into, from the outermost one: fields as in <see cref="By"/>, fewer of them. Null or empty looks at all runs.</summary>
    public IReadOnlyList<RunGroupKey>? Within { get; init; }

    /// <summary>What to tell of each group, named as the columns of a table. Runs times columns and the field grouped by are at most 2,000,000.</summary>
    public IReadOnlyList<string>? Columns { get; init; }

    /// <summary>Columns of numbers of which the best run is named, with "min" or "max".</summary>
    public IReadOnlyDictionary<string, string>? Goals { get; init; }

    /// <summary>
    /// <c>count</c>, <c>value</c> or a figure of a column such as <c>mean(metrics.loss)</c>, each with <c>asc</c> or <c>desc</c>; default <c>count desc</c>.
    /// Groups without the figure come last.
    /// </summary>
    public IReadOnlyList<string>? OrderBy { get; init; }

    /// <summary>1 to 1,000; default 100.</summary>
    public int? Limit { get; init; }

    /// <summary>Groups of the order to pass over; 0 to 1,000,000, default 0.</summary>
    public int? Skip { get; init; }
}

/// <summary>A page of groups.</summary>
/// <param name="Groups">In the order asked for.</param>
/// <param name="Total">How many groups there are.</param>
/// <param name="Runs">How many runs are in them.</param>
public sealed record RunGroupsPage(IReadOnlyList<RunGroupInfo> Groups, int Total, int Runs);

/// <summary>Runs that agree in a value.</summary>
/// <param name="Value">As in <see cref="RunGroupKey.Value"/>; absent for the runs without one.</param>
/// <param name="Count">How many runs.</param>
/// <param name="Within">Sent as <c>within</c>, asks for what is in the group: groups of the next field, or a table of its runs.</param>
/// <param name="Columns">As asked for, in that order.</param>
public sealed record RunGroupInfo(JsonElement? Value, int Count, IReadOnlyList<RunGroupKey> Within, IReadOnlyList<RunGroupFigures> Columns);

/// <summary>What is told of a column in a group: figures of its numbers, or how far its texts agree. What there is none of is absent.</summary>
/// <param name="Field">As it was asked for.</param>
/// <param name="Count">Runs with a value; of numbers, with a finite one.</param>
public sealed record RunGroupFigures(string Field, int Count)
{
    /// <summary>Runs whose number is NaN or infinite, which all figures leave out; absent when there are none.</summary>
    public int? NotFinite { get; init; }

    /// <summary>The mean of the numbers.</summary>
    public double? Mean { get; init; }

    /// <summary>Their sample standard deviation, 0 for one; divided by the root of <see cref="Count"/> it is the standard error of the mean.</summary>
    public double? Deviation { get; init; }

    /// <summary>The least number.</summary>
    public double? Min { get; init; }

    /// <summary>The greatest number.</summary>
    public double? Max { get; init; }

    /// <summary>The number in the middle, or the mean of the two.</summary>
    public double? Median { get; init; }

    /// <summary>The run that is best by the goal, the newest of several.</summary>
    public RunGroupBest? Best { get; init; }

    /// <summary>How many texts there are.</summary>
    public int? Distinct { get; init; }

    /// <summary>The text, when there is one alone.</summary>
    public string? Same { get; init; }
}

/// <summary>The best run of a group.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Value">Its number.</param>
public sealed record RunGroupBest(string RunId, double Value);
