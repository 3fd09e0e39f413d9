using System.Buffers.Binary;

namespace Runstone.Protocol.Data;

/// <summary>Writes the pages of one level, one after the other. Items come in the order of their paths and are valid.</summary>
internal sealed class TreePageWriter(int level)
{
    public const byte File = 0;
    public const byte Reference = 1;
    public const byte ReferenceWithoutHash = 2;

    private readonly DataWriter _items = Begin(level);
    private byte[] _last = new byte[256];
    private byte[] _path = new byte[256];
    private int _lastLength;
    private int _pathLength;
    private TreeCut _cut;
    private long _files;
    private long _bytes;

    /// <summary>Items of the page that has not ended.</summary>
    public int Count { get; private set; }

    /// <summary>The path of the last item; null before the first.</summary>
    public string? LastPath { get; private set; }

    /// <summary>Adds an entry to a page of level 0; true when the page ends with it.</summary>
    public bool Add(TreeEntry entry)
    {
        WritePath(entry.Path);
        _items.WriteByte(entry.Kind == TreeEntryKind.File ? File : entry.Sha256 is null ? ReferenceWithoutHash : Reference);
        _items.WriteNumber(entry.Size);
        if (entry.Sha256 is { } sha256)
            _items.WriteId(sha256);
        if (entry.Address is { } address)
            _items.WriteText(address);
        (_files, _bytes) = (_files + 1, checked(_bytes + entry.Size));
        return Added(entry.Path, entry.Address is null ? 0 : DataFormat.Utf8.GetByteCount(entry.Address));
    }

    /// <summary>Adds a page to a page of a level above 0; true when the page ends with it.</summary>
    public bool Add(TreeChild child)
    {
        WritePath(child.LastPath);
        _items.WriteId(child.Page);
        _items.WriteNumber(child.Files);
        _items.WriteNumber(child.Bytes);
        (_files, _bytes) = (checked(_files + child.Files), checked(_bytes + child.Bytes));
        return Added(child.LastPath, 0);
    }

    /// <summary>The page, and how the level above names it; begins the next.</summary>
    public (byte[] Bytes, TreeChild Child) End()
    {
        var page = _items.ToArray();
        BinaryPrimitives.WriteUInt16LittleEndian(page.AsSpan(2), (ushort)Count);
        var child = new TreeChild(LastPath ?? "", DataObjectId.Of(page), _files, _bytes);
        _items.Clear();
        WriteHead(_items, level);
        _cut.Clear();
        (Count, _files, _bytes, _lastLength) = (0, 0, 0, 0);
        return (page, child);
    }

    private static DataWriter Begin(int level)
    {
        var items = new DataWriter();
        WriteHead(items, level);
        return items;
    }

    private static void WriteHead(DataWriter items, int level)
    {
        items.WriteByte(DataFormat.PageVersion);
        items.WriteByte((byte)level);
        items.WriteUInt16(0);
    }

    private bool Added(string path, int addressBytes)
    {
        LastPath = path;
        Count++;
        (_last, _path, _lastLength) = (_path, _last, _pathLength);
        return _cut.Add(level, _last.AsSpan(0, _lastLength), addressBytes);
    }

    private void WritePath(string path)
    {
        var most = DataFormat.Utf8.GetMaxByteCount(path.Length);
        if (_path.Length < most)
            _path = new byte[most];
        _pathLength = DataFormat.Utf8.GetBytes(path, _path);
        var utf8 = _path.AsSpan(0, _pathLength);
        var shared = utf8.CommonPrefixLength(_last.AsSpan(0, _lastLength));
        _items.WriteNumber(shared);
        _items.WriteNumber(utf8.Length - shared);
        _items.WriteBytes(utf8[shared..]);
    }
}
