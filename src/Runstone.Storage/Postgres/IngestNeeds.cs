using Runstone.Core.Ingest;

namespace Runstone.Storage.Postgres;

/// <summary>What must be known of the database before a group can be decided, gathered from its batches.</summary>
internal sealed class IngestNeeds
{
    public HashSet<string> Runs { get; } = new(StringComparer.Ordinal);

    /// <summary>Runs whose document a patch may build on or show.</summary>
    public HashSet<string> Documents { get; } = new(StringComparer.Ordinal);

    /// <summary>Names that are written.</summary>
    public HashSet<string> Keys { get; } = new(StringComparer.Ordinal);

    /// <summary>Names that are only looked for.</summary>
    public HashSet<string> OptionalKeys { get; } = new(StringComparer.Ordinal);

    public HashSet<long> Experiments { get; } = [];

    public HashSet<string> Blobs { get; } = new(StringComparer.Ordinal);

    public HashSet<(string Run, string Source)> Sources { get; } = [];

    public HashSet<(string Run, string Key)> Params { get; } = [];

    public HashSet<(string Run, string Key)> Tags { get; } = [];

    /// <summary>Runs whose console grows.</summary>
    public HashSet<string> Consoles { get; } = new(StringComparer.Ordinal);

    /// <summary>Series that get a point without a step.</summary>
    public HashSet<(string Run, string Key)> Steps { get; } = [];

    /// <summary>Logged models that points are results of.</summary>
    public HashSet<string> LoggedModels { get; } = new(StringComparer.Ordinal);

    /// <summary>Runs that may have to be made.</summary>
    public long NewRuns { get; private set; }

    /// <summary>Every batch adds points that have steps and are of no logged model, and does nothing else.</summary>
    public bool OnlyPoints { get; private set; } = true;

    public void Add(IReadOnlyList<IngestBatch> batches)
    {
        for (var i = 0; i < batches.Count; i++)
            Add(batches[i]);
    }

    public void Clear()
    {
        Runs.Clear();
        Documents.Clear();
        Keys.Clear();
        OptionalKeys.Clear();
        Experiments.Clear();
        Blobs.Clear();
        Sources.Clear();
        Params.Clear();
        Tags.Clear();
        Consoles.Clear();
        Steps.Clear();
        LoggedModels.Clear();
        NewRuns = 0;
        OnlyPoints = true;
    }

    private void Add(IngestBatch batch)
    {
        Runs.Add(batch.RunId);
        OnlyPoints &= HasOnlyMetrics(batch);
        if (batch.Create is { } create)
        {
            NewRuns++;
            Experiments.Add(create.ExperimentId);
        }

        if (batch.Patch is not null)
            Documents.Add(batch.RunId);
        if (batch.Sequence is { } sequence)
            Sources.Add((batch.RunId, sequence.Source));
        if (batch.Console is not null)
            Consoles.Add(batch.RunId);
        for (var i = 0; i < batch.Artifacts.Count; i++)
            Blobs.Add(batch.Artifacts[i].Blob.Sha256);
        for (var i = 0; i < batch.Media.Count; i++)
            Keys.Add(batch.Media[i].Key);
        AddPairs(batch);
        AddMetrics(batch);
    }

    private void AddPairs(IngestBatch batch)
    {
        for (var i = 0; i < batch.Params.Count; i++)
        {
            Keys.Add(batch.Params[i].Key);
            if (batch.ParamPolicy == ParamPolicy.Immutable)
                Params.Add((batch.RunId, batch.Params[i].Key));
        }

        for (var i = 0; i < batch.Tags.Count; i++)
            Keys.Add(batch.Tags[i].Key);
        for (var i = 0; i < batch.RemoveTags.Count; i++)
        {
            OptionalKeys.Add(batch.RemoveTags[i]);
            Tags.Add((batch.RunId, batch.RemoveTags[i]));
        }
    }

    private void AddMetrics(IngestBatch batch)
    {
        var points = batch.Metrics.Points.Span;
        if (points.IsEmpty)
            return;
        for (var i = 0; i < batch.Metrics.Keys.Count; i++)
            Keys.Add(batch.Metrics.Keys[i]);
        for (var i = 0; i < points.Length; i++)
        {
            if (points[i].Step.IsSet)
                continue;
            Steps.Add((batch.RunId, batch.Metrics.Keys[points[i].Key]));
            OnlyPoints = false;
        }

        for (var i = 0; i < batch.Metrics.Models.Count; i++)
        {
            LoggedModels.Add(batch.Metrics.Models[i].ModelId);
            OnlyPoints = false;
        }
    }

    private static bool HasOnlyMetrics(IngestBatch batch) =>
        batch is { Create: null, Patch: null, Sequence: null, Console: null, Params.Count: 0, Tags.Count: 0, RemoveTags.Count: 0, Inputs.Count: 0, Models.Count: 0 }
        && batch.Artifacts.Count + batch.RemoveArtifacts.Count + batch.Media.Count == 0 && !batch.Metrics.Points.IsEmpty;
}
