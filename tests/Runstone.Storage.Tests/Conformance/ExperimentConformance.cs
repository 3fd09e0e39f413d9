using Runstone.Core.Errors;
using Runstone.Core.Experiments;
using Runstone.Core.Ingest;
using Runstone.Core.Query;
using Runstone.Core.Runs;

namespace Runstone.Storage.Tests.Conformance;

/// <summary>What every engine promises as <see cref="IExperimentStore"/>.</summary>
public abstract class ExperimentConformance : StoreConformance
{
    [Fact]
    public async Task The_experiment_Default_is_there_from_the_start()
    {
        var byId = await Store.Experiments.GetAsync(0, Token);

        Assert.Equal("Default", byId!.Name);
        Assert.Equal(byId.CreatedAt, (await Store.Experiments.GetByNameAsync("Default", Token))!.CreatedAt);
        Assert.Null(await Store.Experiments.GetAsync(1, Token));
        Assert.Null(await Store.Experiments.GetByNameAsync("default", Token));
    }

    [Fact]
    public async Task A_created_experiment_is_read_back_as_it_was_given()
    {
        var created = await Store.Experiments.CreateAsync(new NewExperiment("naïve 🦊", "s3://x") { Tags = [new("b", "2"), new("a", "")] }, Now, Token);

        Assert.Equal(1, created.Id);
        Assert.Equal(("naïve 🦊", "s3://x", Lifecycle.Active, Now, Now), (created.Name, created.ArtifactLocation, created.Lifecycle, created.CreatedAt, created.UpdatedAt));
        Assert.Equal([new Tag("a", ""), new Tag("b", "2")], created.Tags);
        var read = await Store.Experiments.GetByNameAsync("naïve 🦊", Token);
        Assert.Equal(created with { Tags = read!.Tags }, read);
        Assert.Equal(created.Tags, read.Tags);
    }

    [Fact]
    public async Task Of_many_that_want_a_name_at_the_same_time_one_gets_it()
    {
        var other = await ExperimentAsync("other");
        var wanted = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Task.Run(
            async () => await Record.ExceptionAsync(() => i % 3 == 0 ? PatchAsync(other, new ExperimentPatch { Name = "e" }) : ExperimentAsync("e")), Token)));

        Assert.Contains(wanted, e => e is null);
        Assert.All(wanted.OfType<Exception>(), e => Assert.IsType<ExperimentNameTaken>(Assert.IsType<RunstoneException>(e).Error));
        Assert.Single((await Store.Experiments.SearchAsync(new ExperimentQuery(), Token)).Items, e => string.Equals(e.Name, "e", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Of_changes_at_the_same_time_none_is_lost()
    {
        var id = await ExperimentAsync("e");
        var changes = Enumerable.Range(0, 12).Select(i => new ExperimentPatch { SetTags = [new($"k{i:00}", $"{i}")], Name = i % 2 == 0 ? null : $"e{i}" });
        await Task.WhenAll(changes.Select(c => Task.Run(() => PatchAsync(id, c), Token)));

        var experiment = (await Store.Experiments.GetAsync(id, Token))!;
        Assert.Equal(Enumerable.Range(0, 12).Select(i => new Tag($"k{i:00}", $"{i}")), experiment.Tags);
        Assert.InRange(experiment.Name.Length, 2, 3);
    }

    [Fact]
    public async Task A_run_that_comes_while_its_experiment_is_deleted_is_refused_or_deleted()
    {
        for (var round = 0; round < 5; round++)
        {
            var id = await ExperimentAsync($"e{round}");
            var comes = Task.Run(async () =>
            {
                for (var i = 0; i < 8; i++)
                    await CommitAsync(Create($"r{round}-{i}", id));
            }, Token);
            await PatchAsync(id, new ExperimentPatch { Lifecycle = Lifecycle.Deleted });
            await comes;

            Assert.Equal(0, await Store.Runs.CountAsync(new RunQuery { ExperimentIds = [id], Lifecycle = LifecycleView.Active }, 100, Token));
        }
    }

    [Fact]
    public async Task A_name_stays_taken_while_its_experiment_is_deleted()
    {
        var id = await ExperimentAsync("e");
        await PatchAsync(id, new ExperimentPatch { Lifecycle = Lifecycle.Deleted });

        await ThrowsAsync<ExperimentNameTaken>(() => ExperimentAsync("e"));
        await ThrowsAsync<ExperimentNameTaken>(() => PatchAsync(0, new ExperimentPatch { Name = "e" }));
        Assert.Equal("Default", (await Store.Experiments.GetAsync(0, Token))!.Name);
    }

    [Fact]
    public async Task A_patch_is_applied_as_a_whole_or_not_at_all()
    {
        var id = (await Store.Experiments.CreateAsync(new NewExperiment("e") { Tags = [new("a", "1")] }, Now, Token)).Id;

        await ThrowsAsync<ExperimentTagNotFound>(() => PatchAsync(id, new ExperimentPatch { Name = "f", SetTags = [new("b", "2")], RemoveTags = ["gone"] }));
        var kept = await Store.Experiments.GetAsync(id, Token);
        var patched = await Store.Experiments.UpdateAsync(id, new ExperimentPatch { Name = "f", SetTags = [new("b", "2")], RemoveTags = ["a"] }, Now + 5, Token);

        Assert.Equal("e", kept!.Name);
        Assert.Equal([new Tag("a", "1")], kept.Tags);
        Assert.Equal(("f", Now, Now + 5), (patched.Name, patched.CreatedAt, patched.UpdatedAt));
        Assert.Equal([new Tag("b", "2")], patched.Tags);
        await ThrowsAsync<ExperimentNotFound>(() => PatchAsync(77, new ExperimentPatch { Name = "x" }));
    }

    [Fact]
    public async Task A_deleted_experiment_cannot_be_renamed()
    {
        var id = await ExperimentAsync("e");
        await PatchAsync(id, new ExperimentPatch { Lifecycle = Lifecycle.Deleted });

        await ThrowsAsync<ExperimentNotActive>(() => PatchAsync(id, new ExperimentPatch { Name = "f" }));
    }

    [Fact]
    public async Task Deleting_deletes_the_active_runs_and_restoring_restores_all()
    {
        var id = await ExperimentAsync("e");
        await CommitAsync(Create("a", id), Create("b", id) with { Patch = new RunPatch { Lifecycle = Lifecycle.Deleted } }, Create("c"));

        await Store.Experiments.UpdateAsync(id, new ExperimentPatch { Lifecycle = Lifecycle.Deleted }, Now + 9, Token);
        var (a, b, c) = (await Store.Runs.GetAsync("a", Token), await Store.Runs.GetAsync("b", Token), await Store.Runs.GetAsync("c", Token));
        Assert.Equal((Lifecycle.Deleted, Now + 9), (a!.Lifecycle, a.DeletedAt));
        Assert.Equal((Lifecycle.Deleted, Now), (b!.Lifecycle, b.DeletedAt));
        Assert.Equal(Lifecycle.Active, c!.Lifecycle);
        await RefusedAsync<RunNotActive>(new IngestBatch("a") { Tags = [new("x", "y")] });

        await PatchAsync(id, new ExperimentPatch { Lifecycle = Lifecycle.Active });
        Assert.All([await Store.Runs.GetAsync("a", Token), await Store.Runs.GetAsync("b", Token)], r => Assert.Equal((Lifecycle.Active, null), (r!.Lifecycle, r.DeletedAt)));
        await WriteAsync(new IngestBatch("b") { Tags = [new("x", "y")] });
    }

    [Fact]
    public async Task Archiving_leaves_the_runs_as_they_are()
    {
        var id = await ExperimentAsync("e");
        await CommitAsync(
            Create("a", id), Create("b", id) with { Patch = new RunPatch { Lifecycle = Lifecycle.Deleted } },
            Create("c", id) with { Patch = new RunPatch { Lifecycle = Lifecycle.Archived } });

        var archived = await Store.Experiments.UpdateAsync(id, new ExperimentPatch { Lifecycle = Lifecycle.Archived }, Now + 9, Token);
        var renamed = await Store.Experiments.UpdateAsync(id, new ExperimentPatch { Name = "f", SetTags = [new("k", "v")] }, Now + 9, Token);

        Assert.Equal((Lifecycle.Archived, Now + 9), (archived.Lifecycle, archived.UpdatedAt));
        Assert.Equal((Lifecycle.Archived, "f"), (renamed.Lifecycle, renamed.Name));
        Assert.Equal("Active Deleted Archived", await StagesAsync("a", "b", "c"));
        Assert.Equal("0", await FindAsync(new ExperimentQuery()));
        Assert.Equal($"{id}", await FindAsync(new ExperimentQuery { Lifecycle = LifecycleView.Archived }));

        await PatchAsync(id, new ExperimentPatch { Lifecycle = Lifecycle.Active });
        Assert.Equal("Active Deleted Archived", await StagesAsync("a", "b", "c"));
        await PatchAsync(id, new ExperimentPatch { Lifecycle = Lifecycle.Deleted });
        Assert.Equal("Deleted Deleted Deleted", await StagesAsync("a", "b", "c"));
        await PatchAsync(id, new ExperimentPatch { Lifecycle = Lifecycle.Archived });
        Assert.Equal("Active Active Archived", await StagesAsync("a", "b", "c"));
    }

    [Fact]
    public async Task What_was_archived_is_archived_again_when_its_experiment_comes_back()
    {
        var id = await ExperimentAsync("e");
        await CommitAsync(
            Create("a", id) with { Patch = new RunPatch { Lifecycle = Lifecycle.Archived } }, Create("b", id),
            Create("c", id) with { Patch = new RunPatch { Lifecycle = Lifecycle.Archived } });
        await PatchAsync(id, new ExperimentPatch { Lifecycle = Lifecycle.Deleted });
        await WriteAsync(new IngestBatch("c") { Patch = new RunPatch { Lifecycle = Lifecycle.Active } });
        await PatchAsync(id, new ExperimentPatch { Lifecycle = Lifecycle.Active });
        Assert.Equal("Archived Active Active", await StagesAsync("a", "b", "c"));
        Assert.Null((await Store.Runs.GetAsync("a", Token))!.DeletedAt);

        // What it was the last time counts, not what it was at some time before.
        await WriteAsync(new IngestBatch("a") { Patch = new RunPatch { Lifecycle = Lifecycle.Active } });
        await WriteAsync(new IngestBatch("b") { Patch = new RunPatch { Lifecycle = Lifecycle.Archived } });
        await PatchAsync(id, new ExperimentPatch { Lifecycle = Lifecycle.Deleted });
        await PatchAsync(id, new ExperimentPatch { Lifecycle = Lifecycle.Active });
        Assert.Equal("Active Archived Active", await StagesAsync("a", "b", "c"));
    }

    [Fact]
    public async Task Restoring_an_active_experiment_leaves_its_deleted_runs_alone()
    {
        await CommitAsync(Create("a") with { Patch = new RunPatch { Lifecycle = Lifecycle.Deleted } });

        await PatchAsync(0, new ExperimentPatch { Lifecycle = Lifecycle.Active });

        Assert.Equal(Lifecycle.Deleted, (await Store.Runs.GetAsync("a", Token))!.Lifecycle);
    }

    [Fact]
    public async Task A_search_filters_orders_and_pages()
    {
        var def = (await Store.Experiments.GetAsync(0, Token))!.CreatedAt;
        await Store.Experiments.CreateAsync(new NewExperiment("Beta") { Tags = [new("team", "red")] }, def + 3, Token);
        await Store.Experiments.CreateAsync(new NewExperiment("alpha") { Tags = [new("team", "blue")] }, def + 3, Token);
        await Store.Experiments.CreateAsync(new NewExperiment("gone"), def + 9, Token);
        await Store.Experiments.UpdateAsync(3, new ExperimentPatch { Lifecycle = Lifecycle.Deleted }, def + 10, Token);
        var name = new Field(FieldKind.Attribute, ExperimentFields.Name);
        var created = new Field(FieldKind.Attribute, ExperimentFields.CreatedAt);
        var team = new Field(FieldKind.Tag, "team");

        Assert.Equal("1 2 0", await FindAsync(new ExperimentQuery()));
        Assert.Equal("3", await FindAsync(new ExperimentQuery { Lifecycle = LifecycleView.Deleted }));
        Assert.Equal("3 1 2 0", await FindAsync(new ExperimentQuery { Lifecycle = LifecycleView.All }));
        Assert.Equal("1 0 2", await FindAsync(new ExperimentQuery { OrderBy = [new Ordering(name)] }));
        Assert.Equal("2 1 0", await FindAsync(new ExperimentQuery { OrderBy = [new Ordering(created, true)] }));
        Assert.Equal("2 1 0", await FindAsync(new ExperimentQuery { OrderBy = [new Ordering(team)] }));
        Assert.Equal("1 2 0", await FindAsync(new ExperimentQuery { OrderBy = [new Ordering(team, true)] }));
        Assert.Equal("1", await FindAsync(new ExperimentQuery { Filter = new Filter.Compare(team, ComparisonOperator.Equal, Literal.Of("red")) }));
        Assert.Equal("0", await FindAsync(new ExperimentQuery { Filter = new Filter.Not(new Filter.Exists(team)) }));
        Assert.Equal("1", await FindAsync(new ExperimentQuery { Filter = new Filter.Compare(name, ComparisonOperator.ILike, Literal.Of("b%")) }));
        Assert.Equal("1 2", await FindAsync(new ExperimentQuery { Filter = new Filter.Compare(created, ComparisonOperator.Greater, Literal.Of(def)) }));
        Assert.Equal("0", await FindAsync(new ExperimentQuery { Filter = new Filter.Compare(new Field(FieldKind.Attribute, ExperimentFields.Id), ComparisonOperator.Less, Literal.Of(1)) }));
        Assert.Equal("2", await FindAsync(new ExperimentQuery { Filter = new Filter.Text("LPH") }));

        var page = await Store.Experiments.SearchAsync(new ExperimentQuery { Limit = 1, Offset = 1 }, Token);
        Assert.Equal((2, true), (page.Items[0].Id, page.HasMore));
        Assert.False((await Store.Experiments.SearchAsync(new ExperimentQuery { Limit = 3 }, Token)).HasMore);
    }

    [Fact]
    public async Task Summaries_count_active_runs()
    {
        var id = await ExperimentAsync("e");
        await CommitAsync(
            Create("a", id, start: Now + 1), Create("b", id, start: 5) with { Patch = new RunPatch { Status = RunStatus.Failed, EndTime = Now + 7 } },
            Create("c", id, start: 5) with { Patch = new RunPatch { Status = RunStatus.Killed } },
            Create("d", id, start: Now + 50) with { Patch = new RunPatch { Lifecycle = Lifecycle.Deleted } });

        var summaries = await Store.Experiments.SummariseAsync([id, 99, 0], Token);

        Assert.Equal([id, 0], summaries.Select(s => s.Experiment.Id));
        Assert.Equal((3, 1, 2, Now + 7), (summaries[0].Runs, summaries[0].Running, summaries[0].Failed, summaries[0].LastActivityAt));
        Assert.Equal((0, 0, 0, summaries[1].Experiment.CreatedAt), (summaries[1].Runs, summaries[1].Running, summaries[1].Failed, summaries[1].LastActivityAt));
    }

    [Fact]
    public async Task Notes_and_the_pinned_metric_are_kept_until_they_are_changed()
    {
        var made = await Store.Experiments.CreateAsync(new NewExperiment("e") { Notes = "# naïve 🦊" }, Now, Token);
        Assert.Equal(("# naïve 🦊", null), (made.Notes, made.PinnedMetric));

        var pinned = await Store.Experiments.UpdateAsync(made.Id, new ExperimentPatch { PinnedMetric = "loss" }, Now + 3, Token);
        var renamed = await PatchAsync(made.Id, new ExperimentPatch { Name = "f" });
        Assert.Equal(("# naïve 🦊", "loss", Now + 3), (pinned.Notes, pinned.PinnedMetric, pinned.UpdatedAt));
        Assert.Equal(("# naïve 🦊", "loss"), (renamed.Notes, renamed.PinnedMetric));
        var cleared = await PatchAsync(made.Id, new ExperimentPatch { PinnedMetric = "", Notes = "" });
        Assert.Equal(("", null), (cleared.Notes, cleared.PinnedMetric));
        Assert.Equal("", (await Store.Experiments.GetByNameAsync("Default", Token))!.Notes);
    }

    [Fact]
    public async Task Text_is_found_in_names_tags_and_notes()
    {
        var a = (await Store.Experiments.CreateAsync(new NewExperiment("a") { Notes = "about Foxes" }, Now, Token)).Id;
        var b = (await Store.Experiments.CreateAsync(new NewExperiment("b") { Tags = [new("animal", "FOX"), new("fox", "")] }, Now, Token)).Id;
        var c = (await Store.Experiments.CreateAsync(new NewExperiment("foxtrot"), Now, Token)).Id;
        await Store.Experiments.CreateAsync(new NewExperiment("d") { Tags = [new("fox", "")] }, Now, Token);
        var notes = new Field(FieldKind.Attribute, ExperimentFields.Notes);

        Assert.Equal($"{a} {b} {c}", await FindAsync(new ExperimentQuery { Filter = new Filter.Text("fox"), OrderBy = [new Ordering(new Field(FieldKind.Attribute, ExperimentFields.Name))] }));
        Assert.Equal($"{a}", await FindAsync(new ExperimentQuery { Filter = new Filter.Exists(notes) }));
        Assert.Equal($"{a}", await FindAsync(new ExperimentQuery { Filter = new Filter.Compare(notes, ComparisonOperator.Like, Literal.Of("about%")) }));
    }

    [Fact]
    public async Task Summaries_show_the_pinned_metric_of_the_newest_runs_by_their_start()
    {
        var (id, other, none) = (await ExperimentAsync("e"), await ExperimentAsync("other"), await ExperimentAsync("none"));
        for (var i = 0; i < 45; i++)
            await CommitAsync(Create($"r{i:00}", id, start: Now + i) with { Metrics = Points(("loss", 0, 0, 100), ("loss", 1, 0, i)) });
        await CommitAsync(
            Create("lacks", id, start: Now + 99), Create("gone", id, start: Now + 99) with { Metrics = Points(("loss", 0, 0, 1)), Patch = new RunPatch { Lifecycle = Lifecycle.Archived } },
            Create("x", other, start: Now) with { Metrics = Points(("auc", 0, 0, double.NaN)), Patch = new RunPatch { Status = RunStatus.Finished } });
        await PatchAsync(id, new ExperimentPatch { PinnedMetric = "loss" });
        await PatchAsync(other, new ExperimentPatch { PinnedMetric = "auc" });

        var summaries = await Store.Experiments.SummariseAsync([none, other, id], Token);

        Assert.Empty(summaries[0].Pinned);
        Assert.Equal([new PinnedValue("x", double.NaN)], summaries[1].Pinned);
        Assert.Equal(1, summaries[1].Finished);
        Assert.Equal([.. Enumerable.Range(5, 40).Select(i => new PinnedValue($"r{i:00}", i))], summaries[2].Pinned);
        await PatchAsync(id, new ExperimentPatch { PinnedMetric = "no run has it" });
        Assert.Empty((await Store.Experiments.SummariseAsync([id], Token))[0].Pinned);
    }

    private async Task<string> StagesAsync(params string[] runs)
    {
        var stages = new List<Lifecycle>();
        foreach (var run in runs)
            stages.Add((await Store.Runs.GetAsync(run, Token))!.Lifecycle);
        return string.Join(' ', stages);
    }

    private async Task<string> FindAsync(ExperimentQuery query) =>
        string.Join(' ', (await Store.Experiments.SearchAsync(query, Token)).Items.Select(e => e.Id));

    private Task<Experiment> PatchAsync(long id, ExperimentPatch patch) => Store.Experiments.UpdateAsync(id, patch, Now, Token);

    private static async Task ThrowsAsync<TError>(Func<Task> action)
        where TError : Error => Assert.IsType<TError>((await Assert.ThrowsAsync<RunstoneException>(action)).Error);
}
