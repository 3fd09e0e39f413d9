using Runstone.Core.Errors;
using Runstone.Core.Experiments;
using Runstone.Core.Ingest;
using Runstone.Core.Metrics;
using Runstone.Core.Metrics.Chunks;
using Runstone.Core.Query;
using Runstone.Core.Runs;

namespace Runstone.Storage.Tests.Conformance;

/// <summary>What the conformance classes share: an empty store for each test, and short ways to write to it.</summary>
public abstract class StoreConformance : IAsyncLifetime
{
    protected const long Now = 1_764_000_000_000;

    protected StoreUnderTest Store { get; private set; } = null!;

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Opens an empty store of the engine.</summary>
    protected abstract Task<StoreUnderTest> OpenAsync();

    public async ValueTask InitializeAsync() => Store = await OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await Store.Close();
        GC.SuppressFinalize(this);
    }

    protected async Task<IngestOutcome[]> CommitAsync(params IngestBatch[] batches)
    {
        var outcomes = new IngestOutcome[batches.Length];
        await Store.Ingest.CommitAsync(batches, outcomes, Now, Token);
        return outcomes;
    }

    /// <summary>Commits one batch, which must be accepted.</summary>
    protected async Task<Run> WriteAsync(IngestBatch batch)
    {
        var outcome = (await CommitAsync(batch))[0];
        Assert.Null(outcome.Error);
        return outcome.Run!;
    }

    /// <summary>Commits one batch, which must be refused.</summary>
    protected async Task<TError> RefusedAsync<TError>(IngestBatch batch)
        where TError : Error
    {
        var outcome = (await CommitAsync(batch))[0];
        Assert.Null(outcome.Run);
        return Assert.IsType<TError>(outcome.Error);
    }

    protected static IngestBatch Create(string runId, long experiment = 0, long start = 1000) =>
        new(runId) { Create = new NewRun(experiment) { StartTime = start, Name = "name of " + runId } };

    protected static MetricBatch Points(params (string Key, long Step, long Time, double Value)[] points)
    {
        var keys = points.Select(p => p.Key).Distinct(StringComparer.Ordinal).ToList();
        return new MetricBatch(keys, points.Select(p => new MetricPoint(keys.IndexOf(p.Key), new Step(p.Step), p.Time, p.Value)).ToArray());
    }

    protected async Task<List<SeriesPoint>> SeriesAsync(string runId, string key, SeriesOrder order = SeriesOrder.Step, Step? from = null, Step? to = null)
    {
        var points = new List<SeriesPoint>();
        var query = new SeriesQuery(runId, key) { Order = order, From = from, To = to };
        await foreach (var block in Store.Metrics.ReadAsync(query, Token))
        {
            Assert.InRange(block.Length, 1, 8192);
            points.AddRange(block.Span);
        }

        return points;
    }

    /// <summary>Seals the run until there is nothing more to do; returns the points sealed.</summary>
    protected async Task<long> SealAsync(string runId, int maxPoints = 1 << 18, int maxReplaced = 1 << 20, int chunkPoints = ChunkEncoder.MaxPoints)
    {
        var numbers = await Store.Numbers($"select run_no from runs where run_id = '{runId}'");
        long points = 0;
        foreach (var number in numbers)
        {
            SealOutcome outcome;
            do
            {
                outcome = await Store.Seals.SealAsync(number, new SealOptions { MaxPoints = maxPoints, MaxReplaced = maxReplaced, ChunkPoints = chunkPoints }, Token);
                points += outcome.Points;
            }
            while (outcome.More);
        }

        return points;
    }

    protected async Task<string[]> FindAsync(Filter filter, params Ordering[] order)
    {
        var page = await Store.Runs.SearchAsync(new RunQuery { Filter = filter, OrderBy = order, Columns = RunProjection.Nothing }, Token);
        return [.. page.Items.Select(r => r.Run.Id)];
    }

    protected async Task<long> ExperimentAsync(string name) =>
        (await Store.Experiments.CreateAsync(new NewExperiment(name), Now, Token)).Id;
}
