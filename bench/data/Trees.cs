using System.Globalization;
using Runstone.Protocol.Data;

namespace Runstone.DataBench;

/// <summary>A tree of many files in folders of a thousand, whole thousands, built, changed, compared and listed in memory.</summary>
internal static class Trees
{
    public static async Task MeasureAsync(Figures figures, int files)
    {
        var entries = Enumerable.Range(0, files).Select(Entry).ToArray();
        var size = files.ToString("#,0", CultureInfo.InvariantCulture);
        var (objects, root, changed) = (new Memory(), default(TreeRoot), default(TreeRoot));
        await figures.MeasureAsync($"build a tree of {size} files, sorted", null, async () => root = await BuildAsync(objects, entries));
        figures.Keep("pages of that tree", "pages", objects.Count);
        figures.Keep("bytes of that tree, per file", "bytes", (double)objects.Bytes / files);
        (objects.Reads, objects.Writes) = (0, 0);
        var change = TreeChange.Put(Entry(files / 2) with { Size = 1 });
        await figures.MeasureAsync("change one file", null, async () => changed = await TreeEdit.ApplyAsync(objects, objects, root.Page, [change]));
        figures.Keep("pages read and written by that", "pages", objects.Reads + objects.Writes);
        objects.Reads = 0;
        await figures.MeasureAsync("difference of the two trees", null, () => CountAsync(TreeDiff.CompareAsync(objects, root.Page, changed.Page), 1));
        figures.Keep("pages read by that", "pages", objects.Reads);
        var folder = change.Path[..change.Path.LastIndexOf('/')];
        var reader = new TreeReader(objects, changed.Page);
        await figures.MeasureAsync($"list the {files / 1000} folders with their sums", null, async () => Expect(files / 1000, (await reader.ListAsync("images", null, files)).Items.Count));
        await figures.MeasureAsync("list one folder of 1,000", null, async () => Expect(1000, (await new TreeReader(objects, changed.Page).ListAsync(folder)).Items.Count));
        await figures.MeasureAsync("find one file", null, async () => Expect(1, (int)((await new TreeReader(objects, changed.Page).FindAsync(change.Path))?.Size ?? 0)));
        await figures.MeasureAsync($"list all {size} files", null, () => CountAsync(new TreeReader(objects, changed.Page).RangeAsync(), files));
        await figures.MeasureAsync("difference to the empty tree", null, async () => await CountAsync(TreeDiff.CompareAsync(objects, (await BuildAsync(objects, [])).Page, root.Page), files));
    }

    private static TreeEntry Entry(int i) => TreeEntry.File(
        string.Create(CultureInfo.InvariantCulture, $"images/{i / 1000:d4}/{i % 1000:d4}.png"), 100_000 + i, DataObjectId.Of(BitConverter.GetBytes(i)));

    private static async Task<TreeRoot> BuildAsync(Memory objects, TreeEntry[] entries)
    {
        var builder = new TreeBuilder(objects);
        foreach (var entry in entries)
            await builder.AddAsync(entry);
        return await builder.EndAsync();
    }

    private static async Task CountAsync<T>(IAsyncEnumerable<T> items, int expected)
    {
        var count = 0;
        await foreach (var _ in items)
            count++;
        Expect(expected, count);
    }

    private static void Expect(int expected, int found)
    {
        if (expected != found)
            throw new InvalidOperationException($"{found} were found, where {expected} are.");
    }
}
