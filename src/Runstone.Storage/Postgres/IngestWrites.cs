using Npgsql;
using Runstone.Core.Console;
using Runstone.Core.Datasets;
using Runstone.Core.Experiments;
using Runstone.Core.Ingest;
using Runstone.Core.Media;
using Runstone.Core.Metrics;
using Runstone.Core.Runs;
using Runstone.Storage.Sql;
using Runstone.Storage.Sql.Consoles;

namespace Runstone.Storage.Postgres;

/// <summary>The key of a result of a logged model.</summary>
internal readonly record struct ModelMetricKey(long Run, long Model, long Key, long Time, Step Step, string Dataset, string Digest);

/// <summary>What a group writes, each row once, and the statements that write it.</summary>
internal sealed class IngestWrites
{
    private readonly ByteArena _bytes = new();

    public HashSet<RunState> Created { get; } = [];

    public List<RunState> Touched { get; } = [];

    public List<RunState> Changed { get; } = [];

    /// <summary>Numbers of runs that the sealer is to find.</summary>
    public List<long> Unsealed { get; } = [];

    public List<RunState> Documents { get; } = [];

    public Dictionary<(long Run, long Key), (long Experiment, string Value)> Params { get; } = [];

    /// <summary>A null value removes the tag.</summary>
    public Dictionary<(long Run, long Key), (long Experiment, string? Value)> Tags { get; } = [];

    public Dictionary<(long Run, string Name, string Digest), (long Experiment, DatasetInput Input)> Inputs { get; } = [];

    public Dictionary<(long Run, string Model, ModelDirection Direction), long> Models { get; } = [];

    public Dictionary<(long Run, string Path), (ArtifactFile File, long Time)> Artifacts { get; } = [];

    /// <summary>Removed before <see cref="Artifacts"/> are written, which are those that no later batch removed.</summary>
    public HashSet<(long Run, string Path)> RemovedArtifacts { get; } = [];

    public List<(long Run, long Key, MediaItem Item)> Media { get; } = [];

    public Dictionary<(long Run, string Source), long> Sources { get; } = [];

    /// <summary>How long consoles are after this group, and how many chunks it adds to them.</summary>
    public Dictionary<long, (ConsoleSize Size, int Chunks)> Consoles { get; } = [];

    public List<(long Run, long Line, ConsoleChunk Chunk)> ConsoleChunks { get; } = [];

    public List<SeriesDelta> Latest { get; } = [];

    public List<(long Run, long Key, MetricPoint Point, string Text)> NumberTexts { get; } = [];

    public Dictionary<ModelMetricKey, double> ModelMetrics { get; } = [];

    public List<long> LogRuns { get; } = [];

    public List<long> LogSequences { get; } = [];

    public List<ReadOnlyMemory<byte>> LogPayloads { get; } = [];

    public List<ReadOnlyMemory<byte>> LogDigests { get; } = [];

    public long LogBytes { get; private set; }

    /// <summary>The runs whose rows are written.</summary>
    public IEnumerable<RunState> Written => [.. Created, .. Touched, .. Changed];

    public bool IsEmpty => Created.Count + Touched.Count + Changed.Count == 0;

    public void AppendLog(RunState run, ReadOnlySpan<byte> payload, ReadOnlySpan<byte> digest)
    {
        LogRuns.Add(run.Number);
        LogSequences.Add(run.NextSequence);
        LogPayloads.Add(_bytes.Keep(payload));
        LogDigests.Add(_bytes.Keep(digest));
        LogBytes += payload.Length;
    }

    /// <summary>Returns how long the console is then.</summary>
    public ConsoleSize AppendConsole(long run, ConsoleSize before, ConsoleAppend append)
    {
        var line = before.Lines;
        foreach (var chunk in append.Chunks)
        {
            ConsoleChunks.Add((run, line, chunk));
            line += chunk.Lines;
        }

        var size = new ConsoleSize(line, before.Bytes + append.Bytes);
        Consoles[run] = (size, Consoles.GetValueOrDefault(run).Chunks + append.Chunks.Count);
        return size;
    }

    public void RemoveArtifacts(long run, string path)
    {
        RemovedArtifacts.Add((run, path));
        var below = path + "/";
        foreach (var key in Artifacts.Keys)
        {
            if (key.Run == run && (string.Equals(key.Path, path, StringComparison.Ordinal) || key.Path.StartsWith(below, StringComparison.Ordinal)))
                Artifacts.Remove(key);
        }
    }

    public void Clear()
    {
        Created.Clear();
        Touched.Clear();
        Changed.Clear();
        Unsealed.Clear();
        Documents.Clear();
        Params.Clear();
        Tags.Clear();
        Inputs.Clear();
        Models.Clear();
        Artifacts.Clear();
        RemovedArtifacts.Clear();
        Media.Clear();
        Sources.Clear();
        Consoles.Clear();
        ConsoleChunks.Clear();
        Latest.Clear();
        NumberTexts.Clear();
        ModelMetrics.Clear();
        LogRuns.Clear();
        LogSequences.Clear();
        LogPayloads.Clear();
        LogDigests.Clear();
        LogBytes = 0;
        _bytes.Clear();
    }

    /// <summary>Adds the statements of a group that only adds points to runs that were not asked for.</summary>
    public void AddKnownTo(NpgsqlBatch batch)
    {
        // In order of their numbers, in which every group locks them.
        Touched.Sort((a, b) => a.Number.CompareTo(b.Number));
        Add(
            batch, PostgresIngestSql.TouchKnown,
            Longs(Touched, r => r.Number), Longs(Touched, r => r.Run.UpdatedAt), Longs(Touched, r => r.NextSequence), Longs(Touched, r => r.TailPoints),
            Columns.Transactions(Collect(Touched, r => r.Version)));
        AddUnsealed(batch);
        AddMetrics(batch, copied: false);
    }

    /// <summary>Adds the statements; the log is left out when it was copied before.</summary>
    public void AddTo(NpgsqlBatch batch, bool copied)
    {
        AddRuns(batch);
        AddPairs(batch);
        AddInputs(batch);
        AddModels(batch);
        AddArtifacts(batch);
        AddConsoles(batch);
        AddMedia(batch);
        if (Sources.Count > 0)
        {
            Add(
                batch, PostgresIngestSql.UpsertSources,
                Longs(Sources, s => s.Key.Run), Texts(Sources, s => s.Key.Source), Longs(Sources, s => s.Value));
        }

        AddMetrics(batch, copied);
    }

    private void AddMetrics(NpgsqlBatch batch, bool copied)
    {
        if (LogRuns.Count > 0 && !copied)
        {
            Add(
                batch, PostgresIngestSql.InsertLog,
                Columns.Longs(LogRuns), Columns.Longs(LogSequences), Columns.Bytes(LogPayloads), Columns.Bytes(LogDigests));
        }

        AddTexts(batch);
        AddModelMetrics(batch);
        AddLatest(batch);
    }

    private void AddRuns(NpgsqlBatch batch)
    {
        if (Created.Count > 0)
        {
            Add(
                batch, PostgresIngestSql.InsertRuns,
                Longs(Created, r => r.Number), Texts(Created, r => r.Run.Id), Longs(Created, r => r.Run.ExperimentId),
                Texts(Created, r => r.Run.Name), Texts(Created, r => r.Run.User), Longs(Created, r => (long)r.Run.Status),
                Longs(Created, r => r.Run.StartTime), NullableLongs(Created, r => r.Run.EndTime), Longs(Created, r => (long)r.Run.Lifecycle),
                NullableLongs(Created, r => r.Run.DeletedAt), NullableTexts(Created, r => r.Run.ParentId),
                NullableTexts(Created, r => r.Run.ArtifactUri), Longs(Created, r => r.Run.UpdatedAt), Longs(Created, r => r.NextSequence),
                Longs(Created, r => r.TailPoints));
        }

        if (Changed.Count > 0)
        {
            Add(
                batch, PostgresIngestSql.UpdateRuns,
                Longs(Changed, r => r.Number), Texts(Changed, r => r.Run.Name), Longs(Changed, r => (long)r.Run.Status),
                NullableLongs(Changed, r => r.Run.EndTime), Longs(Changed, r => (long)r.Run.Lifecycle),
                NullableLongs(Changed, r => r.Run.DeletedAt), NullableTexts(Changed, r => r.Run.ParentId),
                Longs(Changed, r => r.Run.UpdatedAt), Longs(Changed, r => r.NextSequence), Longs(Changed, r => r.TailPoints));
        }

        if (Touched.Count > 0)
        {
            Add(
                batch, PostgresIngestSql.TouchRuns,
                Longs(Touched, r => r.Number), Longs(Touched, r => r.Run.UpdatedAt), Longs(Touched, r => r.NextSequence), Longs(Touched, r => r.TailPoints));
        }

        AddUnsealed(batch);
        if (Documents.Count > 0)
        {
            Add(
                batch, PostgresIngestSql.UpsertDocuments,
                Longs(Documents, r => r.Number), Texts(Documents, r => r.Run.Notes), NullableTexts(Documents, r => r.Run.Environment));
        }
    }

    private void AddUnsealed(NpgsqlBatch batch)
    {
        if (Unsealed.Count > 0)
            Add(batch, PostgresIngestSql.InsertUnsealed, Columns.Longs(Unsealed));
    }

    private void AddPairs(NpgsqlBatch batch)
    {
        if (Params.Count > 0)
        {
            Add(
                batch, PostgresIngestSql.UpsertParams,
                Longs(Params, p => p.Key.Run), Longs(Params, p => p.Key.Key), Longs(Params, p => p.Value.Experiment),
                Texts(Params, p => p.Value.Value), Columns.Doubles([.. Params.Select(p => Columns.Number(TextNumber.Read(p.Value.Value)))]));
        }

        var removed = Tags.Where(t => t.Value.Value is null).ToList();
        if (removed.Count > 0)
            Add(batch, PostgresIngestSql.DeleteTags, Longs(removed, t => t.Key.Run), Longs(removed, t => t.Key.Key));
        var set = removed.Count == 0 ? [.. Tags] : Tags.Where(t => t.Value.Value is not null).ToList();
        if (set.Count > 0)
        {
            Add(
                batch, PostgresIngestSql.UpsertTags,
                Longs(set, p => p.Key.Run), Longs(set, p => p.Key.Key), Longs(set, p => p.Value.Experiment),
                Texts(set, p => p.Value.Value!), Columns.Doubles([.. set.Select(p => Columns.Number(TextNumber.Read(p.Value.Value!)))]));
        }
    }

    private void AddInputs(NpgsqlBatch batch)
    {
        if (Inputs.Count == 0)
            return;
        var datasets = Inputs.Values.DistinctBy(i => (i.Experiment, i.Input.Dataset.Name, i.Input.Dataset.Digest)).ToList();
        Add(
            batch, PostgresIngestSql.InsertDatasets,
            Longs(datasets, d => d.Experiment), Texts(datasets, d => d.Input.Dataset.Name), Texts(datasets, d => d.Input.Dataset.Digest),
            Texts(datasets, d => d.Input.Dataset.SourceType), Texts(datasets, d => d.Input.Dataset.Source),
            NullableTexts(datasets, d => d.Input.Dataset.Schema), NullableTexts(datasets, d => d.Input.Dataset.Profile));
        var tags = new List<(long Run, long Experiment, string Name, string Digest, Tag Tag)>();
        foreach (var ((run, name, digest), (experiment, input)) in Inputs)
            tags.AddRange(input.Tags.Reverse().DistinctBy(t => t.Key, StringComparer.Ordinal).Select(t => (run, experiment, name, digest, t)));
        Add(
            batch, PostgresIngestSql.InsertInputs,
            Longs(Inputs, i => i.Key.Run), Longs(Inputs, i => i.Value.Experiment), Texts(Inputs, i => i.Key.Name), Texts(Inputs, i => i.Key.Digest),
            Longs(tags, t => t.Run), Longs(tags, t => t.Experiment), Texts(tags, t => t.Name), Texts(tags, t => t.Digest),
            Texts(tags, t => t.Tag.Key), Texts(tags, t => t.Tag.Value));
    }

    private void AddModels(NpgsqlBatch batch)
    {
        if (Models.Count > 0)
        {
            Add(
                batch, PostgresIngestSql.UpsertModels,
                Longs(Models, m => m.Key.Run), Texts(Models, m => m.Key.Model), Longs(Models, m => (long)m.Key.Direction), Longs(Models, m => m.Value));
        }
    }

    private void AddArtifacts(NpgsqlBatch batch)
    {
        if (RemovedArtifacts.Count > 0)
            Add(batch, PostgresIngestSql.DeleteArtifacts, Longs(RemovedArtifacts, r => r.Run), Texts(RemovedArtifacts, r => r.Path));
        if (Artifacts.Count > 0)
        {
            Add(
                batch, PostgresIngestSql.UpsertArtifacts,
                Longs(Artifacts, a => a.Key.Run), Texts(Artifacts, a => a.Key.Path), Texts(Artifacts, a => a.Value.File.Blob.Sha256),
                Longs(Artifacts, a => a.Value.File.Blob.Size), Longs(Artifacts, a => a.Value.Time));
        }
    }

    private void AddConsoles(NpgsqlBatch batch)
    {
        if (Consoles.Count == 0)
            return;
        Add(
            batch, PostgresIngestSql.UpsertConsoles,
            Longs(Consoles, c => c.Key), Longs(Consoles, c => c.Value.Size.Lines), Longs(Consoles, c => c.Value.Size.Bytes), Longs(Consoles, c => c.Value.Chunks));
        Add(
            batch, PostgresIngestSql.InsertConsoleChunks,
            Longs(ConsoleChunks, c => c.Run), Longs(ConsoleChunks, c => c.Line), Longs(ConsoleChunks, c => c.Chunk.Lines), Longs(ConsoleChunks, c => c.Chunk.Bytes),
            Columns.Bytes(Collect(ConsoleChunks, c => c.Chunk.Payload)), Columns.Bytes(Collect(ConsoleChunks, c => c.Chunk.Digest)));
    }

    private void AddMedia(NpgsqlBatch batch)
    {
        if (Media.Count == 0)
            return;
        Add(
            batch, PostgresIngestSql.InsertMedia,
            Longs(Media, m => m.Run), Longs(Media, m => m.Key), Longs(Media, m => m.Item.Step.Whole), Longs(Media, m => m.Item.Step.Micros),
            Longs(Media, m => m.Item.Time), Longs(Media, m => (long)m.Item.Type), NullableTexts(Media, m => m.Item.Path),
            NullableTexts(Media, m => m.Item.Caption), NullableTexts(Media, m => m.Item.Data));
    }

    private void AddTexts(NpgsqlBatch batch)
    {
        if (NumberTexts.Count == 0)
            return;
        Add(
            batch, PostgresIngestSql.InsertTexts,
            Longs(NumberTexts, t => t.Run), Longs(NumberTexts, t => t.Key), Longs(NumberTexts, t => t.Point.Step.Whole), Longs(NumberTexts, t => t.Point.Step.Micros),
            Longs(NumberTexts, t => t.Point.Time), Columns.Doubles([.. NumberTexts.Select(t => Columns.Number(t.Point.Value))]), Texts(NumberTexts, t => t.Text));
    }

    private void AddModelMetrics(NpgsqlBatch batch)
    {
        if (ModelMetrics.Count == 0)
            return;
        Add(
            batch, PostgresIngestSql.UpsertModelMetrics,
            Longs(ModelMetrics, m => m.Key.Run), Longs(ModelMetrics, m => m.Key.Model), Longs(ModelMetrics, m => m.Key.Key), Longs(ModelMetrics, m => m.Key.Time),
            Longs(ModelMetrics, m => m.Key.Step.Whole), Longs(ModelMetrics, m => m.Key.Step.Micros),
            Texts(ModelMetrics, m => m.Key.Dataset), Texts(ModelMetrics, m => m.Key.Digest), Columns.Doubles([.. ModelMetrics.Values.Select(v => Columns.Number(v))]));
    }

    private void AddLatest(NpgsqlBatch batch)
    {
        if (Latest.Count == 0)
            return;
        Add(
            batch, PostgresIngestSql.UpsertLatest,
            Longs(Latest, d => d.RunNo), Longs(Latest, d => d.KeyId), Longs(Latest, d => d.ExperimentId),
            Doubles(d => d.Last.Value), Longs(Latest, d => d.Last.Step.Whole), Longs(Latest, d => d.Last.Step.Micros), Longs(Latest, d => d.Last.Time),
            Doubles(d => d.Min), Doubles(d => d.Max), Doubles(d => d.First), Longs(Latest, d => d.Count));
    }

    private NpgsqlParameter Doubles(Func<SeriesDelta, double?> number)
    {
        var values = new List<double?>(Latest.Count);
        foreach (var delta in Latest)
            values.Add(Columns.Number(number(delta)));
        return Columns.Doubles(values);
    }

    private static void Add(NpgsqlBatch batch, string sql, params ReadOnlySpan<NpgsqlParameter> columns)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var column in columns)
            command.Parameters.Add(column);
        batch.BatchCommands.Add(command);
    }

    private static NpgsqlParameter Longs<T>(IReadOnlyCollection<T> rows, Func<T, long> value) => Columns.Longs(Collect(rows, value));

    private static NpgsqlParameter NullableLongs<T>(IReadOnlyCollection<T> rows, Func<T, long?> value) => Columns.Longs(Collect(rows, value));

    private static NpgsqlParameter Texts<T>(IReadOnlyCollection<T> rows, Func<T, string> value) => Columns.Texts(Collect(rows, value));

    private static NpgsqlParameter NullableTexts<T>(IReadOnlyCollection<T> rows, Func<T, string?> value) => Columns.NullableTexts(Collect(rows, value));

    private static List<TValue> Collect<T, TValue>(IReadOnlyCollection<T> rows, Func<T, TValue> value)
    {
        var values = new List<TValue>(rows.Count);
        foreach (var row in rows)
            values.Add(value(row));
        return values;
    }
}
