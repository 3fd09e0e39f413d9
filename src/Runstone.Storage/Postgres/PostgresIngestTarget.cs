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

/// <summary>Answers from what was read at the beginning of the group and from what its earlier batches wrote; remembers what to write.</summary>
internal sealed class PostgresIngestTarget(IngestFacts facts, IngestWrites writes) : IngestTarget
{
    public override RunState? Find(string runId) => facts.Runs.GetValueOrDefault(runId);

    public override long? LastNumber(RunState run, string source) =>
        facts.Sources.TryGetValue((run.Number, source), out var number) ? number : null;

    public override Lifecycle? Experiment(long id) => facts.Experiments.TryGetValue(id, out var lifecycle) ? lifecycle : null;

    public override string? Param(RunState run, string key)
    {
        var at = (run.Number, KeyId(key));
        return writes.Params.TryGetValue(at, out var written) ? written.Value : facts.Params.GetValueOrDefault(at);
    }

    public override bool HasTag(RunState run, string key)
    {
        // A name that nothing has is no tag.
        if (!facts.Keys.TryGetValue(key, out var id))
            return false;
        return writes.Tags.TryGetValue((run.Number, id), out var written) ? written.Value is not null : facts.Tags.Contains((run.Number, id));
    }

    public override ConsoleSize Console(RunState run) => facts.Consoles.GetValueOrDefault(run.Number);

    public override bool IsCondemned(string sha256) => facts.Condemned.Contains(sha256);

    public override long? LoggedModel(string id) => facts.LoggedModels.TryGetValue(id, out var number) ? number : null;

    public override long KeyId(string name) => facts.Keys[name];

    public override long? LastStep(long runNo, long keyId) => facts.Steps.TryGetValue((runNo, keyId), out var step) ? step : null;

    public override RunState Create(Run run)
    {
        var state = new RunState(facts.Numbers.Dequeue(), run, 0, 0);
        facts.Runs.Add(run.Id, state);
        writes.Created.Add(state);
        return state;
    }

    public override void SetParam(RunState run, Param param) =>
        writes.Params[(run.Number, KeyId(param.Key))] = (run.Run.ExperimentId, param.Value);

    public override void SetTag(RunState run, Tag tag) => writes.Tags[(run.Number, KeyId(tag.Key))] = (run.Run.ExperimentId, tag.Value);

    public override void RemoveTag(RunState run, string key) => writes.Tags[(run.Number, KeyId(key))] = (run.Run.ExperimentId, null);

    public override void AddInput(RunState run, DatasetInput input) =>
        writes.Inputs.TryAdd((run.Number, input.Dataset.Name, input.Dataset.Digest), (run.Run.ExperimentId, input));

    public override void SetModel(RunState run, ModelLink link) => writes.Models[(run.Number, link.ModelId, link.Direction)] = link.Step;

    public override void SetArtifact(RunState run, ArtifactFile file, long now) => writes.Artifacts[(run.Number, file.Path)] = (file, now);

    public override void RemoveArtifacts(RunState run, string path) => writes.RemoveArtifacts(run.Number, path);

    public override void AppendConsole(RunState run, ConsoleSize before, ConsoleAppend append) =>
        facts.Consoles[run.Number] = writes.AppendConsole(run.Number, before, append);

    public override void AddMedia(RunState run, MediaItem item) => writes.Media.Add((run.Number, KeyId(item.Key), item));

    public override void SetSource(RunState run, BatchSequence sequence) =>
        writes.Sources[(run.Number, sequence.Source)] = facts.Sources[(run.Number, sequence.Source)] = sequence.Number;

    public override void AppendLog(RunState run, ReadOnlySpan<byte> payload, ReadOnlySpan<byte> digest) => writes.AppendLog(run, payload, digest);

    public override void AddText(RunState run, long keyId, in MetricPoint point, string text) => writes.NumberTexts.Add((run.Number, keyId, point, text));

    public override void SetModelMetric(RunState run, long keyId, in MetricPoint point, MetricModel model) => writes.ModelMetrics[
        new(run.Number, facts.LoggedModels[model.ModelId], keyId, point.Time, point.Step, model.Dataset?.Name ?? "", model.Dataset?.Digest ?? "")] = point.Value;

    public override void WriteLatest(ReadOnlySpan<SeriesDelta> series) => writes.Latest.AddRange(series);

    /// <summary>A run that was made in this group is inserted as it is at its end.</summary>
    public override void WriteRun(RunState run)
    {
        if (run.DocumentChanged)
            writes.Documents.Add(run);
        if (run.BecameUnsealed)
            writes.Unsealed.Add(run.Number);
        if (writes.Created.Contains(run))
            return;
        (run.FactsChanged ? writes.Changed : writes.Touched).Add(run);
    }
}
