using System.Text.Json;
using System.Text.Json.Serialization;
using CsCheck;
using Runstone.Core.Artifacts;
using Runstone.Core.Datasets;
using Runstone.Core.Experiments;
using Runstone.Core.Ingest;
using Runstone.Core.Metrics;
using Runstone.Core.Query;
using Runstone.Core.Runs;
using Runstone.Storage.Tests.Conformance;
using Runstone.Storage.Tests.Sqlite;

namespace Runstone.Storage.Tests.Postgres;

/// <summary>The same random groups, given to both engines and to the model: every answer and everything that can be read is the same.</summary>
public sealed class EnginesAgreeTests
{
    private static readonly JsonSerializerOptions Json = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };
    private static readonly string[] Paths = ["a", "a/b", "a/c", "a.txt", "b/a", "z"];

    private static readonly Gen<string> Path = Gen.Int[0, Paths.Length - 1].Select(i => Paths[i]);

    private static readonly Gen<IngestBatch> Batch =
        from batch in IngestModelConformance.Batch
        from extra in Gen.Int[0, 9]
        from path in Path.Array[0, 3]
        from removed in Path.Array[0, 2]
        from number in Gen.Int[0, 3]
        select Extend(batch, extra, path, removed, number);

    private static readonly (Filter Filter, Ordering[] Order)[] Searches =
    [
        (Filter.All, [new Ordering(new Field(FieldKind.Metric, "a"))]),
        (Filter.All, [new Ordering(new Field(FieldKind.Param, "b"), true), new Ordering(new Field(FieldKind.Tag, "a"))]),
        (new Filter.Compare(new Field(FieldKind.Metric, "b"), ComparisonOperator.NotEqual, Literal.Of(3)), []),
        (new Filter.Not(new Filter.Compare(new Field(FieldKind.Tag, "ключ"), ComparisonOperator.Equal, Literal.Of("1"))), []),
        (new Filter.Text("NOTE"), [new Ordering(new Field(FieldKind.Attribute, RunFields.EndTime), true)]),
        (new Filter.Compare(new Field(FieldKind.Param, "a"), ComparisonOperator.GreaterOrEqual, Literal.Of(1)), [new Ordering(new Field(FieldKind.Metric, "ключ"), true)]),
    ];

    private int _round;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Any_sequence_of_groups_leaves_the_same_in_both()
    {
        PostgresServer.Require();
        var (sqlite, postgres) = (await SqliteUnderTest.OpenAsync(), await PostgresUnderTest.OpenAsync());
        try
        {
            await Batch.Array[1, 6].Array[1, 10].SampleAsync(groups => CompareAsync(sqlite, postgres, groups), iter: 80, threads: 1);
        }
        finally
        {
            await sqlite.Close();
            await postgres.Close();
        }
    }

    private async Task CompareAsync(StoreUnderTest sqlite, StoreUnderTest postgres, IngestBatch[][] groups)
    {
        var model = new IngestModel();
        var experiment = await ExperimentAsync(sqlite);
        Assert.Equal(experiment, await ExperimentAsync(postgres));
        var prefix = $"x{_round++}-";
        var now = 1000L;
        foreach (var group in groups)
        {
            var batches = group.Select(b => b with { RunId = prefix + b.RunId, Create = b.Create is null ? null : b.Create with { ExperimentId = experiment } }).ToArray();
            now += 7 - (group.Length * 2);
            var (left, right) = (await CommitAsync(sqlite, batches, now), await CommitAsync(postgres, batches, now));
            Assert.Equal(left, right);
            Assert.Equal<string[]>([.. batches.Select(model.Apply)], [.. left.Select(o => o.Replayed ? "replayed" : o.Error)]);
        }

        foreach (var run in model.Runs.Keys)
            Assert.Equal(await DescribeAsync(sqlite, run), await DescribeAsync(postgres, run));
        foreach (var (filter, order) in Searches)
            Assert.Equal(await FindAsync(sqlite, experiment, filter, order), await FindAsync(postgres, experiment, filter, order));
        Assert.Equal(
            await sqlite.Datasets.ListUsesAsync([experiment], "context", 100, Token), await postgres.Datasets.ListUsesAsync([experiment], "context", 100, Token));
    }

    private async Task<long> ExperimentAsync(StoreUnderTest store) => (await store.Experiments.CreateAsync(new NewExperiment($"e{_round}"), 1, Token)).Id;

    /// <summary>A batch that neither makes nor patches its run need not be answered with the run's documents.</summary>
    private static async Task<(bool Replayed, string Error, Run? Run)[]> CommitAsync(StoreUnderTest store, IngestBatch[] batches, long now)
    {
        var outcomes = new IngestOutcome[batches.Length];
        await store.Ingest.CommitAsync(batches, outcomes, now, Token);
        return [.. outcomes.Zip(batches, (o, b) =>
            (o.Replayed, o.Error?.GetType().Name ?? "", b.Create is null && b.Patch is null && o.Run is not null ? o.Run with { Notes = "", Environment = null } : o.Run))];
    }

    private static async Task<string> DescribeAsync(StoreUnderTest store, string run)
    {
        var details = await store.Runs.GetDetailsAsync(run, Token);
        var files = await store.Artifacts.ListAllAsync(run, "", "", 100, Token);
        var series = new List<(string, long, int, long, long)>();
        foreach (var metric in details!.Metrics)
        {
            await foreach (var block in store.Metrics.ReadAsync(new SeriesQuery(run, metric.Key) { Order = SeriesOrder.Arrival }, Token))
                series.AddRange(block.ToArray().Select(p => (metric.Key, p.Step.Whole, p.Step.Micros, p.Time, BitConverter.DoubleToInt64Bits(p.Value))));
        }

        return JsonSerializer.Serialize(details, Json) + JsonSerializer.Serialize(files, Json) + string.Join('\n', series);
    }

    private static async Task<string> FindAsync(StoreUnderTest store, long experiment, Filter filter, Ordering[] order)
    {
        var page = await store.Runs.SearchAsync(
            new RunQuery { ExperimentIds = [experiment], Filter = filter, OrderBy = order, Lifecycle = LifecycleView.All, Columns = RunProjection.Nothing }, Token);
        return string.Join(' ', page.Items.Select(r => r.Run.Id));
    }

    private static IngestBatch Extend(IngestBatch batch, int extra, string[] paths, string[] removed, int number)
    {
        // The model knows nothing of these, so a batch must not become a change of more than the lifecycle.
        if (batch.Patch?.Lifecycle is not null)
            return batch;
        var blob = new BlobRef(new string((char)('a' + number), 64), number);
        return extra switch
        {
            0 or 1 => batch with { Artifacts = [.. paths.Select(p => new ArtifactFile(p, blob))], RemoveArtifacts = removed },
            2 => batch with { Inputs = [.. paths.Select(p => new DatasetInput(new Dataset(p, $"{number}", "local", $"source {number}"), [new Tag("context", p), new Tag("context", $"{number}")]))] },
            3 => batch with { Models = [.. paths.Select(p => new ModelLink(p, (ModelDirection)(number % 2), number))] },
            4 when batch.Patch is not null => batch with { Patch = batch.Patch with { Notes = $"note {number}", ParentId = number == 0 ? "" : "p", Name = $"n{number}" } },
            5 when batch.Create is not null => batch with { Create = batch.Create with { Notes = "note", Environment = "{}", StartTime = number, User = "u" } },
            _ => batch,
        };
    }
}
