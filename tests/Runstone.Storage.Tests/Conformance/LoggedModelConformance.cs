using Runstone.Core.Artifacts;
using Runstone.Core.Errors;
using Runstone.Core.Experiments;
using Runstone.Core.Ingest;
using Runstone.Core.Metrics;
using Runstone.Core.Models;
using Runstone.Core.Query;
using Runstone.Core.Runs;

namespace Runstone.Storage.Tests.Conformance;

/// <summary>What <see cref="ILoggedModelStore"/> promises for models, their files and the results that runs log for them.</summary>
public abstract class LoggedModelConformance : StoreConformance
{
    private static readonly BlobRef A = new(new string('a', 64), 1);
    private static readonly BlobRef B = new(new string('b', 64), 2);
    private static readonly DatasetName Test = new("test", "d1");
    private static readonly DatasetName Train = new("train", "d2");

    private ILoggedModelStore Models => Store.LoggedModels;

    private IArtifactStore Files => Store.LoggedModelFiles;

    [Fact]
    public async Task A_model_is_read_as_it_was_created()
    {
        var created = await Models.CreateAsync(
            new NewLoggedModel("m-1", 0, "gbdt", "mlflow-artifacts:/0/models/m-1/artifacts")
            {
                Type = "classifier",
                RunId = "r1",
                Params = [new("depth", "6"), new("a", "𝔎"), new("depth", "7")],
                Tags = [new("t", "1"), new("s", "")],
            },
            100, Token);

        Assert.Equal(("m-1", 0L, "gbdt", "classifier", "r1"), (created.Id, created.ExperimentId, created.Name, created.Type, created.RunId));
        Assert.Equal((LoggedModelStatus.Pending, 100L, 100L), (created.Status, created.CreatedAt, created.UpdatedAt));
        Assert.Equal([new Param("a", "𝔎"), new Param("depth", "7")], created.Params);
        Assert.Equal([new Tag("s", ""), new Tag("t", "1")], created.Tags);
        Assert.Equivalent(created, await Models.GetAsync("m-1", 10, Token), strict: true);
        Assert.Null(await Models.GetAsync("M-1", 10, Token));
        Assert.Equal("mlflow-artifacts:/0/models/m-1/artifacts", await Models.GetLocationAsync("m-1", Token));
        Assert.Null(await Models.GetLocationAsync("m-2", Token));
    }

    [Fact]
    public async Task Only_the_status_stamps_a_model()
    {
        await CreateAsync("m-1");
        var ready = await Models.UpdateAsync("m-1", _ => new LoggedModelPatch { Status = LoggedModelStatus.Ready }, 200, Token);
        Assert.Equal((LoggedModelStatus.Ready, 200L), (ready.Status, ready.UpdatedAt));

        var tagged = await Models.UpdateAsync(
            "m-1", m => new LoggedModelPatch { SetTags = [new("n", m.Name), new("k", "v")], RemoveTags = ["n", "none"], AddParams = [new("p", "1")] }, 300, Token);
        Assert.Equal((LoggedModelStatus.Ready, 200L), (tagged.Status, tagged.UpdatedAt));
        Assert.Equal([new Tag("k", "v"), new Tag("n", "name of m-1")], tagged.Tags);
        Assert.Equal([new Param("p", "1")], tagged.Params);
    }

    [Fact]
    public async Task A_change_that_throws_leaves_the_model_as_it_was()
    {
        await CreateAsync("m-1");
        var error = new LoggedModelTagNotFound("m-1", "k");
        Assert.Equal(error, await Refused(Models.UpdateAsync("m-1", _ => throw new RunstoneException(error), 200, Token)));
        Assert.Equal(new LoggedModelNotFound("m-2"), await Refused(Models.UpdateAsync("m-2", _ => new LoggedModelPatch(), 200, Token)));
        Assert.Empty((await Models.GetAsync("m-1", 0, Token))!.Tags);
    }

    [Fact]
    public async Task Changes_of_one_model_at_the_same_time_see_each_other()
    {
        await CreateAsync("m-1");
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => Models.UpdateAsync(
            "m-1", m => new LoggedModelPatch { SetTags = [new Tag("n", (m.Tags.FirstOrDefault(t => t.Key == "n")?.Value ?? "") + "x")] }, i, Token))));
        Assert.Equal([new Tag("n", new string('x', 20))], (await Models.GetAsync("m-1", 0, Token))!.Tags);
    }

    [Fact]
    public async Task A_deleted_model_is_gone_but_for_its_files()
    {
        await CreateAsync("m-1");
        await Models.LinkFileAsync("m-1", new ArtifactFile("MLmodel", A), 5, Token);
        await Models.DeleteAsync("m-1", 200, Token);

        var gone = new LoggedModelNotFound("m-1");
        Assert.Null(await Models.GetAsync("m-1", 0, Token));
        Assert.Empty((await Models.SearchAsync(Query(), Token)).Items);
        Assert.Equal(gone, await Refused(Models.DeleteAsync("m-1", 200, Token)));
        Assert.Equal(gone, await Refused(Models.UpdateAsync("m-1", _ => new LoggedModelPatch(), 200, Token)));
        Assert.Equal(gone, await Refused(Models.LinkFileAsync("m-1", new ArtifactFile("x", B), 5, Token)));
        Assert.Equal(gone, await Refused(Models.RemoveFilesAsync("m-1", "MLmodel", Token)));
        Assert.NotNull(await Models.GetLocationAsync("m-1", Token));
        Assert.Equal(A, (await Files.GetAsync("m-1", "MLmodel", Token))!.Blob);
        Assert.Equal([A], await Store.BlobReferences.ListAsync(Token).ToListAsync(Token));
    }

    [Fact]
    public async Task Files_are_linked_replaced_listed_and_removed()
    {
        await CreateAsync("m-1");
        await CreateAsync("m-2");
        foreach (var path in new[] { "MLmodel", "data/a", "data/b/c", "data0", "database/x" })
            await Models.LinkFileAsync("m-1", new ArtifactFile(path, A), 5, Token);
        await Models.LinkFileAsync("m-1", new ArtifactFile("MLmodel", B), 6, Token);
        await Models.LinkFileAsync("m-2", new ArtifactFile("MLmodel", A), 7, Token);

        Assert.Equal(new Artifact("MLmodel", B, 6), await Files.GetAsync("m-1", "MLmodel", Token));
        Assert.Null(await Files.GetAsync("m-1", "data", Token));
        Assert.Equal<string>(["MLmodel", "data", "data0", "database"], (await Files.ListAsync("m-1", "", Token)).Select(e => e.Path), StringComparer.Ordinal);
        Assert.Equal<string>(["data/a", "data/b"], (await Files.ListAsync("m-1", "data", Token)).Select(e => e.Path), StringComparer.Ordinal);
        Assert.Equal<string>(["data/b/c", "data0"], (await Files.ListAllAsync("m-1", "", "data/a", 2, Token)).Select(e => e.Path), StringComparer.Ordinal);
        Assert.Equal([A, B], await Store.BlobReferences.ListAsync(Token).ToListAsync(Token));

        await Models.RemoveFilesAsync("m-1", "data", Token);
        await Models.RemoveFilesAsync("m-1", "none", Token);
        Assert.Equal<string>(["MLmodel", "data0", "database/x"], (await Files.ListAllAsync("m-1", "", "", 100, Token)).Select(e => e.Path), StringComparer.Ordinal);
        Assert.Single(await Files.ListAsync("m-2", "", Token));
    }

    [Fact]
    public async Task Content_of_a_model_is_not_condemned_and_what_is_condemned_is_not_linked()
    {
        await CreateAsync("m-1");
        await WriteAsync(Create("r1") with { Artifacts = [new("x", new BlobRef(new string('c', 64), 3))] });
        await Models.LinkFileAsync("m-1", new ArtifactFile("x", B), 5, Token);

        Assert.Equal([A.Sha256], await Store.BlobReferences.CondemnAsync([A.Sha256, B.Sha256, new string('c', 64)], 5, Token));
        Assert.Equal(new BlobCondemned(A.Sha256), await Refused(Models.LinkFileAsync("m-1", new ArtifactFile("x", A), 5, Token)));
        Assert.Equal(B, (await Files.GetAsync("m-1", "x", Token))!.Blob);
        Assert.Equal([B.Sha256, new string('c', 64)], await Store.BlobReferences.ListAsync(Token).Select(b => b.Sha256).ToListAsync(Token));
    }

    [Fact]
    public async Task Points_of_a_run_are_results_of_the_model_they_name()
    {
        await CreateAsync("m-1");
        await CreateAsync("m-2");
        await WriteAsync(Create("r1") with
        {
            Metrics = Points(("auc", 1, 10, 0.5), ("loss", 1, 10, double.NaN), ("auc", 2, 20, 0.7), ("auc", 3, 30, 9)) with
            {
                Models = [new(0, "m-1", Test), new(1, "m-1", null), new(2, "m-2", new("test", null))],
            },
        });
        await WriteAsync(Create("r2") with { Metrics = Points(("auc", 1, 10, 0.6)) with { Models = [new(0, "m-1", Test)] } });

        Assert.Equal(
            [
                new LoggedModelMetric("auc", "r1", Test, new SeriesPoint(new Step(1), 10, 0.5)),
                new LoggedModelMetric("auc", "r2", Test, new SeriesPoint(new Step(1), 10, 0.6)),
                new LoggedModelMetric("loss", "r1", null, new SeriesPoint(new Step(1), 10, double.NaN)),
            ],
            (await Models.GetAsync("m-1", 10, Token))!.Metrics);
        Assert.Equal([new LoggedModelMetric("auc", "r1", new("test", null), new SeriesPoint(new Step(2), 20, 0.7))], (await Models.GetAsync("m-2", 10, Token))!.Metrics);
        Assert.Equal(3, (await SeriesAsync("r1", "auc")).Count);
    }

    [Fact]
    public async Task The_same_result_is_kept_once_with_its_last_value_and_a_reader_gets_the_newest()
    {
        await CreateAsync("m-1");
        var points = Points(("auc", 1, 10, 0.1), ("auc", 1, 10, 0.2), ("auc", 2, 20, 0.3), ("a", 9, 15, 0.4));
        await WriteAsync(Create("r1") with { Metrics = points with { Models = [.. Enumerable.Range(0, 4).Select(i => new MetricModel(i, "m-1", null))] } });
        await WriteAsync(new IngestBatch("r1") { Metrics = Points(("auc", 2, 20, 0.5)) with { Models = [new(0, "m-1", null)] } });

        Assert.Equal([("a", 0.4), ("auc", 0.2), ("auc", 0.5)], (await Models.GetAsync("m-1", 10, Token))!.Metrics.Select(m => (m.Key, m.Point.Value)));
        Assert.Equal([("a", 0.4), ("auc", 0.5)], (await Models.GetAsync("m-1", 2, Token))!.Metrics.Select(m => (m.Key, m.Point.Value)));
        Assert.Empty((await Models.GetAsync("m-1", 0, Token))!.Metrics);
    }

    [Fact]
    public async Task A_batch_that_names_a_model_that_is_not_there_is_refused_as_a_whole()
    {
        await CreateAsync("m-1");
        await CreateAsync("m-2");
        await Models.DeleteAsync("m-2", 5, Token);
        await WriteAsync(Create("r1"));
        foreach (var missing in new[] { "m-2", "m-3" })
        {
            var error = await RefusedAsync<LoggedModelNotFound>(new IngestBatch("r1")
            {
                Tags = [new("k", "v")],
                Metrics = Points(("auc", 1, 10, 1), ("auc", 2, 20, 2)) with { Models = [new(0, "m-1", null), new(1, missing, null)] },
            });
            Assert.Equal(missing, error.Id);
        }

        Assert.Empty(await SeriesAsync("r1", "auc"));
        Assert.Empty((await Models.GetAsync("m-1", 10, Token))!.Metrics);
    }

    [Fact]
    public async Task What_is_erased_of_a_run_is_no_result_any_more_but_what_expires_is()
    {
        await CreateAsync("m-1");
        foreach (var run in new[] { "r1", "r2" })
        {
            await WriteAsync(Create(run) with
            {
                Patch = null,
                Metrics = Points(("auc", 1, 10, 1), ("loss", 1, 10, 2)) with { Models = [new(0, "m-1", null), new(1, "m-1", null)] },
            });
            await WriteAsync(new IngestBatch(run) { Patch = new RunPatch { Status = RunStatus.Finished } });
        }

        await Store.Erasures.EraseSeriesAsync("r1", "auc", "test", Now, Token);
        Assert.Equal(["auc r2", "loss r1", "loss r2"], await ResultsAsync());
        var expirable = await Store.Erasures.ListExpirableAsync(long.MaxValue, null, 10, Token);
        await Store.Erasures.ExpireAsync(expirable.Single(e => e.RunId == "r2"), "test", Now, Token);
        Assert.Equal(["auc r2", "loss r1", "loss r2"], await ResultsAsync());
        await Store.Erasures.EraseRunAsync("r1", "test", Now, Token);
        Assert.Equal(["auc r2", "loss r2"], await ResultsAsync());
    }

    [Fact]
    public async Task Models_are_found_by_what_they_are()
    {
        var other = await ExperimentAsync("other");
        await CreateAsync("m-1", name: "gbdt", parameters: [new("depth", "6")], tags: [new("fold", "1")]);
        await CreateAsync("m-2", name: "linear", parameters: [new("depth", "7")], tags: [new("fold", "2")]);
        await CreateAsync("m-3", experiment: other, name: "gbdt");
        await Models.UpdateAsync("m-2", _ => new LoggedModelPatch { Status = LoggedModelStatus.Failed }, 500, Token);

        Assert.Equal("m-2 m-1", await FindAsync(Filter.All));
        Assert.Equal("", (await Models.SearchAsync(new LoggedModelQuery(), Token)).Items.Count == 0 ? "" : "found");
        Assert.Equal("m-1", await FindAsync(Is(FieldKind.Attribute, LoggedModelFields.Name, Literal.Of("gbdt"))));
        Assert.Equal("m-2", await FindAsync(Is(FieldKind.Attribute, LoggedModelFields.Status, Literal.Of((double)LoggedModelStatus.Failed))));
        Assert.Equal("m-1", await FindAsync(Is(FieldKind.Param, "depth", Literal.Of("6"))));
        Assert.Equal("m-2", await FindAsync(new Filter.Compare(new Field(FieldKind.Tag, "fold"), ComparisonOperator.NotEqual, Literal.Of("1"))));
        Assert.Equal("m-1", await FindAsync(new Filter.And([Is(FieldKind.Tag, "fold", Literal.Of("1")), Is(FieldKind.Param, "depth", Literal.Of("6"))])));
        Assert.Equal("m-2 m-1", await FindAsync(new Filter.Not(new Filter.Exists(new Field(FieldKind.Tag, "none")))));
        Assert.Equal("m-1 m-2", await FindAsync(Filter.All, order: new LoggedModelOrdering(new Field(FieldKind.Attribute, LoggedModelFields.Name))));
        var all = await Models.SearchAsync(Query() with { ExperimentIds = [0, other], Limit = 2 }, Token);
        Assert.Equal(("m-3 m-2", true), (string.Join(' ', all.Items.Select(m => m.Id)), all.HasMore));
        var rest = await Models.SearchAsync(Query() with { ExperimentIds = [0, other], Limit = 2, Offset = 2 }, Token);
        Assert.Equal(("m-1", false), (string.Join(' ', rest.Items.Select(m => m.Id)), rest.HasMore));
        await Assert.ThrowsAsync<RunstoneException>(() => FindAsync(Is(FieldKind.Attribute, "colour", Literal.Of("red"))));
        await Assert.ThrowsAsync<RunstoneException>(() => FindAsync(Is(FieldKind.Dataset, "name", Literal.Of("red"))));
    }

    [Fact]
    public async Task Models_are_found_and_ordered_by_results_on_datasets()
    {
        foreach (var id in new[] { "m-1", "m-2", "m-3", "m-4" })
            await CreateAsync(id);
        await WriteAsync(Create("r1") with
        {
            Metrics = Points(("auc", 1, 10, 0.9), ("auc", 2, 20, 0.4), ("auc", 1, 10, 0.8), ("auc", 1, 10, 0.6), ("auc", 1, 10, double.NaN)) with
            {
                Models = [new(0, "m-1", Test), new(1, "m-1", Train), new(2, "m-2", Test), new(3, "m-3", new("test", "other")), new(4, "m-4", Train)],
            },
        });
        var high = new Filter.Compare(new Field(FieldKind.Metric, "auc"), ComparisonOperator.Greater, Literal.Of(0.7));
        var byAuc = new LoggedModelOrdering(new Field(FieldKind.Metric, "auc"), Descending: true);

        Assert.Equal("m-2 m-1", await FindAsync(high));
        Assert.Equal("", await FindAsync(high, [Train]));
        Assert.Equal("m-2 m-1", await FindAsync(high, [Train, Test]));
        Assert.Equal("m-3 m-2 m-1", await FindAsync(Filter.All, [new("test", null)]));
        Assert.Equal("m-2 m-1", await FindAsync(Filter.All, [Test]));
        Assert.Equal("m-4 m-3 m-2 m-1", await FindAsync(new Filter.Compare(new Field(FieldKind.Metric, "auc"), ComparisonOperator.NotEqual, Literal.Of(0.123))));

        // The newest result counts; models without a number come last.
        Assert.Equal("m-2 m-3 m-1 m-4", await FindAsync(Filter.All, order: byAuc));
        Assert.Equal("m-1 m-3 m-2 m-4", await FindAsync(Filter.All, order: byAuc with { Descending = false }));
        Assert.Equal("m-1 m-2 m-4 m-3", await FindAsync(Filter.All, order: byAuc with { Dataset = Test }));
        Assert.Equal("m-1 m-2 m-3 m-4", await FindAsync(Filter.All, order: byAuc with { Dataset = new("test", null) }));
    }

    private async Task<string> FindAsync(Filter filter, DatasetName[]? datasets = null, params LoggedModelOrdering[] order) => string.Join(
        ' ', (await Models.SearchAsync(Query() with { Filter = filter, Datasets = datasets ?? [], OrderBy = order }, Token)).Items.Select(m => m.Id));

    private Task<string> FindAsync(Filter filter, LoggedModelOrdering order) => FindAsync(filter, null, order);

    private async Task<string[]> ResultsAsync() => [.. (await Models.GetAsync("m-1", 10, Token))!.Metrics.Select(m => $"{m.Key} {m.RunId}")];

    private static LoggedModelQuery Query() => new() { ExperimentIds = [0] };

    private static Filter.Compare Is(FieldKind kind, string key, Literal value) => new(new Field(kind, key), ComparisonOperator.Equal, value);

    private static async Task<Error> Refused(Task work) => (await Assert.ThrowsAsync<RunstoneException>(() => work)).Error;

    private Task<LoggedModel> CreateAsync(string id, long experiment = 0, string? name = null, Param[]? parameters = null, Tag[]? tags = null) => Models.CreateAsync(
        new NewLoggedModel(id, experiment, name ?? "name of " + id, $"mlflow-artifacts:/{experiment}/models/{id}/artifacts") { Params = parameters ?? [], Tags = tags ?? [] },
        100, Token);
}
