namespace Runstone.Protocol.Data;

/// <summary>
/// A page of a tree: of level 0 entries, of a level above the pages of the level below, in the order of their paths. One content has one way to be written, and the id of the page is the
/// SHA-256 of it (docs/formats/data-versions.md).
/// </summary>
public sealed class TreePage
{
    private const string What = "tree page";

    private TreePage(int level, TreeEntry[] entries, TreeChild[] children, bool endsByContent)
    {
        (Level, Entries, Children, EndsByContent) = (level, entries, children, endsByContent);
        foreach (var entry in entries)
            (Files, Bytes) = (Files + 1, Bytes + entry.Size);
        foreach (var child in children)
            (Files, Bytes) = (checked(Files + child.Files), checked(Bytes + child.Bytes));
    }

    /// <summary>0 for a page of entries; the pages below have one less.</summary>
    public int Level { get; }

    /// <summary>The entries of a page of level 0; none only for the empty tree.</summary>
    public IReadOnlyList<TreeEntry> Entries { get; }

    /// <summary>The pages below a page of another level, at least one.</summary>
    public IReadOnlyList<TreeChild> Children { get; }

    /// <summary>Files in it and below.</summary>
    public long Files { get; }

    /// <summary>Bytes of those files.</summary>
    public long Bytes { get; }

    /// <summary>Entries or pages below.</summary>
    public int Count => Entries.Count + Children.Count;

    /// <summary>The path of the last file in it or below; null for the empty tree.</summary>
    public string? LastPath => Count == 0 ? null : PathAt(Count - 1);

    /// <summary>Whether its last item ends it wherever it stands; when not, it is the last page of its level.</summary>
    internal bool EndsByContent { get; }

    /// <summary>The path of an entry, or of the last file below a page below.</summary>
    public string PathAt(int item) => Level == 0 ? Entries[item].Path : Children[item].LastPath;

    /// <summary>The first item whose path is not before this one; <see cref="Count"/> when there is none.</summary>
    internal int Find(string path)
    {
        var (low, high) = (0, Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (DataPath.Compare(PathAt(middle), path) < 0)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    /// <summary>
    /// Reads a page out of bytes that may be anything. Throws <see cref="InvalidDataException"/>, which says at which byte, unless they are exactly what <see cref="Encode"/> writes: paths that
    /// are valid, ascend and share all they can with the one before, numbers in their shortest form, no cut that is left out, nothing left over.
    /// </summary>
    public static TreePage Decode(ReadOnlySpan<byte> bytes)
    {
        var reader = new DataReader(bytes, What);
        if (bytes.Length > DataFormat.MaxObjectBytes)
            throw reader.Damaged(DataFormat.MaxObjectBytes, $"it has {bytes.Length} bytes, where {DataFormat.MaxObjectBytes} are possible");
        if (reader.ReadByte("the version") is var version && version != DataFormat.PageVersion)
            throw reader.Damaged(0, $"its version is {version}, where {DataFormat.PageVersion} is known");
        int level = reader.ReadByte("the level");
        if (level >= DataFormat.MaxLevels)
            throw reader.Damaged(1, $"its level is {level}, where 0 to {DataFormat.MaxLevels - 1} are possible");
        var count = reader.ReadUInt16("the number of items");
        if (count > DataFormat.MaxPageItems || (count == 0 && level > 0))
            throw reader.Damaged(2, $"it has {count} items, where {(level > 0 ? 1 : 0)} to {DataFormat.MaxPageItems} are possible");
        return Decode(ref reader, level, count);
    }

    private static TreePage Decode(ref DataReader reader, int level, int count)
    {
        // An item has three bytes at least, so what is allocated is bounded by the bytes that are there.
        if (count * 3 > reader.Left)
            throw reader.Damaged(2, $"it has {count} items in {reader.Left} bytes");
        var entries = new TreeEntry[level == 0 ? count : 0];
        var children = new TreeChild[level == 0 ? 0 : count];
        Span<byte> path = stackalloc byte[DataPath.MaxBytes];
        var (length, bytes, ends) = (0, 0L, false);
        var cut = default(TreeCut);
        for (var i = 0; i < count; i++)
        {
            var start = reader.At;
            if (ends)
                throw reader.Damaged(start, $"it goes on behind item {i - 1}, which ends a page");
            var text = ReadPath(ref reader, path, ref length);
            var address = 0;
            if (level == 0)
            {
                entries[i] = ReadEntry(ref reader, text, ref address);
                bytes += entries[i].Size;
            }
            else
            {
                children[i] = ReadChild(ref reader, text);
                bytes += children[i].Bytes;
            }

            if (bytes < 0)
                throw reader.Damaged(start, "its files have more than 2^63 bytes");
            ends = cut.Add(level, path[..length], address);
        }

        reader.End();
        return new TreePage(level, entries, children, ends);
    }

    private static string ReadPath(ref DataReader reader, scoped Span<byte> path, ref int length)
    {
        var start = reader.At;
        var shared = (int)reader.ReadNumber("what a path shares with the one before", 0, length);
        var rest = (int)reader.ReadNumber("the length of the rest of a path", 1, DataPath.MaxBytes - shared);
        var suffix = reader.ReadBytes(rest, "the rest of a path");
        if (shared < length && suffix[0] <= path[shared])
            throw reader.Damaged(start, suffix[0] == path[shared] ? "a path shares more with the one before than is said" : "a path is before the one before it");
        suffix.CopyTo(path[shared..]);
        length = shared + rest;
        var text = reader.Text(path[..length], start, "a path");
        return DataPath.Problem(text) is { } problem ? throw reader.Damaged(start, $"the path {DataPath.Quote(text)} {problem}") : text;
    }

    private static TreeEntry ReadEntry(ref DataReader reader, string path, ref int addressBytes)
    {
        var at = reader.At;
        var flags = reader.ReadByte("the kind of an entry");
        if (flags > TreePageWriter.ReferenceWithoutHash)
            throw reader.Damaged(at, $"an entry is of the unknown kind {flags}");
        var size = reader.ReadNumber("the size of a file", 0, DataFormat.MaxFileBytes);
        var sha256 = flags == TreePageWriter.ReferenceWithoutHash ? (DataObjectId?)null : reader.ReadId("the SHA-256 of a file");
        if (flags == TreePageWriter.File)
            return TreeEntry.File(path, size, sha256!.Value);
        var start = reader.At;
        var address = reader.ReadText("an address", 1, TreeEntry.MaxAddressBytes);
        if (TreeEntry.ProblemOf(address) is { } problem)
            throw reader.Damaged(start, $"{DataPath.Quote(path)} {problem}");
        addressBytes = DataFormat.Utf8.GetByteCount(address);
        return TreeEntry.Reference(path, size, sha256, address);
    }

    private static TreeChild ReadChild(ref DataReader reader, string path) => new(
        path, reader.ReadId("the id of a page"), reader.ReadNumber("the files of a page", 1, long.MaxValue / DataFormat.MaxPageItems), reader.ReadNumber("the bytes of a page", 0, long.MaxValue));

    /// <summary>The bytes of the page.</summary>
    public byte[] Encode()
    {
        var writer = new TreePageWriter(Level);
        foreach (var entry in Entries)
            writer.Add(entry);
        foreach (var child in Children)
            writer.Add(child);
        return writer.End().Bytes;
    }
}
