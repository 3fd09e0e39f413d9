using Runstone.Core.Artifacts;
using Runstone.Core.Console;
using Runstone.Core.Datasets;
using Runstone.Core.Errors;
using Runstone.Core.Experiments;
using Runstone.Core.Media;
using Runstone.Core.Metrics;
using Runstone.Core.Runs;

namespace Runstone.Core.Ingest;

/// <summary>
/// Everything a client says about one run in one request: the only way in which a run is written. A batch is applied as a whole
/// or not at all. Within it the order is: create, patch, params, tags, removed tags, inputs, models, artifacts, console, media, metrics.
/// </summary>
public sealed record IngestBatch(string RunId)
{
    /// <summary>Creates the run; the batch fails with <see cref="RunAlreadyExists"/> when there is one.</summary>
    public NewRun? Create { get; init; }

    public RunPatch? Patch { get; init; }

    public IReadOnlyList<Param> Params { get; init; } = [];

    public ParamPolicy ParamPolicy { get; init; }

    /// <summary>Set or replaced.</summary>
    public IReadOnlyList<Tag> Tags { get; init; } = [];

    /// <summary>Tags to remove; the batch fails with <see cref="RunTagNotFound"/> when one is not there.</summary>
    public IReadOnlyList<string> RemoveTags { get; init; } = [];

    /// <summary>Linking a dataset again changes nothing: the tags of the first link are kept.</summary>
    public IReadOnlyList<DatasetInput> Inputs { get; init; } = [];

    public IReadOnlyList<ModelLink> Models { get; init; } = [];

    /// <summary>Files whose blobs are durable.</summary>
    public IReadOnlyList<ArtifactFile> Artifacts { get; init; } = [];

    /// <summary>Files or folders (with all below) to remove; what is not there is no error.</summary>
    public IReadOnlyList<string> RemoveArtifacts { get; init; } = [];

    /// <summary>Lines for the end of its console; the batch fails with <see cref="ConsoleFull"/> when that has too much.</summary>
    public ConsoleAppend? Console { get; init; }

    /// <summary>Added in this order, however often the same comes.</summary>
    public IReadOnlyList<MediaItem> Media { get; init; } = [];

    public MetricBatch Metrics { get; init; } = MetricBatch.Empty;

    /// <summary>Makes sending the batch again harmless; null when the protocol has no such thing.</summary>
    public BatchSequence? Sequence { get; init; }

    /// <summary>Fail with <see cref="RunEnded"/> when the run has ended and the batch does not set another status.</summary>
    public bool RejectWhenEnded { get; init; }
}

/// <summary>What happens when a param is logged again with another value.</summary>
public enum ParamPolicy
{
    /// <summary>The batch fails with <see cref="ParamsChanged"/>.</summary>
    Immutable,

    /// <summary>The newest value is kept.</summary>
    Replace,
}

/// <summary>
/// The place of a batch in the stream of one source (a client process). Numbers of a source ascend; a batch whose number is not
/// above the greatest one applied for (run, source) is acknowledged and has no effect.
/// </summary>
/// <param name="Source">1 to 128 characters, chosen by the client, unique to the process.</param>
/// <param name="Number">Not negative.</param>
public sealed record BatchSequence(string Source, long Number);

/// <summary>A run to create.</summary>
public sealed record NewRun(long ExperimentId)
{
    public string Name { get; init; } = "";

    public string User { get; init; } = "";

    public RunStatus Status { get; init; } = RunStatus.Running;

    /// <summary>Unix milliseconds.</summary>
    public long StartTime { get; init; }

    public string? ParentId { get; init; }

    public string? ArtifactUri { get; init; }

    public string Notes { get; init; } = "";

    public string? Environment { get; init; }
}

/// <summary>A change of a run's own facts; absent members stay as they are.</summary>
public sealed record RunPatch
{
    public string? Name { get; init; }

    public RunStatus? Status { get; init; }

    /// <summary>Unix milliseconds. Setting the status to running or scheduled clears the end time unless one is set too.</summary>
    public long? EndTime { get; init; }

    /// <summary>Setting what it is already changes nothing. The only change a deleted run accepts.</summary>
    public Lifecycle? Lifecycle { get; init; }

    /// <summary>An empty id takes the run out of its parent.</summary>
    public string? ParentId { get; init; }

    public string? Notes { get; init; }

    public string? Environment { get; init; }
}

/// <summary>A file to link to the run.</summary>
public sealed record ArtifactFile(string Path, BlobRef Blob);

/// <summary>
/// What became of a batch: the run after it, or the reason why nothing of it was kept. An engine that would have to read them may
/// leave out notes and environment of the run when the batch neither makes nor patches it.
/// </summary>
public readonly record struct IngestOutcome(Run? Run, Error? Error, bool Replayed = false)
{
    /// <summary>Points of the run, after this batch, that are in the log and in no chunk; 0 when the batch changed nothing.</summary>
    public long TailPoints { get; init; }
}
