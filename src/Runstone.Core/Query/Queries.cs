using Runstone.Core.Experiments;
using Runstone.Core.Runs;

namespace Runstone.Core.Query;

/// <summary>One page of a search.</summary>
/// <param name="Items">In the order asked for.</param>
/// <param name="HasMore">At least one more item matched after the last of these.</param>
public sealed record SearchPage<T>(IReadOnlyList<T> Items, bool HasMore);

/// <summary>One page of runs.</summary>
/// <param name="Items">In the order asked for.</param>
/// <param name="Next">The position of the last of them when at least one more run matched after it; else null.</param>
public sealed record FoundRuns(IReadOnlyList<RunDetails> Items, RunPosition? Next)
{
    /// <summary>At least one more run matched.</summary>
    public bool HasMore => Next is not null;
}

/// <summary>Which runs, in which order, with which columns.</summary>
public sealed record RunQuery
{
    /// <summary>The experiments to look in; empty means all.</summary>
    public IReadOnlyList<long> ExperimentIds { get; init; } = [];

    public Filter Filter { get; init; } = Filter.All;

    public IReadOnlyList<Ordering> OrderBy { get; init; } = [];

    public LifecycleView Lifecycle { get; init; } = LifecycleView.Active;

    /// <summary>
    /// Leaves out runs that are nested in another one of the experiments and the lifecycle looked for, whether or not the filter finds that one:
    /// what a tree of runs begins with.
    /// </summary>
    public bool Roots { get; init; }

    /// <summary>1 to 50,000.</summary>
    public int Limit { get; init; } = 100;

    /// <summary>Only runs that come after this position in the order, which it must fit; null begins at the first.</summary>
    public RunPosition? After { get; init; }

    /// <summary>
    /// Rows to pass over, for clients that jump to a row: each of them is read, and none stays where it is while runs are written.
    /// Going on from a page is <see cref="After"/>.
    /// </summary>
    public long Offset { get; init; }

    public RunProjection Columns { get; init; } = RunProjection.Everything;
}

/// <summary>The columns a search returns beside the facts of the run; null means all keys, an empty list none.</summary>
public sealed record RunProjection
{
    public IReadOnlyList<string>? Metrics { get; init; }

    public IReadOnlyList<string>? Params { get; init; }

    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>Whether dataset inputs and model links are wanted.</summary>
    public bool Inputs { get; init; }

    public static readonly RunProjection Everything = new() { Inputs = true };

    public static readonly RunProjection Nothing = new() { Metrics = [], Params = [], Tags = [] };
}

/// <summary>Which experiments, in which order.</summary>
public sealed record ExperimentQuery
{
    public Filter Filter { get; init; } = Filter.All;

    public IReadOnlyList<Ordering> OrderBy { get; init; } = [];

    public LifecycleView Lifecycle { get; init; } = LifecycleView.Active;

    /// <summary>1 to 50,000.</summary>
    public int Limit { get; init; } = 1000;

    public long Offset { get; init; }
}
