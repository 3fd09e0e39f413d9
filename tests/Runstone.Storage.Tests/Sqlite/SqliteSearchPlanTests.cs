using Microsoft.Extensions.Logging.Abstractions;
using Runstone.Core.Query;
using Runstone.Storage.Sql;
using Runstone.Storage.Sqlite;

namespace Runstone.Storage.Tests.Sqlite;

/// <summary>How the engine goes about a page: along an index from where the page begins, so that it costs what it shows.</summary>
public sealed class SqliteSearchPlanTests : IAsyncLifetime
{
    private static readonly Field Loss = new(FieldKind.Metric, "loss");
    private static readonly Field Model = new(FieldKind.Param, "model");

    private static readonly Filter Filtered = new Filter.And(
    [
        new Filter.Compare(Loss, ComparisonOperator.Greater, Literal.Of(0.5)),
        new Filter.Compare(Model, ComparisonOperator.Equal, Literal.Of("v")),
        new Filter.Text("part"),
    ]);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("runstone-");
    private SqliteStore _store = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, string, string> Walks { get; } = new()
    {
        { "", "", "runs_by_experiment (experiment_id=?" },
        { "start_time desc", "", "runs_by_experiment (experiment_id=?" },
        { "start_time", "", "runs_by_experiment (experiment_id=?" },
        { "metrics.loss", "metric_latest_search (experiment_id=? AND key_id=? AND last>?", "last>?" },
        { "metrics.loss desc", "metric_latest_search (experiment_id=? AND key_id=? AND last>?", "last<?" },
        { "params.model", "params_by_text (experiment_id=? AND key_id=?", "<expr>>?" },
        { "params.model desc", "params_by_text (experiment_id=? AND key_id=?", "<expr><?" },
        { "tags.model", "tags_by_text (experiment_id=? AND key_id=?", "<expr>>?" },
    };

    public async ValueTask InitializeAsync() => _store = await SqliteStore.OpenAsync(
        new SqliteStoreOptions { Path = Path.Combine(_folder.FullName, "runstone.db") }, TimeProvider.System, NullLoggerFactory.Instance, Token);

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [MemberData(nameof(Walks))]
    public async Task A_page_walks_along_an_index(string order, string index, string bound)
    {
        foreach (var filter in new[] { Filter.All, Filtered })
        {
            var query = new RunQuery { ExperimentIds = [0], Filter = filter, OrderBy = RunFilterParser.ParseOrder(order.Length == 0 ? [] : [order]) };
            foreach (var part in RunSearch.PartsOf(query))
            {
                await WalksAsync(query, part, part is RunPart.Valued or RunPart.All ? index : "");
                await WalksAsync(query with { After = At(query.OrderBy, part) }, part, part is RunPart.Valued or RunPart.All ? bound : "");
            }
        }
    }

    [Fact]
    public async Task A_walk_asks_what_it_can_before_it_fetches_the_run()
    {
        var query = new RunQuery { ExperimentIds = [0], Filter = Filtered, OrderBy = [new Ordering(Loss)] };

        var search = new RunSearch(SqliteDialect.Instance, query, RunPart.Valued, rowByRow: true).Page(101, 0, null, out _);
        var plan = await ExplainAsync(search);

        var run = plan.FindIndex(step => step.StartsWith("SEARCH r ", StringComparison.Ordinal));
        Assert.True(run > plan.FindLastIndex(step => step.StartsWith("CORRELATED", StringComparison.Ordinal)), string.Join('\n', plan));

        // The param of a value comes before the metric above a bound, which more runs fulfil.
        Assert.InRange(search.Sql.IndexOf("from params", StringComparison.Ordinal), 0, search.Sql.IndexOf("from metric_latest x where", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_text_that_runs_are_to_have_is_looked_up_among_the_runs_that_have_it()
    {
        var query = new RunQuery { ExperimentIds = [0], Filter = Filtered, OrderBy = [new Ordering(Loss)] };

        var plan = await ExplainAsync(new RunSearch(SqliteDialect.Instance, query, RunPart.Valued, rowByRow: true).Page(101, 0, null, out _));

        Assert.Contains("SEARCH x USING COVERING INDEX params_by_text (experiment_id=? AND key_id=? AND <expr>=? AND run_no=?)", plan, StringComparer.Ordinal);
    }

    [Fact]
    public async Task Rare_text_is_gathered_from_the_texts_of_the_experiment()
    {
        foreach (var filter in new[] { new Filter.Text("part"), Filtered })
        {
            var query = new RunQuery { ExperimentIds = [0], Filter = filter };
            var search = new RunSearch(SqliteDialect.Instance, query, RunPart.All, rowByRow: false);

            foreach (var plan in new[] { await ExplainAsync(search.Page(101, 0, null, out _)), await ExplainAsync(new RunSearch(SqliteDialect.Instance, query, RunPart.All, rowByRow: false).CountUpTo(10)) })
            {
                var text = string.Join('\n', plan);
                Assert.Contains("SEARCH t USING PRIMARY KEY (experiment_id=?)", text, StringComparison.Ordinal);
                Assert.Contains("SEARCH r USING INTEGER PRIMARY KEY (rowid=?)", text, StringComparison.Ordinal);
                Assert.DoesNotContain("runs_by", text, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task A_jump_passes_rows_over_in_an_index_alone()
    {
        var query = new RunQuery { ExperimentIds = [0], OrderBy = [new Ordering(Loss)] };
        RunSearch Search(RunQuery of, RunPart part) => new(SqliteDialect.Instance, of, part, rowByRow: true);

        Assert.Contains("SEARCH k USING COVERING INDEX metric_latest_search", string.Join('\n', await ExplainAsync(Search(query, RunPart.Valued).ValueAt(500))), StringComparison.Ordinal);
        Assert.Contains("SEARCH k USING COVERING INDEX metric_latest_search", string.Join('\n', await ExplainAsync(Search(query, RunPart.Valued).PassedBefore(OrderValue.Of(0.5)))), StringComparison.Ordinal);
        Assert.Contains("SEARCH r USING COVERING INDEX runs_by_experiment", string.Join('\n', await ExplainAsync(Search(query with { OrderBy = [] }, RunPart.All).PositionAt(500, out _))), StringComparison.Ordinal);
    }

    private async Task WalksAsync(RunQuery query, RunPart part, string expected)
    {
        var plan = await ExplainAsync(new RunSearch(SqliteDialect.Instance, query, part, rowByRow: true).Page(101, 0, null, out _));
        var text = string.Join('\n', plan);
        Assert.Contains(expected, text, StringComparison.Ordinal);

        // Ties are sorted, which is as many rows as are alike, and all NaN are; what is sorted by first comes from the index.
        Assert.DoesNotContain(plan, step => step.StartsWith("SCAN", StringComparison.Ordinal));
        Assert.DoesNotContain(plan, step => part != RunPart.NaN && step == "USE TEMP B-TREE FOR ORDER BY");
    }

    private static RunPosition At(IReadOnlyList<Ordering> order, RunPart part) => new(
        [
            .. order.Select(o => (part, o.Field.Kind) switch
            {
                (RunPart.Missing, _) => OrderValue.Absent,
                (RunPart.NaN, _) => OrderValue.NaN,
                (_, FieldKind.Metric) => OrderValue.Of(0.5),
                (_, FieldKind.Attribute) => OrderValue.Of(5L),
                _ => OrderValue.Of("text"),
            }),
        ], 1, "r");

    private async Task<List<string>> ExplainAsync(SqlText query)
    {
        var parameters = new SqlParameters();
        foreach (var value in query.Values)
            parameters.Add(value!);
        return await _store.Database.QueryAsync(new SqlText("explain query plan " + query.Sql, parameters), row => row.Text(3), Token);
    }
}
