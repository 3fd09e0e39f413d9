using System.Globalization;
using Runstone.Core.Errors;
using Runstone.Core.Experiments;
using Runstone.Core.Ingest;
using Runstone.Core.Runs;
using Runstone.Storage.Sql;

namespace Runstone.Storage.Sqlite;

/// <summary>Checks and writes everything of a batch but its metrics.</summary>
internal sealed class IngestWriter(WriterCache cache)
{
    public static bool IsReplay(SqliteSession session, RunState state, BatchSequence sequence)
    {
        var last = SqliteSession.ReadFirst<long?>(
            session.Prepare(IngestSql.SelectSource).Bind(1, state.Number).Bind(2, sequence.Source), row => row.Int64(0));
        return sequence.Number <= last;
    }

    public static Error? CheckExperiment(SqliteSession session, long id) =>
        SqliteSession.ReadFirst<long?>(session.Prepare(IngestSql.ExperimentLifecycle).Bind(1, id), row => row.Int64(0)) switch
        {
            null => new ExperimentNotFound(id.ToString(CultureInfo.InvariantCulture)),
            (long)Lifecycle.Active => null,
            _ => new ExperimentNotActive(id),
        };

    /// <summary>A param keeps its first value, whether that came with an earlier batch or stands earlier in this one.</summary>
    public Error? CheckParams(SqliteSession session, IngestBatch batch, RunState? state)
    {
        if (batch.ParamPolicy == ParamPolicy.Replace || batch.Params.Count == 0)
            return null;
        var values = new Dictionary<string, string>(batch.Params.Count, StringComparer.Ordinal);
        List<ParamChange>? changes = null;
        foreach (var (key, value) in batch.Params)
        {
            if (!values.TryGetValue(key, out var old))
                values[key] = old = (state is null ? null : StoredParam(session, state, key)) ?? value;
            if (!string.Equals(old, value, StringComparison.Ordinal))
                (changes ??= []).Add(new ParamChange(key, old, value));
        }

        return changes is null ? null : new ParamsChanged(batch.RunId, changes);
    }

    public Error? CheckRemovedTags(SqliteSession session, IngestBatch batch, RunState? state)
    {
        if (batch.RemoveTags.Count == 0)
            return null;
        var added = batch.Tags.Select(t => t.Key).ToHashSet(StringComparer.Ordinal);
        var removed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var key in batch.RemoveTags)
        {
            if (!removed.Add(key) || (!added.Contains(key) && (state is null || !HasTag(session, state, key))))
                return new RunTagNotFound(batch.RunId, key);
        }

        return null;
    }

    public static RunState Create(SqliteSession session, IngestBatch batch, long now)
    {
        var create = batch.Create!;
        var run = new Run
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
            UpdatedAt = now,
        };
        var statement = session.Prepare(IngestSql.InsertRun)
            .Bind(1, run.Id).Bind(2, run.ExperimentId).Bind(3, run.Name).Bind(4, run.User).Bind(5, (long)run.Status)
            .Bind(6, run.StartTime).Bind(7, run.ParentId).Bind(8, run.ArtifactUri).Bind(9, now);
        var number = SqliteSession.ReadAll(statement, row => row.Int64(0))[0];
        return new RunState(number, run, 0) { DocumentChanged = run.Notes.Length > 0 || run.Environment is not null };
    }

    public void Write(SqliteSession session, IngestBatch batch, RunState state, long now)
    {
        if (batch.Patch is { } patch)
        {
            ApplyPatch(patch, state, now);
            cache.Grow(patch.Notes, patch.Environment);
        }

        foreach (var (key, value) in batch.Params)
            WritePair(session, IngestSql.UpsertParam, state, key, value);
        foreach (var (key, value) in batch.Tags)
            WritePair(session, IngestSql.UpsertTag, state, key, value);
        foreach (var key in batch.RemoveTags)
            session.Prepare(IngestSql.DeleteTag).Bind(1, state.Number).Bind(2, cache.KeyId(session, key)).Execute();
        WriteInputs(session, batch, state);
        WriteArtifacts(session, batch, state, now);
        if (batch.Sequence is { } sequence)
            session.Prepare(IngestSql.UpsertSource).Bind(1, state.Number).Bind(2, sequence.Source).Bind(3, sequence.Number).Execute();
    }

    /// <summary>Writes the run's own row, once a group.</summary>
    public static void WriteRun(SqliteSession session, RunState state)
    {
        var run = state.Run;
        if (state.FactsChanged)
        {
            session.Prepare(IngestSql.UpdateRun)
                .Bind(1, run.Name).Bind(2, (long)run.Status).Bind(3, run.EndTime).Bind(4, (long)run.Lifecycle).Bind(5, run.DeletedAt)
                .Bind(6, run.ParentId).Bind(7, run.UpdatedAt).Bind(8, state.NextSequence).Bind(9, state.Number)
                .Execute();
        }
        else
        {
            session.Prepare(IngestSql.TouchRun).Bind(1, run.UpdatedAt).Bind(2, state.NextSequence).Bind(3, state.Number).Execute();
        }

        if (state.DocumentChanged)
            session.Prepare(IngestSql.UpsertDocument).Bind(1, state.Number).Bind(2, run.Notes).Bind(3, run.Environment).Execute();
        state.Touched = state.FactsChanged = state.DocumentChanged = false;
    }

    private static void ApplyPatch(RunPatch patch, RunState state, long now)
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
        state.DocumentChanged |= patch.Notes is not null || patch.Environment is not null;
    }

    private void WritePair(SqliteSession session, string sql, RunState state, string key, string value) =>
        session.Prepare(sql)
            .Bind(1, state.Number).Bind(2, cache.KeyId(session, key)).Bind(3, state.Run.ExperimentId).Bind(4, value).Bind(5, TextNumber.Read(value))
            .Execute();

    private static void WriteInputs(SqliteSession session, IngestBatch batch, RunState state)
    {
        foreach (var (dataset, tags) in batch.Inputs)
        {
            session.Prepare(IngestSql.InsertDataset)
                .Bind(1, state.Run.ExperimentId).Bind(2, dataset.Name).Bind(3, dataset.Digest).Bind(4, dataset.SourceType)
                .Bind(5, dataset.Source).Bind(6, dataset.Schema).Bind(7, dataset.Profile).Execute();
            var id = SqliteSession.ReadFirst(
                session.Prepare(IngestSql.SelectDataset).Bind(1, state.Run.ExperimentId).Bind(2, dataset.Name).Bind(3, dataset.Digest),
                row => row.Int64(0));
            var link = SqliteSession.ReadAll(session.Prepare(IngestSql.InsertInput).Bind(1, state.Number).Bind(2, id), row => row.Int64(0));
            if (link.Count == 0)
                continue;
            foreach (var (key, value) in tags)
                session.Prepare(IngestSql.InsertInputTag).Bind(1, link[0]).Bind(2, key).Bind(3, value).Execute();
        }

        foreach (var (modelId, direction, step) in batch.Models)
            session.Prepare(IngestSql.UpsertModel).Bind(1, state.Number).Bind(2, modelId).Bind(3, (long)direction).Bind(4, step).Execute();
    }

    private static void WriteArtifacts(SqliteSession session, IngestBatch batch, RunState state, long now)
    {
        foreach (var (path, blob) in batch.Artifacts)
        {
            session.Prepare(IngestSql.UpsertArtifact)
                .Bind(1, state.Number).Bind(2, path).Bind(3, blob.Sha256).Bind(4, blob.Size).Bind(5, now).Execute();
        }

        foreach (var path in batch.RemoveArtifacts)
        {
            session.Prepare(IngestSql.DeleteArtifacts)
                .Bind(1, state.Number).Bind(2, path).Bind(3, path + "/").Bind(4, path + "0").Execute();
        }
    }

    private string? StoredParam(SqliteSession session, RunState state, string key) =>
        SqliteSession.ReadFirst(
            session.Prepare(IngestSql.SelectParam).Bind(1, state.Number).Bind(2, cache.KeyId(session, key)), row => row.Text(0));

    private bool HasTag(SqliteSession session, RunState state, string key) =>
        SqliteSession.ReadFirst(session.Prepare(IngestSql.TagExists).Bind(1, state.Number).Bind(2, cache.KeyId(session, key)), row => true);
}
