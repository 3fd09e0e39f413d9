using Runstone.Core.Errors;
using Runstone.Core.Experiments;
using Runstone.Core.Models;
using Runstone.Core.Query;

namespace Runstone.Storage.Tests.Conformance;

/// <summary>What <see cref="IModelStore"/> promises for models, versions, aliases and tags.</summary>
public abstract class ModelConformance : StoreConformance
{
    [Fact]
    public async Task A_model_is_read_as_it_was_created()
    {
        var created = await Models.CreateAsync(new NewModel("income", "predicts income") { Tags = [new("team", "census"), new("a", "1"), new("team", "b")] }, 100, Token);

        Assert.Equal(("income", "predicts income", 100, 100), (created.Name, created.Description, created.CreatedAt, created.UpdatedAt));
        Assert.Equal([new Tag("a", "1"), new Tag("team", "b")], created.Tags);
        Assert.Empty(created.Aliases);
        Assert.Empty(created.LatestVersions);
        Assert.Equivalent(created, await Models.GetAsync("income", Token), strict: true);
        Assert.Null(await Models.GetAsync("Income", Token));
    }

    [Fact]
    public async Task A_name_is_taken_once()
    {
        await Models.CreateAsync(new NewModel("income"), 1, Token);
        await Models.CreateAsync(new NewModel("other"), 1, Token);

        Assert.Equal(new ModelNameTaken("income"), await Refused(Models.CreateAsync(new NewModel("income"), 2, Token)));
        Assert.Equal(new ModelNameTaken("income"), await Refused(Models.UpdateAsync("other", new ModelPatch { Name = "income" }, 2, Token)));
        Assert.Equal("other", (await Models.GetAsync("other", Token))!.Name);
    }

    [Fact]
    public async Task Versions_are_numbered_from_1_and_a_number_is_never_used_again()
    {
        await CreateWithVersions("income", 2);
        await Models.DeleteVersionAsync("income", 2, 30, Token);
        var next = await Models.CreateVersionAsync("income", new NewModelVersion("s"), 40, Token);

        Assert.Equal(3, next.Number);
        Assert.Null(await Models.GetVersionAsync("income", 2, Token));
        Assert.Equal(40, (await Models.GetAsync("income", Token))!.UpdatedAt);
    }

    [Fact]
    public async Task Versions_made_at_once_have_different_numbers()
    {
        await Models.CreateAsync(new NewModel("income"), 1, Token);
        var versions = await Task.WhenAll(Enumerable.Range(0, 20)
            .Select(i => Task.Run(() => Models.CreateVersionAsync("income", new NewModelVersion($"s{i}"), 2, Token))));

        Assert.Equal(Enumerable.Range(1, 20), versions.Select(v => v.Number).Order());
    }

    [Fact]
    public async Task A_version_is_read_as_it_was_created()
    {
        await Models.CreateAsync(new NewModel("income"), 1, Token);
        var created = await Models.CreateVersionAsync("income", new NewModelVersion("models:/other/1")
        {
            Location = "files:/x",
            RunId = "r1",
            RunLink = "http://elsewhere/r1",
            Description = "first",
            Tags = [new("n", "0")],
        }, 50, Token);

        Assert.Equivalent(new ModelVersion
        {
            Model = "income",
            Number = 1,
            Source = "models:/other/1",
            Location = "files:/x",
            RunId = "r1",
            RunLink = "http://elsewhere/r1",
            Description = "first",
            CreatedAt = 50,
            UpdatedAt = 50,
            Tags = [new("n", "0")],
        }, created, strict: true);
        Assert.Equivalent(created, await Models.GetVersionAsync("income", 1, Token), strict: true);
        Assert.Equal(new ModelNotFound("none"), await Refused(Models.CreateVersionAsync("none", new NewModelVersion("s"), 1, Token)));
    }

    [Fact]
    public async Task A_change_of_stage_archives_the_others_when_asked_and_stamps_what_changed()
    {
        await CreateWithVersions("income", 3);
        await Move("income", 1, ModelStage.Production, 100, archive: false);
        await Move("income", 2, ModelStage.Production, 200, archive: false);
        await Move("income", 3, ModelStage.Production, 300, archive: true);

        var versions = (await Models.SearchVersionsAsync(new ModelVersionQuery { OrderBy = [ByNumber] }, Token)).Items;
        Assert.Equal([ModelStage.Archived, ModelStage.Archived, ModelStage.Production], versions.Select(v => v.Stage));
        Assert.Equal([300, 300, 300], versions.Select(v => v.UpdatedAt));
        Assert.Equal(300, (await Models.GetAsync("income", Token))!.UpdatedAt);
    }

    [Fact]
    public async Task The_latest_version_of_each_stage_comes_with_the_model()
    {
        await CreateWithVersions("income", 5);
        await Move("income", 1, ModelStage.Staging, 100, archive: false);
        await Move("income", 3, ModelStage.Staging, 100, archive: false);
        await Move("income", 5, ModelStage.Archived, 100, archive: false);

        Assert.Equal([3, 4, 5], (await Models.GetAsync("income", Token))!.LatestVersions.Select(v => v.Number));
        Assert.Equal([new Tag("n", "3")], (await Models.GetAsync("income", Token))!.LatestVersions[1].Tags);
    }

    [Fact]
    public async Task An_alias_points_to_one_version_and_goes_with_it()
    {
        await CreateWithVersions("income", 2);
        await Models.UpdateAsync("income", new ModelPatch { SetAliases = [new("b", 1), new("a", 2), new("c", 1)] }, 100, Token);
        await Models.UpdateAsync("income", new ModelPatch { SetAliases = [new("b", 2)] }, 110, Token);

        Assert.Equal([new ModelAlias("a", 2), new("b", 2), new("c", 1)], (await Models.GetAsync("income", Token))!.Aliases);
        Assert.Equal(["a", "b"], (await Models.GetVersionAsync("income", 2, Token))!.Aliases);

        await Models.DeleteVersionAsync("income", 2, 120, Token);
        Assert.Equal([new ModelAlias("c", 1)], (await Models.GetAsync("income", Token))!.Aliases);

        var model = await Models.UpdateAsync("income", new ModelPatch { RemoveAliases = ["c", "never"] }, 130, Token);
        Assert.Empty(model.Aliases);
    }

    [Fact]
    public async Task A_patch_is_kept_as_a_whole_or_not_at_all()
    {
        await CreateWithVersions("income", 1);
        var before = await Models.GetAsync("income", Token);
        var refused = await Refused(Models.UpdateAsync("income", new ModelPatch
        {
            Name = "renamed",
            Description = "new",
            SetTags = [new("k", "v")],
            SetAliases = [new("a", 1), new("b", 9)],
        }, 500, Token));

        Assert.Equal(new ModelVersionNotFound("income", 9), refused);
        Assert.Equivalent(before, await Models.GetAsync("income", Token), strict: true);
        Assert.Null(await Models.GetAsync("renamed", Token));
    }

    [Fact]
    public async Task Tags_and_aliases_do_not_count_as_an_update_but_words_do()
    {
        await CreateWithVersions("income", 1);
        var created = (await Models.GetAsync("income", Token))!.UpdatedAt;
        var tagged = await Models.UpdateAsync("income", new ModelPatch { SetTags = [new("k", "v")], RemoveTags = ["none"], SetAliases = [new("a", 1)] }, 500, Token);
        Assert.Equal(created, tagged.UpdatedAt);

        var version = await Models.UpdateVersionAsync("income", 1, new ModelVersionPatch { SetTags = [new("k", "v")], RemoveTags = ["n"] }, 500, Token);
        Assert.Equal([new Tag("k", "v")], version.Tags);
        Assert.NotEqual(500, version.UpdatedAt);

        Assert.Equal(600, (await Models.UpdateAsync("income", new ModelPatch { Description = "" }, 600, Token)).UpdatedAt);
        Assert.Equal(700, (await Models.UpdateVersionAsync("income", 1, new ModelVersionPatch { Description = "d" }, 700, Token)).UpdatedAt);
        Assert.Equal(600, (await Models.GetAsync("income", Token))!.UpdatedAt);
    }

    [Fact]
    public async Task A_rename_takes_everything_along()
    {
        await CreateWithVersions("income", 2);
        await Models.UpdateAsync("income", new ModelPatch { SetAliases = [new("a", 2)], SetTags = [new("k", "v")] }, 100, Token);
        var renamed = await Models.UpdateAsync("income", new ModelPatch { Name = "revenue" }, 900, Token);

        Assert.Equal(("revenue", 900), (renamed.Name, renamed.UpdatedAt));
        Assert.Equal([new Tag("k", "v")], renamed.Tags);
        Assert.Equal([new ModelAlias("a", 2)], renamed.Aliases);
        Assert.Equal(900, (await Models.GetVersionAsync("revenue", 1, Token))!.UpdatedAt);
        Assert.Null(await Models.GetAsync("income", Token));
        Assert.Null(await Models.GetVersionAsync("income", 1, Token));
    }

    [Fact]
    public async Task A_deleted_model_leaves_nothing_and_its_name_is_free_for_another()
    {
        await CreateWithVersions("income", 2);
        await Models.UpdateAsync("income", new ModelPatch { SetAliases = [new("a", 2)], SetTags = [new("k", "v")] }, 100, Token);
        await Models.DeleteAsync("income", Token);

        Assert.Null(await Models.GetAsync("income", Token));
        Assert.Empty((await Models.SearchVersionsAsync(new ModelVersionQuery(), Token)).Items);
        Assert.Equal(new ModelNotFound("income"), await Refused(Models.DeleteAsync("income", Token)));

        var again = await Models.CreateAsync(new NewModel("income"), 200, Token);
        Assert.Empty(again.Tags);
        Assert.Empty(again.Aliases);
        Assert.Equal(1, (await Models.CreateVersionAsync("income", new NewModelVersion("s"), 210, Token)).Number);
    }

    [Fact]
    public async Task What_is_not_there_is_named()
    {
        await CreateWithVersions("income", 1);

        Assert.Equal(new ModelNotFound("none"), await Refused(Models.UpdateAsync("none", new ModelPatch(), 1, Token)));
        Assert.Equal(new ModelNotFound("none"), await Refused(Models.UpdateVersionAsync("none", 1, new ModelVersionPatch(), 1, Token)));
        Assert.Equal(new ModelVersionNotFound("income", 2), await Refused(Models.UpdateVersionAsync("income", 2, new ModelVersionPatch(), 1, Token)));
        Assert.Equal(new ModelVersionNotFound("income", 2), await Refused(Models.DeleteVersionAsync("income", 2, 1, Token)));
        Assert.Null(await Models.GetVersionAsync("income", 2, Token));
        Assert.Null(await Models.GetVersionAsync("none", 1, Token));
    }

    [Fact]
    public async Task Models_are_found_by_name_and_tags_a_page_at_a_time()
    {
        foreach (var (name, owner) in new[] { ("b-model", "ada"), ("a-model", "ada"), ("c-other", "ada"), ("d-model", "bob") })
            await Models.CreateAsync(new NewModel(name) { Tags = [new("owner", owner)] }, 1, Token);
        await Models.CreateAsync(new NewModel("e-model"), 1, Token);
        var models = new Filter.Compare(Name, ComparisonOperator.Like, Literal.Of("%-model"));
        var owned = new Filter.Compare(new Field(FieldKind.Tag, "owner"), ComparisonOperator.Equal, Literal.Of("ada"));

        Assert.Equal(["a-model", "b-model"], await Names(new ModelQuery { Filter = new Filter.And([models, owned]) }));
        Assert.Equal(["c-other", "d-model", "e-model"], await Names(new ModelQuery { Filter = new Filter.Or([new Filter.Not(owned), new Filter.Not(models)]) }));
        Assert.Equal(["e-model", "d-model"], await Names(new ModelQuery { OrderBy = [new(Name, Descending: true)], Limit = 2 }));
        Assert.Equal(["d-model", "a-model", "b-model", "c-other", "e-model"], await Names(new ModelQuery { OrderBy = [new(new Field(FieldKind.Tag, "owner"), true)] }));

        var first = await Models.SearchAsync(new ModelQuery { Limit = 3 }, Token);
        var second = await Models.SearchAsync(new ModelQuery { Limit = 3, Offset = 3 }, Token);
        Assert.Equal((true, false), (first.HasMore, second.HasMore));
        Assert.Equal(["a-model", "b-model", "c-other", "d-model", "e-model"], first.Items.Concat(second.Items).Select(m => m.Name).ToArray());
    }

    [Fact]
    public async Task Versions_are_found_by_model_number_run_and_tags()
    {
        await CreateWithVersions("a", 3);
        await CreateWithVersions("b", 2);
        await Move("a", 2, ModelStage.Staging, 5000, archive: false);

        Assert.Equal(["a/2", "a/3", "b/2", "a/1", "b/1"], await Versions(Filter.All));
        Assert.Equal(["b/2", "b/1"], await Versions(Compare(ModelVersionFields.Model, ComparisonOperator.Equal, Literal.Of("b"))));
        Assert.Equal(["a/2", "a/3", "b/2"], await Versions(Compare(ModelVersionFields.Number, ComparisonOperator.GreaterOrEqual, Literal.Of(2))));
        Assert.Equal(["b/1"], await Versions(new Filter.In(new Field(FieldKind.Attribute, ModelVersionFields.RunId), ["run-b-1", "x"], false)));
        Assert.Equal(["a/2"], await Versions(Compare(ModelVersionFields.Stage, ComparisonOperator.Equal, Literal.Of("staging"))));
        Assert.Equal(["a/2", "b/2"], await Versions(new Filter.Compare(new Field(FieldKind.Tag, "n"), ComparisonOperator.Equal, Literal.Of("1"))));
        Assert.Equal(["b/2", "b/1"], await Versions(new Filter.Text("SOURCE OF B")));
    }

    [Fact]
    public async Task A_field_that_models_do_not_have_is_refused()
    {
        var metric = new Filter.Compare(new Field(FieldKind.Metric, "auc"), ComparisonOperator.Greater, Literal.Of(1));
        var unknown = Compare("colour", ComparisonOperator.Equal, Literal.Of("red"));

        Assert.Equal(ErrorCode.Invalid, (await Refused(Models.SearchAsync(new ModelQuery { Filter = metric }, Token))).Code);
        Assert.Equal(ErrorCode.Invalid, (await Refused(Models.SearchAsync(new ModelQuery { Filter = unknown }, Token))).Code);
        Assert.Equal(ErrorCode.Invalid, (await Refused(Models.SearchVersionsAsync(new ModelVersionQuery { Filter = metric }, Token))).Code);
        Assert.Equal(ErrorCode.Invalid, (await Refused(Models.SearchVersionsAsync(new ModelVersionQuery { Filter = unknown }, Token))).Code);
    }

    private IModelStore Models => Store.Models;

    [Fact]
    public async Task Of_many_that_want_a_name_at_the_same_time_one_gets_it()
    {
        var wanted = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Task.Run(
            async () => await Record.ExceptionAsync(() => Models.CreateAsync(new NewModel("m"), i, Token)), Token)));

        Assert.Single(wanted, e => e is null);
        Assert.All(wanted.OfType<Exception>(), e => Assert.Equal(new ModelNameTaken("m"), Assert.IsType<RunstoneException>(e).Error));
    }

    [Fact]
    public async Task Changes_of_one_model_at_the_same_time_follow_each_other()
    {
        await CreateWithVersions("m", 12);
        await Task.WhenAll(Enumerable.Range(1, 12).Select(n => Task.Run(() => Move("m", n, ModelStage.Production, 100 + n, archive: true), Token)));
        Assert.Single(await Versions(Compare(ModelVersionFields.Stage, ComparisonOperator.Equal, Literal.Of("production"))));

        // An alias is set on a version or fails; it never points to one that is gone.
        var changes = await Task.WhenAll(Enumerable.Range(1, 12).Select(n => Task.Run(async () => await Record.ExceptionAsync(() => n % 2 == 0
            ? Models.DeleteVersionAsync("m", n, 200, Token)
            : Models.UpdateAsync("m", new ModelPatch { SetAliases = [new($"a{n}", n + 1)] }, 200, Token)), Token)));
        Assert.All(changes.OfType<Exception>(), e => Assert.IsType<ModelVersionNotFound>(Assert.IsType<RunstoneException>(e).Error));
        Assert.Empty((await Models.GetAsync("m", Token))!.Aliases);
    }

    private static readonly Field Name = new(FieldKind.Attribute, ModelFields.Name);
    private static readonly Ordering ByNumber = new(new Field(FieldKind.Attribute, ModelVersionFields.Number));

    private static Filter.Compare Compare(string field, ComparisonOperator op, Literal value) => new(new Field(FieldKind.Attribute, field), op, value);

    private static async Task<Error> Refused(Task work) => (await Assert.ThrowsAsync<RunstoneException>(() => work)).Error;

    private async Task CreateWithVersions(string name, int versions)
    {
        await Models.CreateAsync(new NewModel(name), 1, Token);
        for (var i = 0; i < versions; i++)
        {
            await Models.CreateVersionAsync(name, new NewModelVersion("s")
            {
                RunId = $"run-{name}-{i + 1}",
                Description = $"source of {name}",
                Tags = [new("n", $"{i}")],
            }, 10 + i, Token);
        }
    }

    private Task<ModelVersion> Move(string name, int number, ModelStage stage, long now, bool archive) =>
        Models.UpdateVersionAsync(name, number, new ModelVersionPatch { Stage = stage, ArchiveOthers = archive }, now, Token);

    private async Task<string[]> Names(ModelQuery query) => [.. (await Models.SearchAsync(query, Token)).Items.Select(m => m.Name)];

    private async Task<string[]> Versions(Filter filter) =>
        [.. (await Models.SearchVersionsAsync(new ModelVersionQuery { Filter = filter }, Token)).Items.Select(v => $"{v.Model}/{v.Number}")];
}
