using Runstone.Core.Errors;
using Runstone.Core.Experiments;
using Runstone.Core.Ingest;
using Runstone.Core.Runs;
using Runstone.Storage.Sql;

namespace Runstone.Storage.Sqlite;

/// <summary>
/// Group commit. Each batch is checked in full before anything of it is written, so that a refusal needs no rollback and a batch
/// no savepoint; rows that many batches touch (the run, the newest values) are written once, at the end of the group.
/// </summary>
internal sealed class SqliteIngestStore(SqliteDatabase database, WriterCache cache) : IIngestStore, IDisposable
{
    private readonly IngestWriter _writer = new(cache);
    private readonly MetricWriter _metrics = new(cache);
    private readonly List<RunState> _touched = [];

    public async ValueTask CommitAsync(
        IReadOnlyList<IngestBatch> batches, Memory<IngestOutcome> outcomes, long now, CancellationToken cancellationToken)
    {
        await database.WriteAsync(session => Commit(session, batches, outcomes, now), cancellationToken);
    }

    public void Dispose() => _metrics.Dispose();

    private bool Commit(SqliteSession session, IReadOnlyList<IngestBatch> batches, Memory<IngestOutcome> outcomes, long now)
    {
        try
        {
            SqliteDatabase.Transact(session, s => ApplyAll(s, batches, outcomes, now));
            cache.Trim();
            return true;
        }
        catch
        {
            cache.Forget();
            throw;
        }
        finally
        {
            _metrics.Clear();
            _touched.Clear();
        }
    }

    private bool ApplyAll(SqliteSession session, IReadOnlyList<IngestBatch> batches, Memory<IngestOutcome> outcomes, long now)
    {
        var results = outcomes.Span;
        for (var i = 0; i < batches.Count; i++)
            results[i] = Apply(session, batches[i], now);
        _metrics.Flush(session);
        foreach (var state in _touched)
            IngestWriter.WriteRun(session, state);
        return true;
    }

    private IngestOutcome Apply(SqliteSession session, IngestBatch batch, long now)
    {
        var state = cache.Find(session, batch.RunId);
        if (state is not null && batch.Sequence is { } sequence && IngestWriter.IsReplay(session, state, sequence))
            return new IngestOutcome(state.Run, null, Replayed: true);
        if (Check(session, batch, state) is { } error)
            return new IngestOutcome(null, error);
        if (state is not null && IsNoChange(batch, state))
            return new IngestOutcome(state.Run, null);

        if (state is null)
            cache.Add(state = IngestWriter.Create(session, batch, now));
        _writer.Write(session, batch, state, now);
        _metrics.Write(session, batch.Metrics, state);
        state.Run = state.Run with { UpdatedAt = now };
        if (!state.Touched)
        {
            state.Touched = true;
            _touched.Add(state);
        }

        return new IngestOutcome(state.Run, null);
    }

    private Error? Check(SqliteSession session, IngestBatch batch, RunState? state)
    {
        if (batch.Create is { } create)
        {
            if (state is not null)
                return new RunAlreadyExists(batch.RunId);
            if (IngestWriter.CheckExperiment(session, create.ExperimentId) is { } error)
                return error;
        }
        else if (state is null)
        {
            return new RunNotFound(batch.RunId);
        }
        else if (state.Run.Lifecycle == Lifecycle.Deleted && !IsOnlyLifecycle(batch))
        {
            return new RunNotActive(batch.RunId);
        }
        else if (batch.RejectWhenEnded && HasEnded(state.Run.Status) && (batch.Patch?.Status ?? state.Run.Status) == state.Run.Status)
        {
            return new RunEnded(batch.RunId, state.Run.Status);
        }

        return _writer.CheckParams(session, batch, state) ?? _writer.CheckRemovedTags(session, batch, state);
    }

    private static bool HasEnded(RunStatus status) => status is RunStatus.Finished or RunStatus.Failed or RunStatus.Killed;

    /// <summary>Restoring an active run and deleting a deleted one.</summary>
    private static bool IsNoChange(IngestBatch batch, RunState state) =>
        batch.Patch?.Lifecycle == state.Run.Lifecycle && IsOnlyLifecycle(batch) && batch.Sequence is null;

    private static bool IsOnlyLifecycle(IngestBatch batch) =>
        batch.Patch is { Lifecycle: not null, Name: null, Status: null, EndTime: null, ParentId: null, Notes: null, Environment: null }
        && batch.Params.Count == 0 && batch.Tags.Count == 0 && batch.RemoveTags.Count == 0 && batch.Inputs.Count == 0
        && batch.Models.Count == 0 && batch.Artifacts.Count == 0 && batch.RemoveArtifacts.Count == 0 && batch.Metrics.Points.IsEmpty;
}
