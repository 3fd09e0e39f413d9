using CsCheck;
using Runstone.Protocol.Data;

namespace Runstone.Protocol.Tests.Data;

/// <summary>Differences and merges of trees are those of dictionaries.</summary>
public sealed class TreeDiffTests
{
    [Fact]
    public async Task The_difference_is_that_of_the_dictionaries() => await Gen.OneOf(
        SampleTree.Pair, Gen.Select(SampleTree.Entries, SampleTree.Entries).Select((a, b) => (a, b))).SampleAsync(async pair =>
    {
        var objects = new MemoryObjects();
        var (before, after) = pair;
        var differences = await CompareAsync(objects, before, after);
        Assert.Equal(TreeTests.Changes(before, after).Select(c => (c.Path, before.GetValueOrDefault(c.Path), c.Entry)), differences.Select(d => (d.Path, d.Before, d.After)));
        Assert.All(differences, d => Assert.Equal(
            d.Before is null ? TreeDifferenceKind.Added : d.After is null ? TreeDifferenceKind.Removed : TreeDifferenceKind.Changed, d.Kind));
    }, iter: 60);

    [Fact]
    public async Task Renames_join_what_has_the_same_bytes_and_lose_nothing() => await SampleTree.Pair.SampleAsync(async pair =>
    {
        var plain = await CompareAsync(new MemoryObjects(), pair.Before, pair.After);
        var joined = TreeDiff.WithRenames(plain);
        Assert.All(joined.Where(d => d.Kind == TreeDifferenceKind.Renamed), d =>
        {
            Assert.Equal((d.Before!.Sha256, d.Before.Size, d.Before.Address), (d.After!.Sha256, d.After.Size, d.After.Address));
            Assert.NotNull(d.After.Sha256);
        });
        Assert.Equal(
            plain.Select(d => (d.Before, d.After)).SelectMany(Sides).OrderBy(s => s.ToString(), StringComparer.Ordinal),
            joined.Select(d => (d.Before, d.After)).SelectMany(Sides).OrderBy(s => s.ToString(), StringComparer.Ordinal));
        var left = joined.Where(d => d.Kind == TreeDifferenceKind.Removed && d.Before!.Sha256 is not null).Select(d => (d.Before!.Sha256, d.Before.Size, d.Before.Address)).ToHashSet();
        Assert.All(joined.Where(d => d.Kind == TreeDifferenceKind.Added), d => Assert.DoesNotContain((d.After!.Sha256, d.After.Size, d.After.Address), left));
    }, iter: 60);

    [Fact]
    public void A_rename_prefers_the_file_that_kept_its_name()
    {
        var (one, two, moved) = (Entry("a/one"), Entry("a/two"), Entry("b/two"));
        var renamed = TreeDiff.WithRenames([Removed(one), Removed(two), new TreeDifference(TreeDifferenceKind.Added, null, moved)]);
        Assert.Equal([Removed(one), new TreeDifference(TreeDifferenceKind.Renamed, two, moved)], renamed);

        static TreeEntry Entry(string path) => SampleTree.MakeEntry(path, (1, false));
        static TreeDifference Removed(TreeEntry entry) => new(TreeDifferenceKind.Removed, entry, null);
    }

    [Fact]
    public async Task A_merge_is_the_plain_one_of_dictionaries() => await Gen.Select(
        SampleTree.Pair, SampleTree.Entry.Array[0, 12], Gen.Int[0, 12], Gen.Int[0, 1 << 20]).SampleAsync(async (pair, puts, removes, at) =>
    {
        var (before, ours) = pair;
        var theirs = SampleTree.Change(before, puts, removes, at);
        var objects = new MemoryObjects();
        var roots = new List<DataObjectId>();
        foreach (var tree in (SortedDictionary<string, TreeEntry>[])[before, ours, theirs])
            roots.Add((await SampleTree.BuildAsync(objects, tree.Values)).Page);
        var merged = await TreeMerge.MergeAsync(objects, objects, roots[0], roots[1], roots[2]);
        var (expected, conflicts) = Merge(before, ours, theirs);
        Assert.Equal(conflicts, merged.Conflicts);
        Assert.Equal(conflicts.Count == 0, merged.Root is not null);
        if (merged.Root is { } root)
            Assert.Equal(await SampleTree.BuildAsync(new MemoryObjects(), expected.Values), root);
    }, iter: 100);

    [Theory]
    [InlineData("a", "a/b")]
    [InlineData("a/b/c", "a/b")]
    public async Task A_file_on_one_side_and_a_folder_on_the_other_are_in_conflict(string ours, string theirs)
    {
        var objects = new MemoryObjects();
        var (mine, other) = (SampleTree.MakeEntry(ours, (1, false)), SampleTree.MakeEntry(theirs, (2, false)));
        var empty = await SampleTree.BuildAsync(objects, []);
        var merged = await TreeMerge.MergeAsync(
            objects, objects, empty.Page, (await SampleTree.BuildAsync(objects, [mine])).Page, (await SampleTree.BuildAsync(objects, [other])).Page);
        var file = ours.Length < theirs.Length ? ours : theirs;
        Assert.Equal(new TreeConflict(file, null, mine, other), merged.Conflicts.Single());
        Assert.Contains("made it the folder of", merged.Conflicts.Single().ToString(), StringComparison.Ordinal);
        Assert.Null(merged.Root);
    }

    private static (SortedDictionary<string, TreeEntry> Merged, List<TreeConflict> Conflicts) Merge(
        SortedDictionary<string, TreeEntry> before, SortedDictionary<string, TreeEntry> ours, SortedDictionary<string, TreeEntry> theirs)
    {
        var (merged, conflicts) = (new SortedDictionary<string, TreeEntry>(DataPath.Order), new List<TreeConflict>());
        foreach (var path in before.Keys.Union(ours.Keys, StringComparer.Ordinal).Union(theirs.Keys, StringComparer.Ordinal).Order(DataPath.Order))
        {
            var (b, o, t) = (before.GetValueOrDefault(path), ours.GetValueOrDefault(path), theirs.GetValueOrDefault(path));
            if (o != b && t != b && o != t)
                conflicts.Add(new TreeConflict(path, b, o, t));
            else if ((o == b ? t : o) is { } entry)
                merged[path] = entry;
        }

        return (merged, conflicts);
    }

    private static IEnumerable<(bool IsBefore, TreeEntry Entry)> Sides((TreeEntry? Before, TreeEntry? After) difference)
    {
        if (difference.Before is { } before)
            yield return (true, before);
        if (difference.After is { } after)
            yield return (false, after);
    }

    private static async Task<List<TreeDifference>> CompareAsync(MemoryObjects objects, SortedDictionary<string, TreeEntry> before, SortedDictionary<string, TreeEntry> after)
    {
        var first = await SampleTree.BuildAsync(objects, before.Values);
        var second = await SampleTree.BuildAsync(objects, after.Values);
        var differences = new List<TreeDifference>();
        await foreach (var difference in TreeDiff.CompareAsync(objects, first.Page, second.Page))
            differences.Add(difference);
        return differences;
    }
}
