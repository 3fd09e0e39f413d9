using System.Diagnostics;
using Runstone.Core.Datasets;
using Runstone.Core.Experiments;
using Runstone.Core.Ingest;
using Runstone.Core.Metrics;
using Runstone.Core.Models;
using Runstone.Core.Query;
using Runstone.Core.Runs;
using Runstone.Storage.Postgres;
using Runstone.Storage.Sql;

namespace Runstone.Storage.Tests.Postgres;

/// <summary>What reads ask of the server: how often, and how it goes about them.</summary>
public sealed class PostgresReadTests : IAsyncLifetime
{
    private static readonly Field Loss = new(FieldKind.Metric, "loss");

    private static readonly Filter Filtered = new Filter.And(
    [
        new Filter.Compare(Loss, ComparisonOperator.Greater, Literal.Of(0.5)),
        new Filter.Compare(new Field(FieldKind.Param, "p"), ComparisonOperator.Equal, Literal.Of("v")),
    ]);

    private PostgresTestDatabase _database = null!;
    private PostgresStore _store = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = await PostgresServer.CreateAsync();
        _store = await _database.OpenAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_store is not null)
            await _store.DisposeAsync();
        if (_database is not null)
            await _database.DisposeAsync();
    }

    [Fact]
    public async Task A_page_takes_one_request_to_find_and_one_to_read()
    {
        await SeedAsync();
        var query = new RunQuery { ExperimentIds = [0], Filter = Filtered, OrderBy = [new Ordering(Loss)] };

        // The names of keys are asked for once; the rest of the index, by what the page lacks.
        Assert.Equal(4, await RequestsAsync(() => _store.Runs.SearchAsync(query, Token)));
        Assert.Equal(3, await RequestsAsync(() => _store.Runs.SearchAsync(query, Token)));
        Assert.Equal(2, await RequestsAsync(() => _store.Runs.SearchAsync(query with { Limit = 1 }, Token)));
        Assert.Equal(2, await RequestsAsync(() => _store.Runs.SearchAsync(new RunQuery(), Token)));
        Assert.Equal(2, await RequestsAsync(() => _store.Runs.GetDetailsAsync("r0", Token)));
        Assert.Equal(2, await RequestsAsync(() => _store.Models.SearchAsync(new ModelQuery(), Token)));
        Assert.Equal(2, await RequestsAsync(() => _store.Models.GetVersionAsync("m", 1, Token)));
        Assert.Equal(1, await RequestsAsync(() => _store.Experiments.SummariseAsync([0], Token)));
        Assert.Equal(2, await RequestsAsync(() => _store.Metrics.DrawAsync([new FrameQuery("r0", "loss", FrameAxis.Step, 10)], Token)));
    }

    [Fact]
    public async Task A_search_does_not_rest_on_estimates()
    {
        var search = new RunSearch(PostgresDialect.Instance, new RunQuery { ExperimentIds = [0], Filter = Filtered, OrderBy = [new Ordering(Loss)] });

        foreach (var query in new[] { search.FromIndex(10, 0), search.CountFromIndex(), search.Rest(10, 0), search.Count(10) })
        {
            var plan = await ExplainAsync(query);
            Assert.True(plan.Split("(hashed SubPlan").Length > 2, plan);
            Assert.DoesNotContain("Semi Join", plan, StringComparison.Ordinal);
        }

        Assert.Contains("Subquery Scan on r", await ExplainAsync(search.FromIndex(10, 0)), StringComparison.Ordinal);
    }

    private async Task<string> ExplainAsync(SqlText query)
    {
        var parameters = new SqlParameters();
        foreach (var value in query.Values)
            parameters.Add(value!);
        return string.Join('\n', await _store.Database.QueryAsync(new SqlText("explain " + query.Sql, parameters), row => row.Text(0), Token));
    }

    private async Task SeedAsync()
    {
        var batches = Enumerable.Range(0, 3).Select(i => new IngestBatch($"r{i}")
        {
            Create = new NewRun(0),
            Params = [new Param("p", "v")],
            Tags = [new Tag("t", "1")],
            Metrics = new MetricBatch(["loss"], new[] { new MetricPoint(0, Step.Unset, 0, i + 1) }),
            Inputs = [new DatasetInput(new Dataset("d", "1", "local", "here"), [new Tag("context", "train")])],
            Models = [new ModelLink("m", ModelDirection.Output, 0)],
        }).ToArray();
        var outcomes = new IngestOutcome[batches.Length];
        await _store.Ingest.CommitAsync(batches, outcomes, 1, Token);
        Assert.All(outcomes, o => Assert.Null(o.Error));
        await _store.Models.CreateAsync(new NewModel("m"), 1, Token);
        await _store.Models.CreateVersionAsync("m", new NewModelVersion("here"), 1, Token);
    }

    /// <summary>How many commands or batches of them the work sends; the one that gives a transaction back is not among them.</summary>
    private static async Task<int> RequestsAsync(Func<Task> work)
    {
        var count = 0;
        using var root = new Activity("requests").Start();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStarted = activity => Interlocked.Add(ref count, activity.TraceId == root.TraceId && activity.OperationName != "CONNECT" ? 1 : 0),
        };
        ActivitySource.AddActivityListener(listener);
        await work();
        return count;
    }
}
