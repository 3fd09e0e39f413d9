namespace Runstone.Protocol;

/// <summary>Writes all runs that a search finds into a file.</summary>
public sealed record RunExportRequest
{
    /// <summary>Experiments to look in; null or empty means all.</summary>
    public IReadOnlyList<string>? ExperimentIds { get; init; }

    /// <summary>A condition; see docs/formats/filter.md.</summary>
    public string? Filter { get; init; }

    /// <summary>For example <c>metrics.auc desc</c>; default <c>start_time desc</c>.</summary>
    public IReadOnlyList<string>? OrderBy { get; init; }

    /// <summary>"active" (default), "archived", "deleted" or "all".</summary>
    public string? Lifecycle { get; init; }

    /// <summary>Leaves out runs that are nested in another run of the experiments and the lifecycle looked for. Default false.</summary>
    public bool Roots { get; init; }

    /// <summary>Only the runs of a group, as <c>/runs/groups</c> gave it.</summary>
    public IReadOnlyList<RunGroupKey>? Within { get; init; }

    /// <summary>The columns after <c>run_id</c>, named as those of a table; each is written once.</summary>
    public IReadOnlyList<string>? Columns { get; init; }
}
