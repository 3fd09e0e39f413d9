using System.Globalization;
using Runstone.Core.Artifacts;
using Runstone.Core.Console;
using Runstone.Core.Errors;
using Runstone.Core.Experiments;
using Runstone.Core.Ingest;
using Runstone.Core.Models;
using Runstone.Core.Runs;

namespace Runstone.Storage.Sql;

/// <summary>Whether a batch may be applied: what the contract of ingestion leaves to the store.</summary>
internal static class IngestRules
{
    public static bool IsReplay(IngestTarget target, IngestBatch batch, RunState run) =>
        batch.Sequence is { } sequence && sequence.Number <= target.LastNumber(run, sequence.Source);

    /// <summary>The reason why the batch is refused; null when it may be applied.</summary>
    public static Error? Check(IngestTarget target, IngestBatch batch, RunState? run) =>
        CheckRun(target, batch, run)
        ?? CheckParams(target, batch, run)
        ?? (Error?)CheckRemovedTags(target, batch, run)
        ?? CheckArtifacts(target, batch)
        ?? (Error?)CheckConsole(target, batch, run)
        ?? CheckModels(target, batch);

    /// <summary>Restoring an active run, deleting a deleted one, archiving an archived one.</summary>
    public static bool IsNoChange(IngestBatch batch, RunState run) =>
        batch.Patch?.Lifecycle == run.Run.Lifecycle && IsOnlyLifecycle(batch) && batch.Sequence is null;

    private static Error? CheckRun(IngestTarget target, IngestBatch batch, RunState? run)
    {
        if (batch.Create is { } create)
            return run is not null ? new RunAlreadyExists(batch.RunId) : CheckExperiment(target, create.ExperimentId);
        if (run is null)
            return new RunNotFound(batch.RunId);
        if (run.Run.Lifecycle == Lifecycle.Deleted && !IsOnlyLifecycle(batch))
            return new RunNotActive(batch.RunId);
        var status = run.Run.Status;
        return batch.RejectWhenEnded && HasEnded(status) && (batch.Patch?.Status ?? status) == status ? new RunEnded(batch.RunId, status) : null;
    }

    private static Error? CheckExperiment(IngestTarget target, long id) => target.Experiment(id) switch
    {
        null => new ExperimentNotFound(id.ToString(CultureInfo.InvariantCulture)),
        Lifecycle.Deleted => new ExperimentNotActive(id),
        _ => null,
    };

    /// <summary>A param keeps its first value, whether that came with an earlier batch or stands earlier in this one.</summary>
    private static ParamsChanged? CheckParams(IngestTarget target, IngestBatch batch, RunState? run)
    {
        if (batch.ParamPolicy == ParamPolicy.Replace || batch.Params.Count == 0)
            return null;
        var values = new Dictionary<string, string>(batch.Params.Count, StringComparer.Ordinal);
        List<ParamChange>? changes = null;
        foreach (var (key, value) in batch.Params)
        {
            if (!values.TryGetValue(key, out var old))
                values[key] = old = (run is null ? null : target.Param(run, key)) ?? value;
            if (!string.Equals(old, value, StringComparison.Ordinal))
                (changes ??= []).Add(new ParamChange(key, old, value));
        }

        return changes is null ? null : new ParamsChanged(batch.RunId, changes);
    }

    private static RunTagNotFound? CheckRemovedTags(IngestTarget target, IngestBatch batch, RunState? run)
    {
        if (batch.RemoveTags.Count == 0)
            return null;
        var added = batch.Tags.Select(t => t.Key).ToHashSet(StringComparer.Ordinal);
        var removed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var key in batch.RemoveTags)
        {
            if (!removed.Add(key) || (!added.Contains(key) && (run is null || !target.HasTag(run, key))))
                return new RunTagNotFound(batch.RunId, key);
        }

        return null;
    }

    private static BlobCondemned? CheckArtifacts(IngestTarget target, IngestBatch batch)
    {
        for (var i = 0; i < batch.Artifacts.Count; i++)
        {
            var sha256 = batch.Artifacts[i].Blob.Sha256;
            if (target.IsCondemned(sha256))
                return new BlobCondemned(sha256);
        }

        return null;
    }

    private static ConsoleFull? CheckConsole(IngestTarget target, IngestBatch batch, RunState? run)
    {
        if (run is null || batch.Console is not { } console)
            return null;
        var bytes = target.Console(run).Bytes;
        return bytes + console.Bytes > ConsoleLimits.MaxBytes ? new ConsoleFull(batch.RunId, bytes) : null;
    }

    private static LoggedModelNotFound? CheckModels(IngestTarget target, IngestBatch batch)
    {
        var models = batch.Metrics.Models;
        for (var i = 0; i < models.Count; i++)
        {
            // Most batches are about one model.
            if ((i == 0 || models[i].ModelId != models[i - 1].ModelId) && target.LoggedModel(models[i].ModelId) is null)
                return new LoggedModelNotFound(models[i].ModelId);
        }

        return null;
    }

    public static bool HasEnded(RunStatus status) => status is RunStatus.Finished or RunStatus.Failed or RunStatus.Killed;

    private static bool IsOnlyLifecycle(IngestBatch batch) =>
        batch.Patch is { Lifecycle: not null, Name: null, Status: null, EndTime: null, ParentId: null, Notes: null, Environment: null }
        && batch.Params.Count == 0 && batch.Tags.Count == 0 && batch.RemoveTags.Count == 0 && batch.Inputs.Count == 0
        && batch.Models.Count == 0 && batch.Artifacts.Count == 0 && batch.RemoveArtifacts.Count == 0 && batch.Console is null
        && batch.Media.Count == 0 && batch.Metrics.Points.IsEmpty;
}
