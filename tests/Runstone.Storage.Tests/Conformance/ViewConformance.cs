using Runstone.Core.Errors;
using Runstone.Core.Experiments;
using Runstone.Core.Views;

namespace Runstone.Storage.Tests.Conformance;

/// <summary>What every engine promises as <see cref="IViewStore"/>.</summary>
public abstract class ViewConformance : StoreConformance
{
    private const int Many = 1000;

    [Fact]
    public async Task A_view_is_saved_changed_and_removed()
    {
        var made = await SaveAsync("losses", """{"filter":"metrics.loss < 1"}""");
        Assert.Equal((1L, false, Now, Now), (made.Revision, made.IsDefault, made.CreatedAt, made.UpdatedAt));
        Assert.Equal(made, await Store.Views.GetAsync(made.Id, Token));

        var changed = await Store.Views.UpdateAsync(made.Id, new ViewPatch { Settings = """{"ü":"☃"}""", Revision = 1 }, Now + 5, Token);
        Assert.Equal(made with { Settings = """{"ü":"☃"}""", Revision = 2, UpdatedAt = Now + 5 }, changed);
        var renamed = await Store.Views.UpdateAsync(made.Id, new ViewPatch { Name = "Losses" }, Now + 6, Token);
        Assert.Equal(changed with { Name = "Losses", Revision = 3, UpdatedAt = Now + 6 }, renamed);
        Assert.Equal([renamed], await Store.Views.ListAsync(0, Token));

        Assert.True(await Store.Views.DeleteAsync(made.Id, Token));
        Assert.False(await Store.Views.DeleteAsync(made.Id, Token));
        Assert.Null(await Store.Views.GetAsync(made.Id, Token));
        Assert.Empty(await Store.Views.ListAsync(0, Token));
        Assert.True((await SaveAsync("again", "{}")).Id > made.Id);
    }

    [Fact]
    public async Task Names_are_taken_by_experiment_and_person()
    {
        var other = await ExperimentAsync("other");
        var made = await SaveAsync("a", "{}");
        await SaveAsync("a", "{}", person: "mei");
        await SaveAsync("a", "{}", experiment: other);
        var second = await SaveAsync("b", "{}");
        await FailsAsync<ViewNameTaken>(() => SaveAsync("a", "{}"));
        await FailsAsync<ViewNameTaken>(() => Store.Views.UpdateAsync(second.Id, new ViewPatch { Name = "a" }, Now, Token));
        Assert.Equal(2, (await Store.Views.UpdateAsync(made.Id, new ViewPatch { Name = "a" }, Now, Token)).Revision);
        Assert.Equal("a a b", string.Join(" ", (await Store.Views.ListAsync(0, Token)).Select(v => v.Name)));
    }

    [Fact]
    public async Task A_change_of_what_was_changed_meanwhile_is_refused()
    {
        var made = await SaveAsync("a", "{}");
        await Store.Views.UpdateAsync(made.Id, new ViewPatch { Settings = """{"by":1}""", Revision = 1 }, Now, Token);
        var error = await FailsAsync<ViewChanged>(() => Store.Views.UpdateAsync(made.Id, new ViewPatch { Settings = """{"by":2}""", Revision = 1 }, Now, Token));
        Assert.Equal(2, error.Revision);
        Assert.Equal("""{"by":1}""", (await Store.Views.GetAsync(made.Id, Token))!.Settings);
    }

    [Fact]
    public async Task Of_changes_at_once_by_one_revision_one_is_kept()
    {
        var made = await SaveAsync("a", "{}");
        var changes = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => TryAsync(() =>
            Store.Views.UpdateAsync(made.Id, new ViewPatch { Settings = $$"""{"by":{{i}}}""", Revision = 1 }, Now, Token))));
        Assert.Equal(1, changes.Count(kept => kept));
        Assert.Equal(2, (await Store.Views.GetAsync(made.Id, Token))!.Revision);
    }

    [Fact]
    public async Task An_experiment_has_one_default_at_most()
    {
        var (a, b) = (await SaveAsync("a", "{}"), await SaveAsync("b", "{}"));
        await Store.Views.SetDefaultAsync(0, a.Id, Token);
        await Store.Views.SetDefaultAsync(0, b.Id, Token);
        Assert.Equal([b.Id], (await Store.Views.ListAsync(0, Token)).Where(v => v.IsDefault).Select(v => v.Id));
        Assert.Equal(1, (await Store.Views.GetAsync(b.Id, Token))!.Revision);

        var elsewhere = await SaveAsync("c", "{}", experiment: await ExperimentAsync("other"));
        await FailsAsync<ViewNotFound>(() => Store.Views.SetDefaultAsync(0, elsewhere.Id, Token));
        Assert.True((await Store.Views.GetAsync(b.Id, Token))!.IsDefault);
        await Store.Views.SetDefaultAsync(0, null, Token);
        Assert.DoesNotContain(await Store.Views.ListAsync(0, Token), v => v.IsDefault);
    }

    [Fact]
    public async Task Views_of_an_experiment_are_bounded()
    {
        await Store.Views.CreateAsync(new NewView(0, "ana", "a", "{}"), 2, Now, Token);
        await Store.Views.CreateAsync(new NewView(0, "mei", "b", "{}"), 2, Now, Token);
        await FailsAsync<TooManyViews>(() => Store.Views.CreateAsync(new NewView(0, "ana", "c", "{}"), 2, Now, Token));
    }

    [Fact]
    public async Task What_a_person_left_is_there_again()
    {
        Assert.Null(await Store.Views.GetWorkspaceAsync(0, "ana", Token));
        Assert.Equal(new Workspace("""{"a":1}""", 1, Now), await Store.Views.SetWorkspaceAsync(0, "ana", """{"a":1}""", Now, Token));
        Assert.Equal(new Workspace("""{"a":2}""", 2, Now + 1), await Store.Views.SetWorkspaceAsync(0, "ana", """{"a":2}""", Now + 1, Token));
        Assert.Equal(new Workspace("""{"a":2}""", 2, Now + 1), await Store.Views.GetWorkspaceAsync(0, "ana", Token));
        Assert.Null(await Store.Views.GetWorkspaceAsync(0, "mei", Token));
        Assert.Empty(await Store.Views.ListAsync(0, Token));
    }

    [Fact]
    public async Task What_is_not_there_is_said()
    {
        await FailsAsync<ViewNotFound>(() => Store.Views.UpdateAsync(77, new ViewPatch { Name = "x" }, Now, Token));
        await FailsAsync<ExperimentNotFound>(() => SaveAsync("a", "{}", experiment: 77));
        await FailsAsync<ExperimentNotFound>(() => Store.Views.SetWorkspaceAsync(77, "ana", "{}", Now, Token));
        await FailsAsync<ExperimentNotFound>(() => Store.Views.SetDefaultAsync(77, null, Token));
        Assert.Empty(await Store.Views.ListAsync(77, Token));
    }

    private Task<SavedView> SaveAsync(string name, string settings, string person = "ana", long experiment = 0) =>
        Store.Views.CreateAsync(new NewView(experiment, person, name, settings), Many, Now, Token);

    private static async Task<TError> FailsAsync<TError>(Func<Task> call)
        where TError : Error => Assert.IsType<TError>((await Assert.ThrowsAsync<RunstoneException>(call)).Error);

    private static async Task<bool> TryAsync(Func<Task> call)
    {
        try
        {
            await call();
            return true;
        }
        catch (RunstoneException e)
        {
            Assert.IsType<ViewChanged>(e.Error);
            return false;
        }
    }
}
