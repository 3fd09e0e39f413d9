using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
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
    public async Task Bytes_of_a_column_stay_while_those_of_another_are_read()
    {
        var rows = await _store.Database.QueryAsync(
            SqlText.Fixed("select '\\x0102'::bytea, '\\x0304'::bytea union all select '\\x05'::bytea, '\\x060708'::bytea"),
            row =>
            {
                var first = row.Blob(0);
                var second = row.Blob(1);
                return $"{Convert.ToHexString(first)} {Convert.ToHexString(second)}";
            },
            Token);

        Assert.Equal(["0102 0304", "05 060708"], rows);
    }

    [Fact]
    public async Task A_page_takes_one_request_to_find_and_one_to_read()
    {
        await SeedAsync();
        var query = new RunQuery { ExperimentIds = [0], Filter = Filtered, OrderBy = [new Ordering(Loss)] };

        // The names of keys are asked for once. A filter takes a look at the first runs before the search; runs whose metric is NaN, and
        // whether any lack it, are asked for only by a page that has room left.
        Assert.Equal(6, await RequestsAsync(() => _store.Runs.SearchAsync(query, Token)));
        Assert.Equal(5, await RequestsAsync(() => _store.Runs.SearchAsync(query, Token)));
        Assert.Equal(3, await RequestsAsync(() => _store.Runs.SearchAsync(query with { Limit = 1 }, Token)));
        Assert.Equal(2, await RequestsAsync(() => _store.Runs.SearchAsync(query with { Limit = 1, Filter = Filter.All }, Token)));
        Assert.Equal(2, await RequestsAsync(() => _store.Runs.SearchAsync(new RunQuery(), Token)));
        Assert.Equal(2, await RequestsAsync(() => _store.Runs.GetDetailsAsync("r0", Token)));
        Assert.Equal(2, await RequestsAsync(() => _store.Models.SearchAsync(new ModelQuery(), Token)));
        Assert.Equal(2, await RequestsAsync(() => _store.Models.GetVersionAsync("m", 1, Token)));
        Assert.Equal(1, await RequestsAsync(() => _store.Experiments.SummariseAsync([0], Token)));
        Assert.Equal(1, await RequestsAsync(() => _store.Experiments.GetAsync(0, Token)));
        Assert.Equal(1, await RequestsAsync(() => _store.Experiments.GetByNameAsync("Default", Token)));
        Assert.Equal(2, await RequestsAsync(() => _store.Metrics.DrawAsync([new FrameQuery("r0", "loss", FrameAxis.Step, 10)], Token)));
    }

    [Fact]
    public async Task The_last_read_ends_the_transaction()
    {
        await SeedAsync();
        var query = new RunQuery { ExperimentIds = [0], Filter = Filtered };
        await _store.Runs.SearchAsync(query, Token);

        foreach (var read in new Func<Task>[]
        {
            () => _store.Runs.SearchAsync(query, Token),
            () => _store.Runs.CountAsync(query, 10, Token),
            () => _store.Runs.GetDetailsAsync("r0", Token),
            () => _store.Experiments.GetAsync(0, Token),
            () => _store.Experiments.SummariseAsync([0], Token),
        })
        {
            await read();
            Assert.DoesNotContain(await LastStatementsAsync(), s => s.StartsWith("rollback", StringComparison.OrdinalIgnoreCase));
        }
    }

    [Fact]
    public async Task A_connection_keeps_fixed_statements_and_no_searches()
    {
        var address = new NpgsqlConnectionStringBuilder(_database.ConnectionString) { MaxPoolSize = 1 }.ConnectionString;
        await using var store = await OpenAsync(address);
        for (var i = 0; i < 50; i++)
            await store.Runs.SearchAsync(new RunQuery { Filter = new Filter.And([.. Enumerable.Repeat(Filtered, i / 5)]) }, Token);
        await store.Runs.GetDetailsAsync("r0", Token);

        var kept = await store.Database.QueryAsync(SqlText.Fixed("select statement from pg_prepared_statements"), row => row.Text(0), Token);

        Assert.Contains(kept, s => s.StartsWith("select run_no from runs where run_id", StringComparison.Ordinal));
        Assert.DoesNotContain(kept, s => s.Contains(" offset $", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", false, true, 0)]
    [InlineData("", true, false, 0)]
    [InlineData(";Max Auto Prepare=0", false, false, 0)]
    [InlineData(";Max Auto Prepare=20", true, true, 20)]
    public async Task Texts_are_remembered_by_the_driver_only_when_an_operator_says_so(string chosen, bool pooled, bool prepares, int byDriver)
    {
        await using var connections = PostgresConnections.Create(
            new PostgresStoreOptions { ConnectionString = "Host=127.0.0.1;Database=d" + chosen }, pooled);

        Assert.Equal(prepares, connections.Prepares);
        Assert.Equal(byDriver, new NpgsqlConnectionStringBuilder(connections.Pool.ConnectionString).MaxAutoPrepare);
    }

    [Fact]
    public async Task Many_series_are_drawn_by_few_requests()
    {
        var runs = Enumerable.Range(0, 60).Select(i => $"m{i}").ToArray();
        var outcomes = new IngestOutcome[runs.Length];
        var points = Enumerable.Range(0, 600).Select(i => new MetricPoint(0, new Step(i), i, i)).ToArray();
        await _store.Ingest.CommitAsync([.. runs.Select(r => new IngestBatch(r) { Create = new NewRun(0), Metrics = new MetricBatch(["loss"], points) })], outcomes, 1, Token);
        foreach (var run in await _store.Seals.ListUnsealedAsync(1, 0, 0, 40, Token))
            await _store.Seals.SealAsync(run.RunNo, new SealOptions(), Token);

        IReadOnlyList<SeriesFrame> frames = [];
        var groups = GroupFrames.Empty(1);

        // What exists; rollups, summaries and logs; payloads.
        Assert.Equal(3, await RequestsAsync(async () => frames = await _store.Metrics.DrawAsync([.. runs.Select(r => new FrameQuery(r, "loss", FrameAxis.Step, 100))], Token)));
        Assert.Equal(3, await RequestsAsync(async () => groups = await _store.Metrics.AggregateAsync(new GroupQuery([runs], "loss", FrameAxis.Step, 100), Token)));
        Assert.All(frames, f => Assert.Equal(600, f.Count.Sum()));
        Assert.Equal((60, 60), (groups.Groups[0].Runs, groups.Groups[0].Count.Min()));
    }

    [Fact]
    public async Task A_search_does_not_rest_on_estimates()
    {
        var query = new RunQuery { ExperimentIds = [0], Filter = Filtered, OrderBy = [new Ordering(Loss)] };

        foreach (var sets in new[] { Page(RunPart.Valued, false), Page(RunPart.NaN, false), Page(RunPart.Missing, false), Search(RunPart.Valued, false).Count(), Search(RunPart.All, false).CountUpTo(10) })
        {
            var plan = await ExplainAsync(sets);
            Assert.True(plan.Split("(hashed SubPlan").Length > 2, plan);
            Assert.DoesNotContain(" Join", plan, StringComparison.Ordinal);
        }

        // From the index to the runs, and only to those whose number is in the sets.
        var fromIndex = await ExplainAsync(Page(RunPart.Valued, false));
        Assert.Matches(@"Result.*\n\s+One-Time Filter: .*hashed SubPlan.*hashed SubPlan(.|\n)*Index Scan using runs_pkey on runs r", fromIndex);

        foreach (var looks in new[] { Page(RunPart.Valued, true), Page(RunPart.NaN, true), Page(RunPart.Missing, true), Search(RunPart.Missing, true).Sample() })
        {
            // One row after the other, each found by its key.
            var plan = await ExplainAsync(looks);
            Assert.DoesNotContain("hashed SubPlan", plan, StringComparison.Ordinal);
            Assert.DoesNotContain(" Join", plan, StringComparison.Ordinal);
        }

        // The sample keeps rows without a run that matches, so the look for it is the one join, and it is by key.
        var sample = await ExplainAsync(Search(RunPart.Valued, true).Sample());
        Assert.DoesNotContain("hashed SubPlan", sample, StringComparison.Ordinal);
        Assert.Equal(2, sample.Split(" Join").Length);
        Assert.Matches(@"Nested Loop Left Join(.|\n)*Index Scan using runs_pkey on runs r", sample);

        RunSearch Search(RunPart part, bool rowByRow) => new(PostgresDialect.Instance, query, part, rowByRow);
        SqlText Page(RunPart part, bool rowByRow) => Search(part, rowByRow).Page(10, 0, null, out _);
    }

    private static Task<PostgresStore> OpenAsync(string address) => PostgresStore.OpenAsync(
        new PostgresStoreOptions { ConnectionString = address }, TimeProvider.System, NullLoggerFactory.Instance, Token);

    /// <summary>What each connection of the store did last.</summary>
    private Task<List<string>> LastStatementsAsync() => _database.QueryAsync<string>(
        "select query from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'");

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
