using System.Text;
using CsCheck;
using Runstone.Core.Datasets;
using Runstone.Core.Experiments;
using Runstone.Core.Ingest;
using Runstone.Core.Query;
using Runstone.Core.Runs;

namespace Runstone.Storage.Tests.Conformance;

/// <summary>What every engine promises a table that jumps to any row of runs that are nested in each other, held to a list in memory.</summary>
public abstract class RunTreeConformance : StoreConformance
{
    private static readonly Field Loss = new(FieldKind.Metric, "loss");
    private static readonly IReadOnlyList<Field> Columns = RunFilterParser.ParseColumns(["children", "inputs", "lifecycle", "inputs", "children"]);

    private static readonly Ordering[][] Orders =
    [
        [], [new Ordering(Loss)], [new Ordering(Loss, true)], [new Ordering(new Field(FieldKind.Param, "group"))],
        [new Ordering(new Field(FieldKind.Attribute, RunFields.StartTime))],
    ];

    private static readonly double?[] Losses = [null, 1, 2, 2.5, double.NaN];
    private static readonly string?[] Groups = [null, "a", "b"];

    /// <summary>A run of the model; <see cref="Scope"/> is the place of its experiment.</summary>
    private sealed record Node(string Id, int Scope, long Start, string? Parent, Lifecycle Lifecycle, double? Loss, string? Group, string[] Inputs);

    private static readonly Gen<Node[]> Trees = Gen.Int[0, 40].SelectMany(count => Gen.Select(
        Gen.Int[0, 2], Gen.Long[0, 4], Gen.Int[-3, count], Gen.Int[0, 5], Gen.Int[0, Losses.Length - 1], Gen.Int[0, Groups.Length - 1], Gen.Int[0, 2],
        (scope, start, parent, lifecycle, loss, group, inputs) => (scope, start, parent, lifecycle, loss, group, inputs)).Array[count])
        .Select(nodes => nodes.Select((n, i) => new Node(
            $"r{i}", n.scope / 2, n.start, n.parent < 0 ? null : $"r{n.parent}", n.lifecycle < 3 ? (Lifecycle)n.lifecycle : Lifecycle.Active, Losses[n.loss], Groups[n.group],
            [.. Enumerable.Range(0, n.inputs).Select(d => $"data {d}@sha:{(i + d) % 3}")])).ToArray());

    [Fact]
    public async Task Any_stretch_of_a_tree_is_that_of_the_list()
    {
        var round = 0;
        var cases = Gen.Select(Trees, Gen.Int[0, Orders.Length - 1], Gen.Int[0, 2], Gen.Bool, Gen.Enum<LifecycleView>(), Gen.Int[0, 45], Gen.Int[1, 12]);
        await cases.SampleAsync(
            async (nodes, order, scopes, roots, lifecycle, skip, limit) =>
            {
                var prefix = $"t{round++}x";
                long[] experiments = [await ExperimentAsync(prefix + "one"), await ExperimentAsync(prefix + "two")];
                var expected = nodes.Select(n => n with { Id = prefix + n.Id, Parent = n.Parent is null ? null : prefix + n.Parent }).ToArray();
                await StoreAsync(expected, experiments);
                var shown = scopes == 0 ? experiments : [experiments[scopes - 1]];
                var query = new RunQuery { ExperimentIds = shown, OrderBy = Orders[order], Lifecycle = lifecycle, Roots = roots, Offset = skip, Limit = limit };

                var table = await Store.Runs.ReadTableAsync(query, Columns, Token);

                var model = Model(expected, scopes, lifecycle, roots, order);
                var page = model.Skip(skip).Take(limit).ToArray();
                Assert.Equal([.. page.Select(n => n.Id)], table.Ids);
                Assert.Equal(skip + limit < model.Length ? page[^1].Id : null, table.Next?.RunId);
                Assert.Equal(page.Select(n => Children(expected, n, scopes)), Enumerable.Range(0, page.Length).Select(row => ((NumberColumn)table.Columns[0])[row]));
                Assert.Equal<string[]>([.. page.Select(n => string.Join('\n', n.Inputs))], Texts(table, 1));
                Assert.Equal<string[]>([.. page.Select(n => n.Lifecycle.ToString().ToLowerInvariant())], Texts(table, 2));
                Assert.Equal(Texts(table, 1), Texts(table, 3));
                Assert.Equal(model.Length, await Store.Runs.CountAsync(query, 1000, Token));

                // A page goes on from the one before, and passes over what it is told to from there.
                if (table.Next is null)
                    return;
                var later = await Store.Runs.ReadTableAsync(query with { After = table.Next, Offset = 3 }, Columns, Token);
                Assert.Equal([.. model.Skip(skip + limit + 3).Take(limit).Select(n => n.Id)], later.Ids);
            },
            iter: 60, threads: 1);
    }

    [Fact]
    public async Task Children_are_counted_in_all_experiments_when_all_are_looked_in()
    {
        var other = await ExperimentAsync("other");
        await CommitAsync(Create("parent"), Nested("here", 0), Nested("there", other));
        await WriteAsync(new IngestBatch("here") { Patch = new RunPatch { Name = "renamed" } });

        Assert.Equal(2, await ChildrenAsync([]));
        Assert.Equal(1, await ChildrenAsync([0]));
        Assert.Equal(2, await ChildrenAsync([0, other]));

        static IngestBatch Nested(string id, long experiment) => new(id) { Create = new NewRun(experiment) { ParentId = "parent" } };

        async Task<double> ChildrenAsync(long[] experiments)
        {
            var query = new RunQuery { ExperimentIds = experiments, Filter = RunFilterParser.Parse("run_id = 'parent'") };
            return ((NumberColumn)(await Store.Runs.ReadTableAsync(query, Columns, Token)).Columns[0])[0];
        }
    }

    private static Node[] Model(Node[] nodes, int scopes, LifecycleView lifecycle, bool roots, int order)
    {
        bool IsShown(Node n) => (scopes == 0 || n.Scope == scopes - 1) && (lifecycle == LifecycleView.All || string.Equals(n.Lifecycle.ToString(), lifecycle.ToString(), StringComparison.Ordinal));
        bool IsRoot(Node n) => !nodes.Any(p => p.Id == n.Parent && p.Id != n.Id && IsShown(p));
        var found = nodes.Where(n => IsShown(n) && (!roots || IsRoot(n)));
        var sorted = order switch
        {
            1 => found.OrderBy(Rank).ThenBy(n => n.Loss ?? 0),
            2 => found.OrderBy(Rank).ThenByDescending(n => n.Loss ?? 0),
            3 => found.OrderBy(n => n.Group is null ? 1 : 0).ThenBy(n => n.Group, StringComparer.Ordinal),
            4 => found.OrderBy(n => n.Start),
            _ => found.OrderBy(_ => 0),
        };
        return [.. sorted.ThenByDescending(n => n.Start).ThenBy(n => n.Id, StringComparer.Ordinal)];

        static int Rank(Node n) => n.Loss is not { } loss ? 2 : double.IsNaN(loss) ? 1 : 0;
    }

    private static double Children(Node[] nodes, Node parent, int scopes) =>
        nodes.Count(n => n.Parent == parent.Id && n.Id != parent.Id && n.Lifecycle == Lifecycle.Active && (scopes == 0 || n.Scope == scopes - 1));

    private static string[] Texts(RunTable table, int column) => [.. table.Ids.Select((_, row) =>
        table.Columns[column].Has(row) ? Encoding.UTF8.GetString(((TextColumn)table.Columns[column])[row]) : "")];

    private async Task StoreAsync(Node[] nodes, long[] experiments)
    {
        await CommitAsync([.. nodes.Select(n => new IngestBatch(n.Id)
        {
            Create = new NewRun(experiments[n.Scope]) { StartTime = n.Start, ParentId = n.Parent },
            Metrics = n.Loss is { } loss ? Points(("loss", 0, 0, loss)) : Core.Metrics.MetricBatch.Empty,
            Params = n.Group is { } group ? [new Param("group", group)] : [],
            Inputs = [.. n.Inputs.Select(i => new DatasetInput(new Dataset(i.Split('@')[0], i.Split('@')[1], "local", "file"), []))],
        })]);
        await CommitAsync([.. nodes.Where(n => n.Lifecycle != Lifecycle.Active).Select(n => new IngestBatch(n.Id) { Patch = new RunPatch { Lifecycle = n.Lifecycle } })]);
    }
}
