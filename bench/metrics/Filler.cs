using System.Diagnostics;
using System.Globalization;
using Runstone.Core.Experiments;
using Runstone.Core.Ingest;
using Runstone.Core.Metrics;
using Runstone.Core.Runs;
using Runstone.Storage;

namespace Runstone.MetricsBench;

/// <summary>What sealing took.</summary>
internal readonly record struct Sealing(long Points, TimeSpan Wall, TimeSpan Processor);

/// <summary>Fills a store past the server, and seals it.</summary>
internal sealed class Filler(RunstoneStorage store, long experiment)
{
    private const int PointsOfBatch = 50_000;
    private const int BatchesOfGroup = 50;
    private const long Start = 1_764_000_000_000;

    private int _runs;

    public static async Task<Filler> BeginAsync(RunstoneStorage store) =>
        new(store, (await store.Experiments.CreateAsync(new NewExperiment("bench-metrics"), Start, default)).Id);

    /// <summary>Writes a run a series; they have ended. Returns their ids.</summary>
    public async Task<string[]> RunsAsync(IReadOnlyList<Series> series)
    {
        var ids = series.Select(_ => (++_runs).ToString("x32", CultureInfo.InvariantCulture)).ToArray();
        var group = new List<IngestBatch>();
        for (var i = 0; i < series.Count; i++)
        {
            foreach (var batch in Batches(ids[i], series[i]))
            {
                group.Add(batch);
                if (batch.Metrics.Points.Length == PointsOfBatch || group.Count == BatchesOfGroup)
                    await CommitAsync(group);
            }
        }

        await CommitAsync(group);
        return ids;
    }

    /// <summary>Seals all there is.</summary>
    public async Task<Sealing> SealAsync()
    {
        var (points, started, used) = (0L, Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        while (await store.Seals.ListUnsealedAsync(1, long.MaxValue, long.MaxValue, 1000, default) is { Count: > 0 } found)
        {
            foreach (var run in found)
            {
                for (var more = true; more;)
                {
                    var outcome = await store.Seals.SealAsync(run.RunNo, new SealOptions(), default);
                    (points, more) = (points + outcome.Points, outcome.More);
                }
            }
        }

        return new Sealing(points, Stopwatch.GetElapsedTime(started), Environment.CpuUsage.TotalTime - used);
    }

    private IEnumerable<IngestBatch> Batches(string id, Series series)
    {
        for (var at = 0; at < series.Count; at += PointsOfBatch)
        {
            var points = new MetricPoint[Math.Min(PointsOfBatch, series.Count - at)];
            for (var i = 0; i < points.Length; i++)
                points[i] = new MetricPoint(0, new Step(at + i), series.Times[at + i], series.Values[at + i]);
            yield return new IngestBatch(id)
            {
                Create = at > 0 ? null : new NewRun(experiment) { Name = series.Key, StartTime = series.Times[0] },
                Patch = at + points.Length < series.Count ? null : new RunPatch { Status = RunStatus.Finished, EndTime = series.Times[^1] },
                Metrics = new MetricBatch([series.Key], points),
            };
        }
    }

    private async Task CommitAsync(List<IngestBatch> group)
    {
        var outcomes = new IngestOutcome[group.Count];
        await store.Ingest.CommitAsync(group, outcomes, Start, default);
        if (outcomes.FirstOrDefault(o => o.Error is not null).Error is { } error)
            throw new InvalidOperationException(error.Message);
        group.Clear();
    }
}
