using CsCheck;
using Runstone.Protocol.Data;

namespace Runstone.Protocol.Tests.Data;

/// <summary>A recipe gives back its chunks, and any range of them by few pages.</summary>
public sealed class RecipeTests
{
    /// <summary>Chunks of which half have an id that ends a page, so that a few hundred make several levels.</summary>
    private static readonly Gen<(DataObjectId Id, int Length)[]> Chunks = Gen.Select(Gen.Bool, Gen.Int[0, 50], Gen.Int[1, 300_000])
        .Select((ends, seed, length) => (Id(ends, seed), length)).Array[0, 900];

    [Fact]
    public async Task Any_range_gives_the_chunks_that_hold_it() => await Gen.Select(Chunks, Gen.Double[0, 1], Gen.Double[0, 1]).SampleAsync(async (chunks, first, second) =>
    {
        var objects = new MemoryObjects();
        var (recipe, size) = await BuildAsync(objects, chunks);
        if (recipe is not { } root)
        {
            Assert.InRange(chunks.Length, 0, 1);
            return;
        }

        var reader = new RecipeReader(objects, root, size);
        var all = Places(chunks);
        Assert.Equal(all, await RangeAsync(reader, 0, null));
        var (from, until) = ((long)(Math.Min(first, second) * size), (long)(Math.Max(first, second) * size));
        Assert.Equal(all.Where(c => c.Offset < until && c.Offset + c.Length > from && until > from), await RangeAsync(reader, from, until - from));
    }, iter: 60);

    [Fact]
    public async Task A_range_of_a_large_file_loads_only_the_pages_it_needs()
    {
        var objects = new MemoryObjects();
        var chunks = Enumerable.Range(0, 200_000).Select(i => (DataObjectId.Of(BitConverter.GetBytes(i)), 70_000)).ToArray();
        var (recipe, size) = await BuildAsync(objects, chunks);
        objects.Reads = 0;
        var range = await RangeAsync(new RecipeReader(objects, recipe!.Value, size), 7_000_000_000, 100_000);
        Assert.Equal([100_000, 100_001], range.Select(c => c.Offset / 70_000));
        Assert.InRange(objects.Reads, 2, 5);
    }

    [Fact]
    public async Task A_chunk_that_is_put_between_changes_few_pages()
    {
        var objects = new MemoryObjects();
        var chunks = Enumerable.Range(0, 20_000).Select(i => (DataObjectId.Of(BitConverter.GetBytes(i)), 70_000)).ToList();
        await BuildAsync(objects, chunks);
        var before = objects.Count;
        chunks.Insert(9000, (DataObjectId.Of("new"u8), 1));
        await BuildAsync(objects, chunks);
        Assert.InRange(objects.Count - before, 2, 4);
    }

    [Fact]
    public async Task A_recipe_that_is_not_of_the_file_is_refused()
    {
        var objects = new MemoryObjects();
        var (recipe, size) = await BuildAsync(objects, [(Id(true, 1), 5), (Id(false, 2), 6)]);
        var refused = await Assert.ThrowsAsync<InvalidDataException>(() => RangeAsync(new RecipeReader(objects, recipe!.Value, size + 1), 0, null));
        Assert.Contains("12 bytes are said of it", refused.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => RangeAsync(new RecipeReader(objects, recipe!.Value, size), 5, 7));
        objects.Remove(recipe!.Value);
        var missing = await Assert.ThrowsAsync<MissingDataObjectException>(() => RangeAsync(new RecipeReader(objects, recipe.Value, size), 0, null));
        Assert.Equal((DataObjectKind.RecipePage, recipe.Value), (missing.Kind, missing.Id));
    }

    private static DataObjectId Id(bool ends, int seed)
    {
        var bytes = Convert.FromHexString(DataObjectId.Of([(byte)seed]).ToString());
        bytes[0] = (byte)(ends ? 0 : 1);
        return new DataObjectId(bytes);
    }

    private static List<FileChunk> Places(IEnumerable<(DataObjectId Id, int Length)> chunks)
    {
        var (places, at) = (new List<FileChunk>(), 0L);
        foreach (var (id, length) in chunks)
        {
            places.Add(new FileChunk(id, at, length));
            at += length;
        }

        return places;
    }

    private static async Task<(DataObjectId? Recipe, long Size)> BuildAsync(MemoryObjects objects, IReadOnlyList<(DataObjectId Id, int Length)> chunks)
    {
        var builder = new RecipeBuilder(objects);
        foreach (var (id, length) in chunks)
            await builder.AddAsync(id, length);
        return (await builder.EndAsync(), builder.Length);
    }

    private static async Task<List<FileChunk>> RangeAsync(RecipeReader reader, long offset, long? length)
    {
        var chunks = new List<FileChunk>();
        await foreach (var chunk in reader.RangeAsync(offset, length))
            chunks.Add(chunk);
        return chunks;
    }
}
