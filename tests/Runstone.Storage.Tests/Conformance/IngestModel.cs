using Runstone.Core.Experiments;
using Runstone.Core.Ingest;
using Runstone.Core.Metrics;
using Runstone.Core.Runs;

namespace Runstone.Storage.Tests.Conformance;

/// <summary>What the ingest contract says, in memory and in the plainest way: the measure of an engine.</summary>
internal sealed class IngestModel
{
    public Dictionary<string, ModelRun> Runs { get; } = new(StringComparer.Ordinal);

    /// <summary>The name of the error that refuses the batch, "replayed", or "" when it is applied.</summary>
    public string Apply(IngestBatch batch)
    {
        var run = Runs.GetValueOrDefault(batch.RunId);
        if (run is not null && batch.Sequence is { } s && run.Sources.GetValueOrDefault(s.Source, -1) >= s.Number)
            return "replayed";
        if (batch.Create is not null && run is not null)
            return nameof(RunAlreadyExists);
        if (batch.Create is null && run is null)
            return nameof(RunNotFound);
        if (run is { Lifecycle: Lifecycle.Deleted } && !IsLifecycleOnly(batch))
            return nameof(RunNotActive);
        var status = run?.Status ?? RunStatus.Running;
        if (batch.RejectWhenEnded && batch.Create is null && status > RunStatus.Scheduled && (batch.Patch?.Status ?? status) == status)
            return nameof(RunEnded);

        var next = run?.Copy() ?? new ModelRun { Status = batch.Create!.Status };
        if (batch.ParamPolicy == ParamPolicy.Immutable && batch.Params.Any(p => !string.Equals(Known(next, batch, p.Key), p.Value, StringComparison.Ordinal)))
            return nameof(ParamsChanged);
        if (!next.ApplyTags(batch))
            return nameof(RunTagNotFound);
        next.Apply(batch);
        Runs[batch.RunId] = next;
        return "";
    }

    private static string Known(ModelRun run, IngestBatch batch, string key) =>
        run.Params.TryGetValue(key, out var old) ? old : batch.Params.First(p => string.Equals(p.Key, key, StringComparison.Ordinal)).Value;

    private static bool IsLifecycleOnly(IngestBatch batch) =>
        batch.Patch is { Lifecycle: not null, Status: null, EndTime: null } && batch.Metrics.Points.IsEmpty
        && batch.Params.Count + batch.Tags.Count + batch.RemoveTags.Count == 0;
}

/// <summary>A run as the model knows it.</summary>
internal sealed class ModelRun
{
    public RunStatus Status { get; set; }

    public long? EndTime { get; set; }

    public Lifecycle Lifecycle { get; set; }

    public SortedDictionary<string, string> Params { get; private init; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, string> Tags { get; private init; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, List<SeriesPoint>> Series { get; private init; } = new(StringComparer.Ordinal);

    public Dictionary<string, long> Sources { get; private init; } = new(StringComparer.Ordinal);

    public ModelRun Copy() => new()
    {
        Status = Status,
        EndTime = EndTime,
        Lifecycle = Lifecycle,
        Params = new(Params, StringComparer.Ordinal),
        Tags = new(Tags, StringComparer.Ordinal),
        Series = new(Series.ToDictionary(s => s.Key, s => s.Value.ToList(), StringComparer.Ordinal), StringComparer.Ordinal),
        Sources = new(Sources, StringComparer.Ordinal),
    };

    /// <summary>False when a tag to remove is not there.</summary>
    public bool ApplyTags(IngestBatch batch)
    {
        foreach (var (key, value) in batch.Tags)
            Tags[key] = value;
        return batch.RemoveTags.All(Tags.Remove);
    }

    public void Apply(IngestBatch batch)
    {
        if (batch.Patch is { } patch)
        {
            Lifecycle = patch.Lifecycle ?? Lifecycle;
            EndTime = patch.EndTime ?? (patch.Status is RunStatus.Running or RunStatus.Scheduled ? null : EndTime);
            Status = patch.Status ?? Status;
        }

        foreach (var (key, value) in batch.Params)
            Params[key] = value;
        if (batch.Sequence is { } sequence)
            Sources[sequence.Source] = sequence.Number;
        foreach (var point in batch.Metrics.Points.ToArray())
            Add(batch.Metrics.Keys[point.Key], point);
    }

    public MetricSummary Summary(string key)
    {
        var points = Series[key];
        var last = points.Order().Last();
        var numbers = points.Select(p => p.Value).Where(v => !double.IsNaN(v)).ToList();
        return new MetricSummary(
            key, last.Value, last.Step, last.Time, numbers.Count == 0 ? null : numbers.Min(), numbers.Count == 0 ? null : numbers.Max(), points[0].Value, points.Count);
    }

    /// <summary>In order of arrival, equal points once.</summary>
    public IEnumerable<(Step, long, long)> Arrived(string key) =>
        Series[key].Select(Identity).Distinct();

    public static (Step, long, long) Identity(SeriesPoint point) => (point.Step, point.Time, BitConverter.DoubleToInt64Bits(point.Value));

    private void Add(string key, MetricPoint point)
    {
        if (!Series.TryGetValue(key, out var points))
            Series[key] = points = [];
        var step = point.Step.IsSet ? point.Step : new Step(points.Count == 0 ? 0 : points.Max(p => p.Step).Whole + 1);
        points.Add(new SeriesPoint(step, point.Time, point.Value));
    }
}
