using Runstone.Core.Console;
using Runstone.Core.Datasets;
using Runstone.Core.Experiments;
using Runstone.Core.Ingest;
using Runstone.Core.Media;
using Runstone.Core.Metrics;
using Runstone.Core.Runs;
using Runstone.Storage.Sql;
using Runstone.Storage.Sql.Consoles;

namespace Runstone.Storage.Sqlite;

/// <summary>Asks and writes row by row inside the writer's transaction, which sees its own writes; runs and key ids come from the cache.</summary>
internal sealed class SqliteIngestTarget(WriterCache cache) : IngestTarget
{
    private SqliteSession _session = null!;

    /// <summary>Takes the session whose transaction is under way.</summary>
    public void Begin(SqliteSession session) => _session = session;

    public override RunState? Find(string runId) => cache.Find(_session, runId);

    public override long? LastNumber(RunState run, string source) => SqliteSession.ReadFirst<long?>(
        _session.Prepare(IngestSql.SelectSource).Bind(1, run.Number).Bind(2, source), row => row.Int64(0));

    public override Lifecycle? Experiment(long id) => SqliteSession.ReadFirst<Lifecycle?>(
        _session.Prepare(IngestSql.ExperimentLifecycle).Bind(1, id), row => (Lifecycle)row.Int64(0));

    public override string? Param(RunState run, string key) => SqliteSession.ReadFirst(
        _session.Prepare(IngestSql.SelectParam).Bind(1, run.Number).Bind(2, KeyId(key)), row => row.Text(0));

    public override bool HasTag(RunState run, string key) => SqliteSession.ReadFirst(
        _session.Prepare(IngestSql.TagExists).Bind(1, run.Number).Bind(2, KeyId(key)), row => true);

    public override ConsoleSize Console(RunState run) => SqliteSession.ReadFirst(
        _session.Prepare(ConsoleSql.Select).Bind(1, run.Number), row => new ConsoleSize(row.Int64(0), row.Int64(1)));

    public override bool IsCondemned(string sha256) =>
        SqliteSession.ReadFirst(_session.Prepare(IngestSql.Condemned).Bind(1, sha256), row => true);

    public override long? LoggedModel(string id) =>
        SqliteSession.ReadFirst<long?>(_session.Prepare(IngestSql.LoggedModel).Bind(1, id), row => row.Int64(0));

    public override long KeyId(string name) => cache.KeyId(_session, name);

    public override long? LastStep(long runNo, long keyId) => SqliteSession.ReadFirst<long?>(
        _session.Prepare(IngestSql.SelectLastStep).Bind(1, runNo).Bind(2, keyId), row => row.Int64(0));

    public override RunState Create(Run run)
    {
        var statement = _session.Prepare(IngestSql.InsertRun)
            .Bind(1, run.Id).Bind(2, run.ExperimentId).Bind(3, run.Name).Bind(4, run.User).Bind(5, (long)run.Status)
            .Bind(6, run.StartTime).Bind(7, run.ParentId).Bind(8, run.ArtifactUri).Bind(9, run.UpdatedAt);
        var state = new RunState(SqliteSession.ReadAll(statement, row => row.Int64(0))[0], run, 0, 0);
        cache.Add(state);
        return state;
    }

    public override void SetParam(RunState run, Param param) => SetPair(IngestSql.UpsertParam, run, param.Key, param.Value);

    public override void SetTag(RunState run, Tag tag) => SetPair(IngestSql.UpsertTag, run, tag.Key, tag.Value);

    public override void RemoveTag(RunState run, string key) =>
        _session.Prepare(IngestSql.DeleteTag).Bind(1, run.Number).Bind(2, KeyId(key)).Execute();

    public override void AddInput(RunState run, DatasetInput input)
    {
        var (dataset, tags) = input;
        _session.Prepare(IngestSql.InsertDataset)
            .Bind(1, run.Run.ExperimentId).Bind(2, dataset.Name).Bind(3, dataset.Digest).Bind(4, dataset.SourceType)
            .Bind(5, dataset.Source).Bind(6, dataset.Schema).Bind(7, dataset.Profile).Execute();
        var id = SqliteSession.ReadFirst(
            _session.Prepare(IngestSql.SelectDataset).Bind(1, run.Run.ExperimentId).Bind(2, dataset.Name).Bind(3, dataset.Digest),
            row => row.Int64(0));
        var link = SqliteSession.ReadAll(_session.Prepare(IngestSql.InsertInput).Bind(1, run.Number).Bind(2, id), row => row.Int64(0));
        if (link.Count == 0)
            return;
        foreach (var (key, value) in tags)
            _session.Prepare(IngestSql.InsertInputTag).Bind(1, link[0]).Bind(2, key).Bind(3, value).Execute();
    }

    public override void SetModel(RunState run, ModelLink link) =>
        _session.Prepare(IngestSql.UpsertModel).Bind(1, run.Number).Bind(2, link.ModelId).Bind(3, (long)link.Direction).Bind(4, link.Step).Execute();

    public override void SetArtifact(RunState run, ArtifactFile file, long now) =>
        _session.Prepare(IngestSql.UpsertArtifact)
            .Bind(1, run.Number).Bind(2, file.Path).Bind(3, file.Blob.Sha256).Bind(4, file.Blob.Size).Bind(5, now).Execute();

    public override void RemoveArtifacts(RunState run, string path) =>
        _session.Prepare(IngestSql.DeleteArtifacts).Bind(1, run.Number).Bind(2, path).Bind(3, path + "/").Bind(4, path + "0").Execute();

    public override void AppendConsole(RunState run, ConsoleSize before, ConsoleAppend append)
    {
        var line = before.Lines;
        foreach (var chunk in append.Chunks)
        {
            _session.Prepare(ConsoleSql.Chunk.InsertText)
                .Bind(1, run.Number).Bind(2, line).Bind(3, chunk.Lines).Bind(4, chunk.Bytes).Bind(5, chunk.Payload.Span).Bind(6, chunk.Digest.Span).Execute();
            line += chunk.Lines;
        }

        _session.Prepare(ConsoleSql.Upsert)
            .Bind(1, run.Number).Bind(2, line).Bind(3, before.Bytes + append.Bytes).Bind(4, append.Chunks.Count).Execute();
    }

    public override void AddMedia(RunState run, MediaItem item) =>
        _session.Prepare(IngestSql.InsertMedia)
            .Bind(1, run.Number).Bind(2, KeyId(item.Key)).Bind(3, item.Step.Whole).Bind(4, item.Step.Micros).Bind(5, item.Time)
            .Bind(6, (long)item.Type).Bind(7, item.Path).Bind(8, item.Caption).Bind(9, item.Data).Execute();

    public override void SetSource(RunState run, BatchSequence sequence) =>
        _session.Prepare(IngestSql.UpsertSource).Bind(1, run.Number).Bind(2, sequence.Source).Bind(3, sequence.Number).Execute();

    public override void AppendLog(RunState run, ReadOnlySpan<byte> payload, ReadOnlySpan<byte> digest) =>
        _session.Prepare(IngestSql.InsertLog).Bind(1, LogPosition.Of(run.Number, run.NextSequence)).Bind(2, payload).Bind(3, digest).Execute();

    public override void AddText(RunState run, long keyId, in MetricPoint point, string text) =>
        _session.Prepare(IngestSql.InsertText)
            .Bind(1, run.Number).Bind(2, keyId).Bind(3, point.Step.Whole).Bind(4, point.Step.Micros).Bind(5, point.Time).Bind(6, point.Value).Bind(7, text)
            .Execute();

    public override void SetModelMetric(RunState run, long keyId, in MetricPoint point, MetricModel model) =>
        _session.Prepare(IngestSql.UpsertModelMetric)
            .Bind(1, run.Number).Bind(2, LoggedModel(model.ModelId)).Bind(3, keyId).Bind(4, point.Time).Bind(5, point.Step.Whole).Bind(6, point.Step.Micros)
            .Bind(7, model.Dataset?.Name ?? "").Bind(8, model.Dataset?.Digest ?? "").Bind(9, point.Value)
            .Execute();

    public override void WriteLatest(ReadOnlySpan<SeriesDelta> series)
    {
        var statement = _session.Prepare(IngestSql.UpsertLatest);
        foreach (ref readonly var delta in series)
        {
            statement.Bind(1, delta.RunNo).Bind(2, delta.KeyId).Bind(3, delta.ExperimentId)
                .Bind(4, delta.Last.Value).Bind(5, delta.Last.Step.Whole).Bind(6, delta.Last.Step.Micros).Bind(7, delta.Last.Time)
                .Bind(8, delta.Min).Bind(9, delta.Max).Bind(10, delta.First).Bind(11, delta.Count)
                .Execute();
        }
    }

    public override void WriteRun(RunState run)
    {
        var facts = run.Run;
        if (run.FactsChanged)
        {
            _session.Prepare(IngestSql.UpdateRun)
                .Bind(1, facts.Name).Bind(2, (long)facts.Status).Bind(3, facts.EndTime).Bind(4, (long)facts.Lifecycle).Bind(5, facts.DeletedAt)
                .Bind(6, facts.ParentId).Bind(7, facts.UpdatedAt).Bind(8, run.NextSequence).Bind(9, run.TailPoints).Bind(10, run.Number)
                .Execute();
        }
        else
        {
            _session.Prepare(IngestSql.TouchRun)
                .Bind(1, facts.UpdatedAt).Bind(2, run.NextSequence).Bind(3, run.TailPoints).Bind(4, run.Number)
                .Execute();
        }

        if (run.BecameUnsealed)
            _session.Prepare(IngestSql.InsertUnsealed).Bind(1, run.Number).Execute();

        if (!run.DocumentChanged)
            return;
        _session.Prepare(IngestSql.UpsertDocument).Bind(1, run.Number).Bind(2, facts.Notes).Bind(3, facts.Environment).Execute();
        cache.Grow(facts.Notes, facts.Environment);
    }

    private void SetPair(string sql, RunState run, string key, string value) =>
        _session.Prepare(sql)
            .Bind(1, run.Number).Bind(2, KeyId(key)).Bind(3, run.Run.ExperimentId).Bind(4, value).Bind(5, TextNumber.Read(value))
            .Execute();
}
