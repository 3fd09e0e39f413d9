using CsCheck;
using Runstone.Protocol.Data;

namespace Runstone.Protocol.Tests.Data;

/// <summary>What is packed is unpacked; what is no pack is refused before memory is spent on it.</summary>
public sealed class PackTests
{
    private static readonly Gen<(DataObjectKind Kind, PackFlags Flags, int Plain, byte[] Stored)> Object = Gen.Select(
        Gen.Int[1, 4].Select(k => (DataObjectKind)k), Gen.Int[0, 100], Gen.Byte.Array[1, 400])
        .Select((kind, saved, stored) => (kind, saved > 50 ? PackFlags.Zstd : PackFlags.None, stored.Length + (saved > 50 ? saved : 0), stored));

    [Fact]
    public async Task What_is_written_is_read_back_and_said_where() => await Object.Array[0, 30].SampleAsync(async objects =>
    {
        var (bytes, written) = await WriteAsync(objects);
        using var reader = new PackReader(new MemoryStream(bytes));
        foreach (var (entry, expected) in written.Zip(objects))
        {
            Assert.Equal(entry, await reader.ReadAsync());
            Assert.Equal((expected.Kind, expected.Flags, expected.Plain), (entry.Kind, entry.Flags, entry.PlainLength));
            Assert.Equal(expected.Stored, reader.Stored.ToArray());
            Assert.Equal(expected.Stored, bytes.AsSpan((int)entry.Offset, entry.StoredLength).ToArray());
        }

        Assert.Null(await reader.ReadAsync());
        Assert.Null(await reader.ReadAsync());
    });

    [Fact]
    public async Task Changed_bytes_are_read_as_written_or_refused_with_the_place() => await Gen.Select(
        Object.Array[0, 5], Gen.Select(Gen.Int[0, 1 << 20], Gen.Byte).Array[0, 4], Gen.Int[0, 60]).SampleAsync(async (objects, changes, cut) =>
    {
        var (bytes, _) = await WriteAsync(objects);
        foreach (var (at, value) in changes)
            bytes[at % bytes.Length] = value;
        await ReadOrRefuseAsync(bytes[..Math.Max(0, bytes.Length - Math.Max(0, cut - 50))]);
    }, iter: 500);

    [Fact]
    public async Task Any_bytes_are_read_as_written_or_refused_with_the_place() => await Gen.Byte.Array[0, 100].SampleAsync(ReadOrRefuseAsync, iter: 500);

    [Theory]
    [InlineData("", "byte 0", "inside the header")]
    [InlineData("525350 4B 02 000000", "byte 4", "version 1 begins")]
    [InlineData("525350 4B 01 000000", "byte 8", "kind of an object")]
    [InlineData("525350 4B 01 000000 00 01000000", "byte 9", "has 1 objects, and has 0")]
    [InlineData("525350 4B 01 000000 00 00000000 00", "byte 13", "left over")]
    [InlineData("525350 4B 01 000000 05 00 01000000 01000000 @ 00", "byte 8", "unknown kind 5")]
    [InlineData("525350 4B 01 000000 01 02 01000000 01000000 @ 00", "byte 8", "unknown flags 02")]
    [InlineData("525350 4B 01 000000 01 00 01004000 01004000 @ 00", "byte 8", "4194305 plain bytes")]
    [InlineData("525350 4B 01 000000 01 00 FFFFFFFF FFFFFFFF @ 00", "byte 8", "4294967295 plain bytes")]
    [InlineData("525350 4B 01 000000 01 00 02000000 01000000 @ 00", "byte 8", "do not allow")]
    [InlineData("525350 4B 01 000000 01 01 02000000 02000000 @ 00", "byte 8", "do not allow")]
    [InlineData("525350 4B 01 000000 01 00 02000000 02000000 @ 00", "byte 51", "inside the bytes of an object")]
    public async Task A_refusal_says_where_and_what(string hex, params string[] words)
    {
        var bytes = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal).Replace("@", new string('0', 64), StringComparison.Ordinal));
        using var reader = new PackReader(new MemoryStream(bytes));
        var refused = await Assert.ThrowsAsync<InvalidDataException>(async () =>
        {
            while (await reader.ReadAsync() is not null)
            {
            }
        });
        Assert.All(words, word => Assert.Contains(word, refused.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_pack_ends_before_it_is_too_large()
    {
        var target = new MemoryStream();
        var writer = new PackWriter(target);
        var content = new byte[DataFormat.MaxObjectBytes];
        var id = DataObjectId.Of(content);
        while (writer.HasRoom(content.Length))
            await writer.AddAsync(DataObjectKind.Chunk, PackFlags.None, id, content.Length, content);
        await Assert.ThrowsAsync<ArgumentException>(async () => await writer.AddAsync(DataObjectKind.Chunk, PackFlags.None, id, content.Length, content));
        var rest = content.AsMemory(0, (int)(PackFormat.MaxBytes - writer.Length) - PackFormat.ObjectHeaderBytes);
        await writer.AddAsync(DataObjectKind.Chunk, PackFlags.None, DataObjectId.Of(rest.Span), rest.Length, rest);
        await writer.EndAsync();
        Assert.Equal(PackFormat.MaxBytes, target.Length);
        Assert.Equal(target.Length, writer.Length);
        using var reader = new PackReader(new MemoryStream(target.ToArray()));
        for (var i = 0; i < writer.Count; i++)
            Assert.NotNull(await reader.ReadAsync());
        Assert.Null(await reader.ReadAsync());
    }

    [Fact]
    public async Task A_file_comes_back_out_of_its_recipe_and_its_pack()
    {
        var file = SampleBytes.Make(3_000_000, 99);
        var (pages, target, places) = (new MemoryObjects(), new MemoryStream(), new Dictionary<DataObjectId, PackObject>());
        var (recipe, writer) = (new RecipeBuilder(pages), new PackWriter(target));
        using (var chunks = new ChunkReader(new MemoryStream(file)))
        {
            while (await chunks.ReadAsync() is { Length: > 0 } chunk)
            {
                var id = DataObjectId.Of(chunk.Span);
                await recipe.AddAsync(id, chunk.Length);
                places[id] = await writer.AddAsync(DataObjectKind.Chunk, PackFlags.None, id, chunk.Length, chunk);
            }
        }

        await writer.EndAsync();
        var (root, pack) = ((await recipe.EndAsync())!.Value, target.ToArray());
        var read = new MemoryStream();
        await foreach (var chunk in new RecipeReader(pages, root, file.Length).RangeAsync())
            read.Write(pack.AsSpan((int)places[chunk.Id].Offset, chunk.Length));
        Assert.Equal(file, read.ToArray());
    }

    private static async Task<(byte[] Bytes, List<PackObject> Objects)> WriteAsync(IEnumerable<(DataObjectKind Kind, PackFlags Flags, int Plain, byte[] Stored)> objects)
    {
        var (target, written) = (new MemoryStream(), new List<PackObject>());
        var writer = new PackWriter(target);
        foreach (var (kind, flags, plain, stored) in objects)
            written.Add(await writer.AddAsync(kind, flags, DataObjectId.Of(stored), plain, stored));
        await writer.EndAsync();
        Assert.Equal(target.Length, writer.Length);
        return (target.ToArray(), written);
    }

    private static async Task ReadOrRefuseAsync(byte[] bytes)
    {
        using var reader = new PackReader(new MemoryStream(bytes));
        var target = new MemoryStream();
        var writer = new PackWriter(target);
        try
        {
            while (await reader.ReadAsync() is { } entry)
                await writer.AddAsync(entry.Kind, entry.Flags, entry.Id, entry.PlainLength, reader.Stored);
        }
        catch (InvalidDataException e)
        {
            Assert.Contains("damaged at byte", e.Message, StringComparison.Ordinal);
            return;
        }

        await writer.EndAsync();
        Assert.Equal(bytes, target.ToArray());
    }
}
