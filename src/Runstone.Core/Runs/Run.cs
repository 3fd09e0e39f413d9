using Runstone.Core.Datasets;
using Runstone.Core.Experiments;
using Runstone.Core.Metrics;

namespace Runstone.Core.Runs;

/// <summary>Where a run stands.</summary>
public enum RunStatus
{
    Running = 1,
    Scheduled = 2,
    Finished = 3,
    Failed = 4,
    Killed = 5,
}

/// <summary>One execution of training code: the facts that are not params, metrics, tags or inputs.</summary>
public sealed record Run
{
    /// <summary>
    /// Chosen by the client or by the server (a version 7 UUID as 32 hex digits). 1 to 256 characters: a letter or digit, then
    /// letters, digits, <c>_</c> and <c>-</c>. Unique in the server, never reused.
    /// </summary>
    public required string Id { get; init; }

    public required long ExperimentId { get; init; }

    public string Name { get; init; } = "";

    /// <summary>Who started it, as the client says.</summary>
    public string User { get; init; } = "";

    public RunStatus Status { get; init; } = RunStatus.Running;

    /// <summary>Unix milliseconds, the client's clock.</summary>
    public long StartTime { get; init; }

    /// <summary>Unix milliseconds, the client's clock; null while it runs.</summary>
    public long? EndTime { get; init; }

    public Lifecycle Lifecycle { get; init; }

    /// <summary>Unix milliseconds of the deletion; null when not deleted.</summary>
    public long? DeletedAt { get; init; }

    /// <summary>The run this one is nested in; null for a top-level run. The parent need not exist (yet).</summary>
    public string? ParentId { get; init; }

    /// <summary>The address under which the creating client looks for artifacts; null for the server's own.</summary>
    public string? ArtifactUri { get; init; }

    /// <summary>Notes in Markdown.</summary>
    public string Notes { get; init; } = "";

    /// <summary>
    /// Code, command line, packages and machine as one JSON object (docs/formats/run-environment.md); null when the client told nothing.
    /// </summary>
    public string? Environment { get; init; }

    /// <summary>Unix milliseconds, the server's clock, of the newest write to the run; greater with every commit, so a little ahead of a clock that stands.</summary>
    public long UpdatedAt { get; init; }
}

/// <summary>A hyperparameter: text as the client wrote it.</summary>
public sealed record Param(string Key, string Value);

/// <summary>A run with everything that was logged to it except histories and files. Lists are ordered by key (ordinal).</summary>
public sealed record RunDetails(Run Run)
{
    public IReadOnlyList<Param> Params { get; init; } = [];

    public IReadOnlyList<MetricSummary> Metrics { get; init; } = [];

    public IReadOnlyList<Tag> Tags { get; init; } = [];

    /// <summary>In the order in which they were first linked.</summary>
    public IReadOnlyList<DatasetInput> Inputs { get; init; } = [];

    /// <summary>In the order in which they were first linked.</summary>
    public IReadOnlyList<ModelLink> Models { get; init; } = [];
}

/// <summary>Whether a run read a logged model or made it.</summary>
public enum ModelDirection
{
    Input = 0,
    Output = 1,
}

/// <summary>The edge between a run and a logged model, which is named by its id and need not be known to the server.</summary>
public sealed record ModelLink(string ModelId, ModelDirection Direction, long Step);
