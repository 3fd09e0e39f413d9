using Runstone.Core.Console;
using Runstone.Core.Datasets;
using Runstone.Core.Experiments;
using Runstone.Core.Ingest;
using Runstone.Core.Media;
using Runstone.Core.Metrics;
using Runstone.Core.Runs;
using Runstone.Storage.Sql.Consoles;

namespace Runstone.Storage.Sql;

/// <summary>
/// What an engine knows and writes while a group is applied. <see cref="IngestGroup"/> decides; an engine answers and obeys. An
/// answer includes what earlier batches of the group wrote, whether the engine asks its tables or remembers. Told effects are
/// never taken back but by the loss of the whole group.
/// </summary>
internal abstract class IngestTarget
{
    /// <summary>The run, or null when there is none.</summary>
    public abstract RunState? Find(string runId);

    /// <summary>The greatest batch number applied of the source; null when there is none.</summary>
    public abstract long? LastNumber(RunState run, string source);

    /// <summary>Whether the experiment is active; null when there is none.</summary>
    public abstract Lifecycle? Experiment(long id);

    /// <summary>The value of the param; null when it has none.</summary>
    public abstract string? Param(RunState run, string key);

    public abstract bool HasTag(RunState run, string key);

    /// <summary>How long the console of the run is.</summary>
    public abstract ConsoleSize Console(RunState run);

    /// <summary>Whether the blob is being removed and may not be linked.</summary>
    public abstract bool IsCondemned(string sha256);

    /// <summary>The number of the logged model; null when there is none.</summary>
    public abstract long? LoggedModel(string id);

    /// <summary>The id of the name, which is given one when it has none.</summary>
    public abstract long KeyId(string name);

    /// <summary>The whole step of the last point that earlier groups wrote to the series; null when there is none.</summary>
    public abstract long? LastStep(long runNo, long keyId);

    /// <summary>Makes the run; its document is written with <see cref="WriteRun"/>.</summary>
    public abstract RunState Create(Run run);

    public abstract void SetParam(RunState run, Param param);

    public abstract void SetTag(RunState run, Tag tag);

    public abstract void RemoveTag(RunState run, string key);

    /// <summary>Links the dataset, once: the tags of the first link are kept.</summary>
    public abstract void AddInput(RunState run, DatasetInput input);

    public abstract void SetModel(RunState run, ModelLink link);

    public abstract void SetArtifact(RunState run, ArtifactFile file, long now);

    /// <summary>Removes the file at the path and all below it.</summary>
    public abstract void RemoveArtifacts(RunState run, string path);

    /// <summary>Adds the chunks behind <paramref name="before"/>, which is what <see cref="Console"/> answers.</summary>
    public abstract void AppendConsole(RunState run, ConsoleSize before, ConsoleAppend append);

    /// <summary>Adds the item, behind those of its step that are there.</summary>
    public abstract void AddMedia(RunState run, MediaItem item);

    public abstract void SetSource(RunState run, BatchSequence sequence);

    /// <summary>Appends a row to the log at <see cref="RunState.NextSequence"/>; the bytes are valid during the call.</summary>
    public abstract void AppendLog(RunState run, ReadOnlySpan<byte> payload, ReadOnlySpan<byte> digest);

    /// <summary>Keeps the text of a point, once: one that is there changes nothing.</summary>
    public abstract void AddText(RunState run, long keyId, in MetricPoint point, string text);

    /// <summary>Keeps a point as a result of a logged model, in place of one that differs in the value alone.</summary>
    public abstract void SetModelMetric(RunState run, long keyId, in MetricPoint point, MetricModel model);

    /// <summary>Merges what the group adds to the newest values, once a group; ordered by run and key.</summary>
    public abstract void WriteLatest(ReadOnlySpan<SeriesDelta> series);

    /// <summary>Writes the run's own row, once a group.</summary>
    public abstract void WriteRun(RunState run);
}
