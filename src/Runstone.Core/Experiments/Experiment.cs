namespace Runstone.Core.Experiments;

/// <summary>
/// Whether something is in use, was deleted, or was put away. Deleted things stay readable and can be restored, and accept nothing else.
/// Archived ones are left out of lists that do not ask for them, and are in use in every other way. The numbers are those of the tables.
/// </summary>
public enum Lifecycle
{
    Active = 0,
    Deleted = 1,
    Archived = 2,
}

/// <summary>Which lifecycle stages a search returns.</summary>
public enum LifecycleView
{
    Active,
    Deleted,
    Archived,
    All,
}

/// <summary>A named set of runs.</summary>
public sealed record Experiment
{
    /// <summary>Assigned by the store, ascending, never reused. 0 is the experiment "Default", which always exists.</summary>
    public required long Id { get; init; }

    /// <summary>Unique among all experiments, deleted and archived ones included. 1 to 500 characters.</summary>
    public required string Name { get; init; }

    /// <summary>Where the creating client wanted artifacts to be addressed; null for the server's own address.</summary>
    public string? ArtifactLocation { get; init; }

    public Lifecycle Lifecycle { get; init; }

    /// <summary>Unix time in milliseconds.</summary>
    public long CreatedAt { get; init; }

    /// <summary>Unix time in milliseconds of the last rename, tag change or change of the lifecycle, the notes or the pinned metric.</summary>
    public long UpdatedAt { get; init; }

    /// <summary>Notes in Markdown.</summary>
    public string Notes { get; init; } = "";

    /// <summary>The key of the metric by which people look at its runs in lists of experiments; null when nobody chose one.</summary>
    public string? PinnedMetric { get; init; }

    /// <summary>Free key-value pairs, ordered by key.</summary>
    public IReadOnlyList<Tag> Tags { get; init; } = [];
}

/// <summary>A free key-value pair on an experiment, a run or an input. Keys are unique on their owner.</summary>
public sealed record Tag(string Key, string Value);

/// <summary>An experiment to create.</summary>
public sealed record NewExperiment(string Name, string? ArtifactLocation = null)
{
    public IReadOnlyList<Tag> Tags { get; init; } = [];

    public string Notes { get; init; } = "";
}

/// <summary>A change of one experiment; absent members stay as they are. Applied as a whole or not at all.</summary>
public sealed record ExperimentPatch
{
    public string? Name { get; init; }

    /// <summary>Deleting an experiment deletes its runs; restoring it makes all its runs active. Archiving it leaves its runs as they are.</summary>
    public Lifecycle? Lifecycle { get; init; }

    public string? Notes { get; init; }

    /// <summary>The key of a metric, which no run need have; an empty one takes the pin away.</summary>
    public string? PinnedMetric { get; init; }

    public IReadOnlyList<Tag> SetTags { get; init; } = [];

    public IReadOnlyList<string> RemoveTags { get; init; } = [];
}

/// <summary>What the home page shows of an experiment beside its name.</summary>
/// <param name="Experiment">The experiment.</param>
/// <param name="Runs">Active runs.</param>
/// <param name="Running">Active runs with status running.</param>
/// <param name="Failed">Active runs with status failed or killed.</param>
/// <param name="Finished">Active runs with status finished.</param>
/// <param name="LastActivityAt">Unix milliseconds of the newest start or end of a run, or the creation of the experiment.</param>
public sealed record ExperimentSummary(Experiment Experiment, long Runs, long Running, long Failed, long Finished, long LastActivityAt)
{
    /// <summary>
    /// The last value of the pinned metric in the newest active runs that have it, at most <see cref="MaxPinned"/>, by their start; empty without a pinned metric.
    /// Runs are looked for among the newest <see cref="MaxLooked"/>.
    /// </summary>
    public IReadOnlyList<PinnedValue> Pinned { get; init; } = [];

    public const int MaxPinned = 40;

    public const int MaxLooked = 200;
}

/// <summary>The last value of a metric in a run; it may be NaN or infinite.</summary>
public sealed record PinnedValue(string RunId, double Value);
