using System.Security.Cryptography;
using System.Text;
using CsCheck;
using Runstone.Core.Data;
using Runstone.Core.Errors;
using Runstone.Core.Experiments;

namespace Runstone.Storage.Tests.Conformance;

/// <summary>What every engine promises as <see cref="IDataStore"/>.</summary>
public abstract class DataConformance : StoreConformance
{
    private IDataStore Data => Store.Data;

    [Fact]
    public async Task A_repository_is_made_listed_and_changed()
    {
        foreach (var name in new[] { "b", "Adult census", "a" })
            await Data.CreateAsync(name, $"what {name} is", Now, Token);
        Assert.IsType<DataNameTaken>((await ThrowsAsync(() => Data.CreateAsync("a", "", Now, Token))).Error);

        Assert.Equal(["Adult census", "a", "b"], await NamesAsync(new DataRepositoryQuery()));
        Assert.Equal(["a"], await NamesAsync(new DataRepositoryQuery { After = "Adult census", Limit = 1 }));
        Assert.Equal(["Adult census", "a"], await NamesAsync(new DataRepositoryQuery { Contains = "A" }));

        var changed = await Data.UpdateAsync("a", new DataRepositoryPatch(Lifecycle: Lifecycle.Archived), Now + 1, Token);
        Assert.Equal(("what a is", Lifecycle.Archived, Now, Now + 1), (changed.Description, changed.Lifecycle, changed.CreatedAt, changed.UpdatedAt));
        Assert.Equal(changed, await Data.GetAsync("a", Token));
        Assert.Equal(["Adult census", "b"], await NamesAsync(new DataRepositoryQuery()));
        Assert.Equal("new", (await Data.UpdateAsync("a", new DataRepositoryPatch("new"), Now + 2, Token)).Description);
        Assert.Null(await Data.GetAsync("A", Token));
        Assert.IsType<DataNotFound>((await ThrowsAsync(() => Data.UpdateAsync("none", new DataRepositoryPatch(), Now, Token))).Error);

        async Task<string[]> NamesAsync(DataRepositoryQuery query) => [.. (await Data.ListAsync(query, Token)).Select(r => r.Name)];
    }

    [Fact]
    public async Task A_commit_keeps_the_version_and_moves_the_branch()
    {
        await Data.CreateAsync("d", "", Now, Token);
        var first = Version("first");
        var second = Version("second", first.Id) with { RunId = "run-1" };

        Assert.Equal(new DataBranch("main", first.Id, "ada", Now + 1), await Data.CommitAsync("d", "main", null, first, "ada", Now + 1, Token));
        Assert.Equal(new DataBranch("main", second.Id, "bob", Now + 2), await Data.CommitAsync("d", "main", first.Id, second, "bob", Now + 2, Token));
        Assert.Equal(new DataBranch("main", second.Id, "bob", Now + 2), await Data.CommitAsync("d", "main", first.Id, second, "eve", Now + 3, Token));

        var found = Assert.Single(await Data.FindVersionsAsync("d", second.Id[..8], Token));
        Assert.Equal(second.Record.ToArray(), found.Record.ToArray());
        Assert.Equal([first.Id], found.Parents);
        Assert.Equal(
            (second.Id, second.Root, second.Author, second.Time, second.Message, "run-1", second.Files, second.Bytes, Now + 2),
            (found.Id, found.Root, found.Author, found.Time, found.Message, found.RunId, found.Files, found.Bytes, found.ReceivedAt));
        Assert.Equal(
            [new DataMove("main", first.Id, second.Id, "bob", Now + 2), new DataMove("main", null, first.Id, "ada", Now + 1)], await Data.ListMovesAsync("d", "main", 10, Token));
        Assert.Equal(Now + 2, (await Data.GetAsync("d", Token))!.UpdatedAt);
    }

    [Fact]
    public async Task A_commit_that_is_refused_leaves_nothing()
    {
        await Data.CreateAsync("d", "", Now, Token);
        var (first, other) = (Version("first"), Version("other"));
        await Data.CommitAsync("d", "main", null, first, "ada", Now, Token);
        await Data.SetTagAsync("d", "v1", first.Id, "ada", Now, Token);

        Assert.Equal(first.Id, Assert.IsType<DataBranchMoved>((await ThrowsAsync(() => Data.CommitAsync("d", "main", null, other, "bob", Now, Token))).Error).Head);
        Assert.Null(Assert.IsType<DataBranchMoved>((await ThrowsAsync(() => Data.CommitAsync("d", "dev", first.Id, other, "bob", Now, Token))).Error).Head);
        Assert.IsType<DataVersionNotFound>((await ThrowsAsync(() => Data.CommitAsync("d", "main", first.Id, Version("x", Version("nowhere").Id), "bob", Now, Token))).Error);
        Assert.IsType<DataNameTaken>((await ThrowsAsync(() => Data.CommitAsync("d", "v1", null, other, "bob", Now, Token))).Error);
        Assert.IsType<DataNotFound>((await ThrowsAsync(() => Data.CommitAsync("none", "main", null, other, "bob", Now, Token))).Error);
        await Data.UpdateAsync("d", new DataRepositoryPatch(Lifecycle: Lifecycle.Deleted), Now, Token);
        Assert.IsType<DataNotActive>((await ThrowsAsync(() => Data.CommitAsync("d", "dev", null, other, "bob", Now, Token))).Error);

        Assert.Empty(await Data.FindVersionsAsync("d", other.Id, Token));
        Assert.Equal([new DataBranch("main", first.Id, "ada", Now)], (await Data.ListNamesAsync("d", Token))!.Branches);
        Assert.Single(await Data.ListMovesAsync("d", "main", 10, Token));
    }

    [Fact]
    public async Task Two_who_commit_at_once_do_not_lose_one()
    {
        await Data.CreateAsync("d", "", Now, Token);
        var first = Version("first");
        await Data.CommitAsync("d", "main", null, first, "ada", Now, Token);
        var commits = Enumerable.Range(0, 8).Select(i => Task.Run(
            async () =>
            {
                try
                {
                    return (await Data.CommitAsync("d", "main", first.Id, Version($"of {i}", first.Id), $"p{i}", Now, Token)).Version;
                }
                catch (RunstoneException e) when (e.Error is DataBranchMoved moved)
                {
                    return $"refused for {moved.Head}";
                }
            },
            Token));

        var results = await Task.WhenAll(commits);

        var won = Assert.Single(results, r => !r.StartsWith("refused", StringComparison.Ordinal));
        Assert.Equal(7, results.Count(r => r == $"refused for {won}"));
        Assert.Equal([won, first.Id], [.. (await Data.ListHistoryAsync("d", won, null, 10, Token)).Select(v => v.Id)]);
    }

    [Fact]
    public async Task Branches_and_tags_share_their_names()
    {
        await Data.CreateAsync("d", "", Now, Token);
        var first = Version("first");
        await Data.CommitAsync("d", "main", null, first, "ada", Now, Token);

        Assert.Equal(new DataBranch("dev", first.Id, "bob", Now + 1), await Data.SetBranchAsync("d", "dev", null, first.Id, "bob", Now + 1, Token));
        Assert.Equal(new DataTag("v1", first.Id, "bob", Now + 2), await Data.SetTagAsync("d", "v1", first.Id, "bob", Now + 2, Token));
        Assert.Equal(new DataTag("v1", first.Id, "bob", Now + 2), await Data.SetTagAsync("d", "v1", first.Id, "eve", Now + 3, Token));
        Assert.IsType<DataNameTaken>((await ThrowsAsync(() => Data.SetTagAsync("d", "dev", first.Id, "bob", Now, Token))).Error);
        Assert.IsType<DataNameTaken>((await ThrowsAsync(() => Data.SetBranchAsync("d", "v1", null, first.Id, "bob", Now, Token))).Error);
        Assert.IsType<DataVersionNotFound>((await ThrowsAsync(() => Data.SetTagAsync("d", "v2", Version("x").Id, "bob", Now, Token))).Error);
        Assert.IsType<DataBranchMoved>((await ThrowsAsync(() => Data.SetBranchAsync("d", "dev", null, null, "bob", Now, Token))).Error);

        Assert.Null(await Data.SetBranchAsync("d", "dev", first.Id, null, "eve", Now + 4, Token));
        Assert.Null(await Data.SetBranchAsync("d", "dev", null, null, "eve", Now + 5, Token));
        var names = (await Data.ListNamesAsync("d", Token))!;
        Assert.Equal(["main"], [.. names.Branches.Select(b => b.Name)]);
        Assert.Equal(["v1"], [.. names.Tags.Select(t => t.Name)]);
        Assert.Equal([new DataMove("dev", first.Id, null, "eve", Now + 4), new DataMove("dev", null, first.Id, "bob", Now + 1)], await Data.ListMovesAsync("d", "dev", 10, Token));
        Assert.Null(await Data.ListNamesAsync("none", Token));
    }

    [Fact]
    public Task A_history_is_all_that_a_version_came_from_children_first() => Gen.Select(Gen.Int[0, 30], Gen.Int).SampleAsync(
        async (count, seed) =>
        {
            var random = new Random(seed);
            var name = $"h{seed}x{count}";
            await Data.CreateAsync(name, "", Now, Token);
            await Data.CreateAsync(name + " copy", "", Now, Token);
            var made = new List<DataVersion>();
            for (var i = 0; i < count; i++)
            {
                string[] parents = [.. made.Count == 0 ? [] : Enumerable.Range(0, random.Next(3)).Select(_ => made[random.Next(made.Count)].Id).Distinct(StringComparer.Ordinal)];
                made.Add(Version($"{name} {i}", parents));
                await Data.CommitAsync(name, $"b{i}", null, made[^1], "ada", Now, Token);
            }

            foreach (var head in made)
            {
                var expected = new HashSet<string>(StringComparer.Ordinal);
                Gather(made, head.Id, expected);
                var history = new List<DataVersion>();
                for (string? after = null; ; after = history[^1].Id)
                {
                    var page = await Data.ListHistoryAsync(name, head.Id, after, 4, Token);
                    history.AddRange(page);
                    if (page.Count < 4)
                        break;
                }

                Assert.Equal<string[]>([.. made.AsEnumerable().Reverse().Where(v => expected.Contains(v.Id)).Select(v => v.Id)], [.. history.Select(v => v.Id)]);
                Assert.All(history, v => Assert.Equal(made.Single(m => m.Id == v.Id).Parents, v.Parents));
            }

            Assert.Empty(await Data.ListHistoryAsync(name + " copy", made.Count > 0 ? made[0].Id : "none", null, 10, Token));
        },
        iter: 12, threads: 1);

    [Fact]
    public async Task A_version_is_found_by_the_beginning_of_its_id()
    {
        await Data.CreateAsync("d", "", Now, Token);
        var made = Enumerable.Range(0, 40).Select(i => Version($"v{i}")).ToArray();
        foreach (var (version, i) in made.Select((v, i) => (v, i)))
            await Data.CommitAsync("d", $"b{i}", null, version, "ada", Now, Token);
        foreach (var digit in "0123456789abcdef")
        {
            var expected = made.Select(v => v.Id).Where(id => id[0] == digit).Order(StringComparer.Ordinal).Take(2);
            Assert.Equal<string[]>([.. expected], [.. (await Data.FindVersionsAsync("d", $"{digit}", Token)).Select(v => v.Id)]);
        }
    }

    private static void Gather(List<DataVersion> made, string id, HashSet<string> into)
    {
        if (!into.Add(id))
            return;
        foreach (var parent in made.Single(v => v.Id == id).Parents)
            Gather(made, parent, into);
    }

    private static DataVersion Version(string message, params string[] parents)
    {
        var record = Encoding.UTF8.GetBytes($"{message}\n{string.Join('\n', parents)}");
        return new DataVersion(Hash(record), Hash([1]), parents, "ада", 5, message, null, 2, 30) { Record = record };
    }

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static Task<RunstoneException> ThrowsAsync(Func<Task> work) => Assert.ThrowsAsync<RunstoneException>(work);
}
