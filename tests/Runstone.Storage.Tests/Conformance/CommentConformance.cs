using Runstone.Core.Access;
using Runstone.Core.Comments;
using Runstone.Core.Errors;
using Runstone.Core.Stars;

namespace Runstone.Storage.Tests.Conformance;

/// <summary>What every engine promises as <see cref="ICommentStore"/> and <see cref="IStarStore"/>.</summary>
public abstract class CommentConformance : StoreConformance
{
    private static readonly Subject Run = new(SubjectKind.Run, "r1");
    private static readonly Subject Experiment = new(SubjectKind.Experiment, "1");

    [Fact]
    public async Task Comments_are_read_in_the_order_in_which_they_were_made_page_by_page()
    {
        var made = new List<Comment>();
        for (var i = 0; i < 5; i++)
            made.Add(await Store.Comments.AddAsync(Run, "ana", $"no. {i} ☃", Now - i, Token));
        await Store.Comments.AddAsync(Run with { Id = "r2" }, "ana", "elsewhere", Now, Token);
        await Store.Comments.AddAsync(Experiment with { Id = "r1" }, "ana", "another kind", Now, Token);

        Assert.Equal(made, await Store.Comments.ListAsync(Run, 0, 100, Token));
        Assert.Equal(made[..2], await Store.Comments.ListAsync(Run, 0, 2, Token));
        Assert.Equal(made[2..4], await Store.Comments.ListAsync(Run, made[1].Id, 2, Token));
        Assert.Empty(await Store.Comments.ListAsync(Run, made[4].Id, 2, Token));
    }

    [Fact]
    public async Task An_edit_is_dated_and_a_deletion_leaves_the_place_without_the_text()
    {
        var made = await Store.Comments.AddAsync(Experiment, "ana", "first", Now, Token);
        Assert.Equal((null, null, Now), (made.EditedAt, made.DeletedAt, made.CreatedAt));
        var edited = await Store.Comments.EditAsync(made.Id, "second", Now + 1, Token);
        Assert.Equal(made with { Text = "second", EditedAt = Now + 1 }, edited);

        await Store.Comments.DeleteAsync(made.Id, Now + 2, Token);
        await Store.Comments.DeleteAsync(made.Id, Now + 3, Token);
        var left = edited with { Text = "", DeletedAt = Now + 2 };
        Assert.Equal(left, await Store.Comments.GetAsync(made.Id, Token));
        Assert.Equal([left], await Store.Comments.ListAsync(Experiment, 0, 10, Token));
        await FailsAsync(() => Store.Comments.EditAsync(made.Id, "third", Now + 4, Token));
    }

    [Fact]
    public async Task What_is_not_there_is_said()
    {
        Assert.Null(await Store.Comments.GetAsync(77, Token));
        await FailsAsync(() => Store.Comments.EditAsync(77, "x", Now, Token));
        await FailsAsync(() => Store.Comments.DeleteAsync(77, Now, Token));
    }

    [Fact]
    public async Task A_person_has_stars_of_their_own_the_newest_first()
    {
        await Store.Stars.SetAsync("ana", Run, Now, Token);
        await Store.Stars.SetAsync("ana", Run with { Id = "r2" }, Now + 1, Token);
        await Store.Stars.SetAsync("ana", Run with { Id = "r0" }, Now + 1, Token);
        await Store.Stars.SetAsync("ana", Experiment, Now, Token);
        await Store.Stars.SetAsync("mei", Run, Now, Token);

        Assert.Equal("r0 r2 r1", await StarsAsync("ana", 10));
        Assert.Equal("r0 r2", await StarsAsync("ana", 2));
        Assert.Equal([new Star(Experiment, Now)], await Store.Stars.ListAsync("ana", SubjectKind.Experiment, 10, Token));
        Assert.Empty(await StarsAsync("jonas", 10));
    }

    [Fact]
    public async Task A_star_keeps_its_time_until_it_is_cleared()
    {
        await Store.Stars.SetAsync("ana", Run, Now, Token);
        await Store.Stars.SetAsync("ana", Run, Now + 9, Token);
        Assert.Equal([new Star(Run, Now)], await Store.Stars.ListAsync("ana", SubjectKind.Run, 10, Token));
        await Store.Stars.ClearAsync("ana", Run, Token);
        await Store.Stars.ClearAsync("ana", Run, Token);
        Assert.Empty(await StarsAsync("ana", 10));
    }

    private async Task<string> StarsAsync(string person, int limit) =>
        string.Join(" ", (await Store.Stars.ListAsync(person, SubjectKind.Run, limit, Token)).Select(s => s.Subject.Id));

    private static async Task FailsAsync(Func<Task> call) =>
        Assert.IsType<CommentNotFound>((await Assert.ThrowsAsync<RunstoneException>(call)).Error);
}
