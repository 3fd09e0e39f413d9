using System.Text;
using Runstone.Core.Ingest;
using Runstone.Core.Metrics;
using Runstone.Core.Query;
using Runstone.Core.Runs;

namespace Runstone.Storage.Tests.Conformance;

/// <summary>What every engine promises about pages that are read as columns.</summary>
public abstract class RunTableConformance : StoreConformance
{
    [Fact]
    public async Task Cells_are_numbers_texts_or_empty()
    {
        await WriteAsync(Create("a", start: 9) with
        {
            Metrics = Points(("loss", 0, 0, 5), ("loss", 1, 0, 1), ("loss", 2, 0, 3), ("acc", 0, 0, double.NaN)),
            Params = [new("lr", "0.1"), new("empty", "")],
            Tags = [new("lr", "größer\u0001\"")],
        });
        await WriteAsync(Create("b", start: 5) with
        {
            Metrics = Points(("loss", 0, 0, double.PositiveInfinity), ("other", 0, 0, 1)),
            Patch = new RunPatch { Status = RunStatus.Failed, EndTime = 12 },
        });

        var table = await Store.Runs.ReadTableAsync(
            new RunQuery(), RunFilterParser.ParseColumns(["metrics.loss:min", "name", "metrics.loss", "params.lr", "tags.lr", "metrics.acc", "metrics.acc:max", "params.empty", "end_time", "duration", "status", "metrics.none", "metrics.loss", "experiment_id", "parent_id"]), Token);

        Assert.Equal(["a", "b"], table.Ids);
        Assert.Null(table.Next);
        Assert.Equal<IEnumerable<string>>(
            ["1|Infinity", "name of a|name of b", "3|Infinity", "0.1|-", "größer\u0001\"|-", "NaN|-", "-|-", "|-", "-|12", "-|7", "running|failed", "-|-", "3|Infinity", "0|0", "-|-"],
            [.. table.Columns.Select(Shown)]);
    }

    [Fact]
    public async Task A_table_is_the_page_that_a_search_finds()
    {
        for (var i = 0; i < 30; i++)
        {
            var keys = Enumerable.Range(0, i % 4 == 0 ? 100 : 12).Where(k => (i + k) % 3 > 0).ToArray();
            await WriteAsync(Create($"r{i:00}", start: i) with
            {
                Metrics = Points([.. keys.Select(k => ($"m{k}", 0L, 0L, (double)(k * i)))]),
                Params = [.. keys.Select(k => new Param($"p{k}", $"{k} of {i}"))],
            });
        }

        var names = Enumerable.Range(0, 12).SelectMany(k => new[] { $"metrics.m{k}", $"params.p{k}" }).ToArray();
        foreach (var wanted in new[] { names, names[..3], ["run_id"], [] })
        {
            var query = new RunQuery { OrderBy = RunFilterParser.ParseOrder(["metrics.m1 desc"]), Limit = 7, ExperimentIds = [0] };
            for (RunPosition? after = null; ;)
            {
                var table = await Store.Runs.ReadTableAsync(query with { After = after }, RunFilterParser.ParseColumns(wanted), Token);
                var found = await Store.Runs.SearchAsync(query with { After = after }, Token);
                Assert.Equal(string.Join('|', found.Items.Select(r => r.Run.Id)), string.Join('|', table.Ids));
                Assert.Equal(string.Join('\n', wanted.Select(name => string.Join('|', found.Items.Select(r => Shown(r, name))))), string.Join('\n', table.Columns.Select(Shown)));
                Assert.Equal(found.Next?.RunId, table.Next?.RunId);
                after = table.Next;
                if (after is null)
                    break;
            }
        }
    }

    [Fact]
    public async Task Most_runs_of_an_experiment_have_the_cells_that_few_of_them_have()
    {
        string[] texts = ["short", "", new('a', 127), new('b', 128), new('c', 300), new('ä', 70), "\u0001"];
        var elsewhere = await ExperimentAsync("elsewhere");
        var batches = Enumerable.Range(0, 1200).Select(i => Create($"r{i:0000}", experiment: i % 20 == 0 ? elsewhere : 0, start: i) with
        {
            Metrics = i % 3 == 0 ? MetricBatch.Empty : Points(("loss", 0, 0, i), ("loss", 1, 0, i % 5 == 0 ? double.NaN : -i), ("acc", 0, 0, 1.0 / i)),
            Params = [new("text", texts[i % texts.Length] + (i % 2)), .. i % 4 == 0 ? (Param[])[new("seldom", $"{i}")] : []],
            Tags = i % 6 == 0 ? [] : [new("text", $"tag {i}")],
        });
        Assert.All(await CommitAsync([.. batches]), outcome => Assert.Null(outcome.Error));
        var columns = RunFilterParser.ParseColumns(["metrics.loss", "params.text", "tags.text", "params.seldom", "metrics.acc", "params.none", "run_id"]);

        foreach (var wanted in new[] { columns, [.. columns, .. RunFilterParser.ParseColumns(["metrics.loss:min"])] })
        {
            var query = new RunQuery { ExperimentIds = [0], Filter = RunFilterParser.Parse("run_id != \"r0007\"") };
            var all = await Store.Runs.ReadTableAsync(query with { Limit = 2000 }, wanted, Token);
            Assert.Equal(1139, all.Ids.Count);
            for (var (at, after) = (0, (RunPosition?)null); at < all.Ids.Count;)
            {
                var few = await Store.Runs.ReadTableAsync(query with { Limit = 300, After = after }, wanted, Token);
                for (var row = 0; row < few.Ids.Count; row++, at++)
                {
                    Assert.Equal(few.Ids[row], all.Ids[at]);
                    Assert.Equal<IEnumerable<string>>([.. few.Columns.Select(c => Cell(c, row))], [.. all.Columns.Select(c => Cell(c, at))]);
                }

                after = few.Next;
            }
        }
    }

    [Fact]
    public async Task A_page_without_runs_has_columns_without_cells()
    {
        var table = await Store.Runs.ReadTableAsync(new RunQuery(), RunFilterParser.ParseColumns(["name", "metrics.loss"]), Token);

        Assert.Empty(table.Ids);
        Assert.Equal([0, 0], table.Columns.Select(c => c.Rows));
    }

    private static string Shown(RunDetails run, string name) => name switch
    {
        "run_id" => run.Run.Id,
        ['m', ..] => run.Metrics.FirstOrDefault(m => string.Equals(name, "metrics." + m.Key, StringComparison.Ordinal))?.Last.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "-",
        _ => run.Params.FirstOrDefault(p => string.Equals(name, "params." + p.Key, StringComparison.Ordinal))?.Value ?? "-",
    };

    private static string Shown(RunTableColumn column) => string.Join('|', Enumerable.Range(0, column.Rows).Select(row => Cell(column, row)));

    private static string Cell(RunTableColumn column, int row) => column switch
    {
        _ when !column.Has(row) => "-",
        TextColumn texts => Encoding.UTF8.GetString(texts[row]),
        _ => ((NumberColumn)column)[row].ToString(System.Globalization.CultureInfo.InvariantCulture),
    };
}
