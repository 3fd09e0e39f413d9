using Runstone.Core.Experiments;
using Runstone.Core.Ingest;
using Runstone.Core.Runs;

namespace Runstone.Storage.Sql;

/// <summary>
/// Applies the batches of one group commit. Each batch is checked in full before anything of it is written, so that a refusal
/// needs no rollback and a batch no savepoint; rows that many batches touch (the run, the newest values) are written once, at the
/// end of the group. Keeps its buffers: one instance a writer.
/// </summary>
internal sealed class IngestGroup(IngestTarget target) : IDisposable
{
    private readonly MetricWriter _metrics = new(target);
    private readonly List<RunState> _touched = [];

    public void Apply(IReadOnlyList<IngestBatch> batches, Span<IngestOutcome> outcomes, long now)
    {
        for (var i = 0; i < batches.Count; i++)
            outcomes[i] = Apply(batches[i], now);
        _metrics.Flush();
        foreach (var run in _touched)
        {
            target.WriteRun(run);
            run.Touched = run.FactsChanged = run.DocumentChanged = run.BecameUnsealed = false;
        }
    }

    /// <summary>Forgets the group, whether it was kept or not.</summary>
    public void Clear()
    {
        _metrics.Clear();
        _touched.Clear();
    }

    public void Dispose() => _metrics.Dispose();

    private IngestOutcome Apply(IngestBatch batch, long now)
    {
        var run = target.Find(batch.RunId);
        if (run is not null && IngestRules.IsReplay(target, batch, run))
            return new IngestOutcome(run.Run, null, Replayed: true);
        if (IngestRules.Check(target, batch, run) is { } error)
            return new IngestOutcome(null, error);
        if (run is not null && IngestRules.IsNoChange(batch, run))
            return new IngestOutcome(run.Run, null);

        run ??= Create(batch, now);
        Write(batch, run, now);
        if (!run.Touched)
        {
            // Two commits in one millisecond must not look like one: copies tell by it what changed.
            run.Run = run.Run with { UpdatedAt = Math.Max(run.Run.UpdatedAt + 1, now) };
            run.Touched = true;
            _touched.Add(run);
        }

        return new IngestOutcome(run.Run, null) { TailPoints = run.TailPoints };
    }

    private RunState Create(IngestBatch batch, long now)
    {
        var create = batch.Create!;
        var run = target.Create(new Run
        {
            Id = batch.RunId,
            ExperimentId = create.ExperimentId,
            Name = create.Name,
            User = create.User,
            Status = create.Status,
            StartTime = create.StartTime,
            ParentId = create.ParentId,
            ArtifactUri = create.ArtifactUri,
            Notes = create.Notes,
            Environment = create.Environment,
        });
        run.DocumentChanged = create.Notes.Length > 0 || create.Environment is not null;
        return run;
    }

    private void Write(IngestBatch batch, RunState run, long now)
    {
        if (batch.Patch is { } patch)
            Patch(patch, run, now);
        for (var i = 0; i < batch.Params.Count; i++)
            target.SetParam(run, batch.Params[i]);
        for (var i = 0; i < batch.Tags.Count; i++)
            target.SetTag(run, batch.Tags[i]);
        for (var i = 0; i < batch.RemoveTags.Count; i++)
            target.RemoveTag(run, batch.RemoveTags[i]);
        for (var i = 0; i < batch.Inputs.Count; i++)
            target.AddInput(run, batch.Inputs[i]);
        for (var i = 0; i < batch.Models.Count; i++)
            target.SetModel(run, batch.Models[i]);
        for (var i = 0; i < batch.Artifacts.Count; i++)
            target.SetArtifact(run, batch.Artifacts[i], now);
        for (var i = 0; i < batch.RemoveArtifacts.Count; i++)
            target.RemoveArtifacts(run, batch.RemoveArtifacts[i]);
        if (batch.Console is { } console)
            target.AppendConsole(run, target.Console(run), console);
        for (var i = 0; i < batch.Media.Count; i++)
            target.AddMedia(run, batch.Media[i]);
        if (batch.Sequence is { } sequence)
            target.SetSource(run, sequence);
        _metrics.Write(batch.Metrics, run);
    }

    private static void Patch(RunPatch patch, RunState state, long now)
    {
        var run = state.Run;
        var deleted = (patch.Lifecycle ?? run.Lifecycle) == Lifecycle.Deleted;
        state.Run = run with
        {
            Name = patch.Name ?? run.Name,
            Status = patch.Status ?? run.Status,
            EndTime = patch.EndTime ?? (patch.Status is RunStatus.Running or RunStatus.Scheduled ? null : run.EndTime),
            Lifecycle = patch.Lifecycle ?? run.Lifecycle,
            DeletedAt = deleted ? run.DeletedAt ?? now : null,
            ParentId = patch.ParentId is null ? run.ParentId : patch.ParentId.Length == 0 ? null : patch.ParentId,
            Notes = patch.Notes ?? run.Notes,
            Environment = patch.Environment ?? run.Environment,
        };
        state.FactsChanged = true;
        state.BecameUnsealed |= patch.Status is { } status && IngestRules.HasEnded(status) && state.NextSequence > 0;
        state.DocumentChanged |= patch.Notes is not null || patch.Environment is not null;
    }
}
