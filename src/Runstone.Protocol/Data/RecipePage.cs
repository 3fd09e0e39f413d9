namespace Runstone.Protocol.Data;

/// <summary>A chunk of a file, or a page of its recipe with the chunks below it.</summary>
/// <param name="Id">The SHA-256 of the chunk, or the page.</param>
/// <param name="Length">Bytes of the file in it.</param>
public readonly record struct RecipeItem(DataObjectId Id, long Length);

/// <summary>
/// A page of the recipe of a file: of level 0 its chunks in order, of a level above the pages of the level below. A page ends behind an item when it has 16 items with it and the first byte
/// of the item's id is 0, or when it has 1,024. One content has one way to be written (docs/formats/data-versions.md).
/// </summary>
public sealed class RecipePage
{
    private const string What = "recipe page";

    private RecipePage(int level, RecipeItem[] items, long length, bool endsByContent) => (Level, Items, Length, EndsByContent) = (level, items, length, endsByContent);

    /// <summary>0 for a page of chunks; the pages below have one less.</summary>
    public int Level { get; }

    /// <summary>Chunks or pages below, 1 to 1,024.</summary>
    public IReadOnlyList<RecipeItem> Items { get; }

    /// <summary>Bytes of the file in it and below.</summary>
    public long Length { get; }

    /// <summary>Whether its last item ends it wherever it stands; when not, it is the last page of its level.</summary>
    internal bool EndsByContent { get; }

    /// <summary>Whether a page ends with an item, its count with it.</summary>
    internal static bool Ends(int count, DataObjectId id) => count == DataFormat.MaxPageItems || (count >= DataFormat.MinPageItems && id.FirstByte == 0);

    /// <summary>
    /// Reads a page out of bytes that may be anything. Throws <see cref="InvalidDataException"/>, which says at which byte, unless they are exactly what <see cref="Encode"/> writes.
    /// </summary>
    public static RecipePage Decode(ReadOnlySpan<byte> bytes)
    {
        var reader = new DataReader(bytes, What);
        if (reader.ReadByte("the version") is var version && version != DataFormat.PageVersion)
            throw reader.Damaged(0, $"its version is {version}, where {DataFormat.PageVersion} is known");
        int level = reader.ReadByte("the level");
        if (level >= DataFormat.MaxLevels)
            throw reader.Damaged(1, $"its level is {level}, where 0 to {DataFormat.MaxLevels - 1} are possible");
        var count = reader.ReadUInt16("the number of items");
        if (count is 0 or > DataFormat.MaxPageItems || count * (DataObjectId.Length + 1) > reader.Left)
            throw reader.Damaged(2, $"it has {count} items in {reader.Left} bytes, where 1 to {DataFormat.MaxPageItems} of {DataObjectId.Length + 1} bytes or more are possible");
        var items = new RecipeItem[count];
        var (length, ends) = (0L, false);
        for (var i = 0; i < count; i++)
        {
            if (ends)
                throw reader.Damaged(reader.At, $"it goes on behind item {i - 1}, which ends a page");
            var id = reader.ReadId("the id of an item");
            var at = reader.At;
            items[i] = new RecipeItem(id, reader.ReadNumber("the length of an item", 1, level == 0 ? DataFormat.MaxObjectBytes : DataFormat.MaxFileBytes));
            length += items[i].Length;
            if (length > DataFormat.MaxFileBytes)
                throw reader.Damaged(at, $"its chunks have more than {DataFormat.MaxFileBytes} bytes");
            ends = Ends(i + 1, id);
        }

        reader.End();
        return new RecipePage(level, items, length, ends);
    }

    /// <summary>The bytes of the page.</summary>
    public byte[] Encode() => Write(Level, Items);

    internal static byte[] Write(int level, IReadOnlyList<RecipeItem> items)
    {
        var writer = new DataWriter();
        writer.WriteByte(DataFormat.PageVersion);
        writer.WriteByte((byte)level);
        writer.WriteUInt16(items.Count);
        foreach (var (id, length) in items)
        {
            writer.WriteId(id);
            writer.WriteNumber(length);
        }

        return writer.ToArray();
    }
}
