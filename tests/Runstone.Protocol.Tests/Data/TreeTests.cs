using CsCheck;
using Runstone.Protocol.Data;

namespace Runstone.Protocol.Tests.Data;

/// <summary>A tree is a sorted dictionary whose root depends on nothing but what is in it.</summary>
public sealed class TreeTests
{
    [Fact]
    public async Task What_is_built_is_read_back() => await SampleTree.Entries.SampleAsync(async entries =>
    {
        var objects = new MemoryObjects();
        var root = await SampleTree.BuildAsync(objects, entries.Values);
        Assert.Equal((entries.Count, entries.Values.Sum(e => e.Size)), (root.Files, root.Bytes));
        Assert.Equal(entries.Values, await SampleTree.ReadAsync(objects, root.Page));
        Assert.Equal(root, await new TreeReader(objects, root.Page).ReadRootAsync());
    }, iter: 40);

    [Fact]
    public async Task The_samples_have_three_levels()
    {
        var objects = new MemoryObjects();
        var root = await SampleTree.BuildAsync(objects, SampleTree.Sort(SampleTree.Names.Select(n => SampleTree.MakeEntry(n, (1, false)))).Values);
        Assert.Equal(2, TreePage.Decode((await objects.ReadAsync(root.Page, default))!.Value.Span).Level);
        Assert.InRange(objects.Count, 50, 150);
    }

    [Fact]
    public async Task Any_sequence_of_edits_gives_the_tree_of_the_dictionary() => await Gen.Select(
        SampleTree.Entries, Gen.Select(SampleTree.Entry.Array[0, 30], Gen.Int[0, 200], Gen.Int[0, 1 << 20]).Array[1, 5]).SampleAsync(async (entries, edits) =>
    {
        var objects = new MemoryObjects();
        var root = await SampleTree.BuildAsync(objects, entries.Values);
        foreach (var (puts, removes, at) in edits)
        {
            var after = SampleTree.Change(entries, puts, removes, at);
            root = await TreeEdit.ApplyAsync(objects, objects, root.Page, Changes(entries, after));
            Assert.Equal(await SampleTree.BuildAsync(new MemoryObjects(), after.Values), root);
            entries = after;
        }

        Assert.Equal(entries.Values, await SampleTree.ReadAsync(objects, root.Page));
    }, iter: 60);

    [Fact]
    public async Task Removing_everything_gives_the_empty_tree()
    {
        var objects = new MemoryObjects();
        var root = await SampleTree.BuildAsync(objects, SampleTree.Sort(SampleTree.Names.Select(n => SampleTree.MakeEntry(n, (1, false)))).Values);
        var empty = await TreeEdit.ApplyAsync(objects, objects, root.Page, [.. SampleTree.Names.Order(DataPath.Order).Select(TreeChange.Remove)]);
        Assert.Equal(new TreeRoot(DataObjectId.Of([1, 0, 0, 0]), 0, 0), empty);
        Assert.Null(await new TreeReader(objects, empty.Page).FindAsync("a"));
        Assert.Empty((await new TreeReader(objects, empty.Page).ListAsync("")).Items);
    }

    [Fact]
    public async Task An_edit_of_a_large_tree_touches_only_the_pages_on_the_way()
    {
        var objects = new MemoryObjects();
        var paths = Enumerable.Range(0, 100_000).Select(i => $"images/{i:d6}.png").ToArray();
        var root = await SampleTree.BuildAsync(objects, paths.Select(p => SampleTree.MakeEntry(p, (1, false))));
        Assert.InRange(objects.Count, 100_000 / 350, 100_000 / 220);
        (objects.Reads, objects.Writes) = (0, 0);
        var after = await TreeEdit.ApplyAsync(objects, objects, root.Page, [TreeChange.Put(SampleTree.MakeEntry(paths[50_000], (2, false)))]);

        // The root, the page of the entry, and the last page, which nothing in it ends.
        Assert.Equal(3, objects.Writes);
        Assert.InRange(objects.Reads, 3, 6);
        objects.Reads = 0;
        var differences = new List<TreeDifference>();
        await foreach (var difference in TreeDiff.CompareAsync(objects, root.Page, after.Page))
            differences.Add(difference);
        Assert.Equal((TreeDifferenceKind.Changed, paths[50_000]), (differences.Single().Kind, differences.Single().Path));
        Assert.Equal(4, objects.Reads);
    }

    [Fact]
    public async Task Entries_and_ranges_are_found() => await Gen.Select(SampleTree.Entries, Gen.Int[0, 2399], Gen.Int[0, 2399]).SampleAsync(async (entries, first, second) =>
    {
        var objects = new MemoryObjects();
        var reader = new TreeReader(objects, (await SampleTree.BuildAsync(objects, entries.Values)).Page);
        var (from, until) = (SampleTree.Names[first], SampleTree.Names[second]);
        Assert.Equal(entries.GetValueOrDefault(from), await reader.FindAsync(from));
        var range = new List<TreeEntry>();
        await foreach (var entry in reader.RangeAsync(from, until))
            range.Add(entry);
        Assert.Equal(entries.Values.Where(e => DataPath.Compare(e.Path, from) >= 0 && DataPath.Compare(e.Path, until) < 0), range);
    }, iter: 40);

    [Fact]
    public async Task A_folder_is_listed_page_by_page() => await Gen.Select(SampleTree.Entries, Gen.Int[0, 4].Select(i => ((string[])["", "a", "b/x", "c", "nowhere"])[i]), Gen.Int[1, 50]).SampleAsync(async (entries, folder, limit) =>
    {
        var objects = new MemoryObjects();
        var reader = new TreeReader(objects, (await SampleTree.BuildAsync(objects, entries.Values)).Page);
        var prefix = folder.Length == 0 ? "" : folder + "/";
        var expected = entries.Values.Where(e => e.Path.StartsWith(prefix, StringComparison.Ordinal))
            .GroupBy(e => e.Path[prefix.Length..].Split('/') is [var name] ? name : e.Path[prefix.Length..].Split('/')[0] + "/", StringComparer.Ordinal)
            .Select(g => g.Key.EndsWith('/') ? new TreeFolderItem(g.Key[..^1], null, g.Count(), g.Sum(e => e.Size)) : new TreeFolderItem(g.Key, g.Single(), 1, g.Single().Size));
        var (items, from) = (new List<TreeFolderItem>(), (string?)null);
        do
        {
            var page = await reader.ListAsync(folder, from, limit);
            Assert.True(page.Items.Count <= limit);
            items.AddRange(page.Items);
            from = page.Next;
        }
        while (from is not null);
        Assert.Equal(expected, items);
    }, iter: 40);

    [Theory]
    [InlineData("b", "a")]
    [InlineData("a", "a")]
    [InlineData("a", "a/b")]
    [InlineData("a", "a-b", "a/b")]
    [InlineData("a/../b")]
    public async Task Entries_out_of_order_or_in_each_other_are_refused_by_name(params string[] paths)
    {
        var builder = new TreeBuilder(new MemoryObjects());
        foreach (var path in paths[..^1])
            await builder.AddAsync(SampleTree.MakeEntry(path, (1, false)));
        var refused = await Assert.ThrowsAsync<InvalidDataException>(async () => await builder.AddAsync(SampleTree.MakeEntry(paths[^1], (1, false))));
        Assert.Contains($"\"{paths[^1]}\"", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a", "a/b")]
    [InlineData("a/b/c", "a/b")]
    [InlineData("a/b/c", "a")]
    public async Task An_edit_that_makes_a_file_a_folder_is_refused_by_name(string before, string added)
    {
        var objects = new MemoryObjects();
        var root = await SampleTree.BuildAsync(objects, [SampleTree.MakeEntry(before, (1, false))]);
        var put = TreeChange.Put(SampleTree.MakeEntry(added, (1, false)));
        var refused = await Assert.ThrowsAsync<InvalidDataException>(async () => await TreeEdit.ApplyAsync(objects, objects, root.Page, [put]));
        Assert.Contains("which is a file", refused.Message, StringComparison.Ordinal);
        var both = new[] { put, TreeChange.Remove(before) }.OrderBy(c => c.Path, DataPath.Order).ToArray();
        Assert.Equal(1, (await TreeEdit.ApplyAsync(objects, objects, root.Page, both)).Files);
    }

    [Fact]
    public async Task A_page_that_is_gone_or_has_other_bytes_is_named()
    {
        var objects = new MemoryObjects();
        var root = await SampleTree.BuildAsync(objects, SampleTree.Sort(SampleTree.Names.Select(n => SampleTree.MakeEntry(n, (1, false)))).Values);
        foreach (var (id, bytes) in objects.All.ToArray())
        {
            objects.Put(id, bytes.ToArray().Select((b, i) => i == bytes.Length - 1 ? (byte)(b ^ 1) : b).ToArray());
            var damaged = await Assert.ThrowsAsync<InvalidDataException>(() => SampleTree.ReadAsync(objects, root.Page));
            Assert.Contains(id.ToString(), damaged.Message, StringComparison.Ordinal);
            objects.Remove(id);
            var missing = await Assert.ThrowsAsync<MissingDataObjectException>(() => SampleTree.ReadAsync(objects, root.Page));
            Assert.Equal((DataObjectKind.TreePage, id), (missing.Kind, missing.Id));
            objects.Put(id, bytes);
        }
    }

    [Fact]
    public async Task A_page_that_is_not_what_the_page_above_says_is_refused()
    {
        var objects = new MemoryObjects();
        var first = objects.Put(Page("a", "b"));
        var second = objects.Put(Page("c", "d"));
        await RefusedAsync("nothing in it ends it", new TreeChild("b", first, 2, 2000), new TreeChild("d", second, 2, 2000));
        await RefusedAsync("the page above says", new TreeChild("b", first, 3, 2000), new TreeChild("d", second, 2, 2000));
        await RefusedAsync("the page above says", new TreeChild("b", first, 2, 2001), new TreeChild("d", second, 2, 2000));
        await RefusedAsync("the page above says", new TreeChild("bb", first, 2, 2000), new TreeChild("d", second, 2, 2000));
        await RefusedAsync("root with one page", new TreeChild("b", first, 2, 2000));

        async Task RefusedAsync(string words, params TreeChild[] children)
        {
            var writer = new List<byte> { 1, 1, (byte)children.Length, 0 };
            foreach (var child in children)
            {
                writer.AddRange([0, (byte)child.LastPath.Length, .. System.Text.Encoding.UTF8.GetBytes(child.LastPath), .. Convert.FromHexString(child.Page.ToString())]);
                writer.AddRange([(byte)child.Files, (byte)(child.Bytes | 0x80), (byte)(child.Bytes >> 7)]);
            }

            var refused = await Assert.ThrowsAsync<InvalidDataException>(() => SampleTree.ReadAsync(objects, objects.Put([.. writer])));
            Assert.Contains(words, refused.Message, StringComparison.Ordinal);
        }
    }

    internal static IReadOnlyList<TreeChange> Changes(SortedDictionary<string, TreeEntry> before, SortedDictionary<string, TreeEntry> after) =>
    [
        .. before.Keys.Union(after.Keys, StringComparer.Ordinal).Where(p => before.GetValueOrDefault(p) != after.GetValueOrDefault(p))
            .Order(DataPath.Order).Select(p => new TreeChange(p, after.GetValueOrDefault(p))),
    ];

    private static byte[] Page(params string[] paths)
    {
        var objects = new MemoryObjects();
        SampleTree.BuildAsync(objects, paths.Select(p => SampleTree.MakeEntry(p, (1, false)))).GetAwaiter().GetResult();
        return objects.All.Single().Value.ToArray();
    }
}
