using Runstone.Core.Experiments;
using Runstone.Core.Metrics;
using Runstone.Core.Runs;

namespace Runstone.Core.Models;

/// <summary>How far a logged model is.</summary>
public enum LoggedModelStatus
{
    /// <summary>Its files are still being written, or nobody said that they are all there.</summary>
    Pending = 0,
    Ready = 1,
    Failed = 2,
}

/// <summary>
/// A model as training leaves it behind: params, files and results, before anybody gives it a name in the registry. A run may log
/// many, one a checkpoint for example.
/// </summary>
public sealed record LoggedModel
{
    /// <summary><c>m-</c> and 32 lower-case hex digits; unique in the store.</summary>
    public required string Id { get; init; }

    public required long ExperimentId { get; init; }

    /// <summary>Not unique. 1 to 500 characters, none of <c>/ : . % " '</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What the client calls its kind; empty when it named none.</summary>
    public string Type { get; init; } = "";

    /// <summary>The run that made it, as the client named it; it need not exist in this store. Null when it named none.</summary>
    public string? RunId { get; init; }

    /// <summary>Where clients look for the files.</summary>
    public required string Location { get; init; }

    public LoggedModelStatus Status { get; init; }

    /// <summary>Unix time in milliseconds.</summary>
    public long CreatedAt { get; init; }

    /// <summary>Unix time in milliseconds of the last change of the status; tags and params do not count.</summary>
    public long UpdatedAt { get; init; }

    /// <summary>Ordered by key. Each is written once.</summary>
    public IReadOnlyList<Param> Params { get; init; } = [];

    /// <summary>Ordered by key.</summary>
    public IReadOnlyList<Tag> Tags { get; init; } = [];

    /// <summary>The newest points by time, as many as the reader asked for; ordered by key, time, step, run and dataset.</summary>
    public IReadOnlyList<LoggedModelMetric> Metrics { get; init; } = [];
}

/// <summary>A result of a model, which is a point of a run too.</summary>
/// <param name="Key">The metric's name.</param>
/// <param name="RunId">The run that logged it.</param>
/// <param name="Dataset">What the model was measured on; null when the client did not say.</param>
/// <param name="Point">Step, time and value.</param>
public sealed record LoggedModelMetric(string Key, string RunId, DatasetName? Dataset, SeriesPoint Point);

/// <summary>A dataset by what a client calls it.</summary>
/// <param name="Name">At most 500 characters.</param>
/// <param name="Digest">The client's digest of the content, at most 128 characters; in a search null means any.</param>
public sealed record DatasetName(string Name, string? Digest);

/// <summary>A model to create.</summary>
public sealed record NewLoggedModel(string Id, long ExperimentId, string Name, string Location)
{
    public string Type { get; init; } = "";

    public string? RunId { get; init; }

    /// <summary>Of a key given twice the last value is kept.</summary>
    public IReadOnlyList<Param> Params { get; init; } = [];

    /// <summary>Of a key given twice the last value is kept.</summary>
    public IReadOnlyList<Tag> Tags { get; init; } = [];
}

/// <summary>A change of one model; absent members stay as they are. Applied as a whole or not at all.</summary>
public sealed record LoggedModelPatch
{
    public LoggedModelStatus? Status { get; init; }

    /// <summary>Params to add; each keeps the value it has.</summary>
    public IReadOnlyList<Param> AddParams { get; init; } = [];

    /// <summary>Set or replaced.</summary>
    public IReadOnlyList<Tag> SetTags { get; init; } = [];

    /// <summary>One that is not there changes nothing.</summary>
    public IReadOnlyList<string> RemoveTags { get; init; } = [];
}
