namespace Runstone.Protocol.Data;

/// <summary>Reads the pages of one tree and compares each with what the page above says of it. Keeps the last page of each level.</summary>
internal sealed class TreePages(IDataObjectSource source, DataObjectId root)
{
    private readonly (DataObjectId Id, TreePage? Page)[] _last = new (DataObjectId, TreePage?)[DataFormat.MaxLevels];
    private TreePage? _root;

    public DataObjectId Root => root;

    public async ValueTask<TreePage> ReadRootAsync(CancellationToken cancellationToken)
    {
        if (_root is not null)
            return _root;
        var page = await ReadAsync(root, cancellationToken).ConfigureAwait(false);
        if (page.Level > 0 && page.Count == 1)
            throw Damaged(root, "it is a root with one page below, which would be the root");
        return _root = page;
    }

    /// <summary>The page below an item of a page; <paramref name="after"/> is the path behind which its paths stand.</summary>
    public async ValueTask<TreePage> ReadChildAsync(TreePage above, int item, string? after, bool isLast, CancellationToken cancellationToken)
    {
        var child = above.Children[item];
        var level = above.Level - 1;
        var page = _last[level] is { Page: { } kept } last && last.Id == child.Page ? kept : await ReadAsync(child.Page, cancellationToken).ConfigureAwait(false);
        if (page.Level != level || page.Count == 0 || page.Files != child.Files || page.Bytes != child.Bytes || !string.Equals(page.LastPath, child.LastPath, StringComparison.Ordinal))
        {
            throw Damaged(child.Page, $"it has level {page.Level}, {page.Files} files of {page.Bytes} bytes up to {DataPath.Quote(page.LastPath ?? "")}, where the page above says level {level}, "
                + $"{child.Files} files of {child.Bytes} bytes up to {DataPath.Quote(child.LastPath)}");
        }

        if (after is not null && DataPath.Compare(page.PathAt(0), after) <= 0)
            throw Damaged(child.Page, $"its path {DataPath.Quote(page.PathAt(0))} does not stand behind {DataPath.Quote(after)} of the page before");
        if (!isLast && !page.EndsByContent)
            throw Damaged(child.Page, "it is not the last of its level, but nothing in it ends it");
        _last[level] = (child.Page, page);
        return page;
    }

    private async ValueTask<TreePage> ReadAsync(DataObjectId id, CancellationToken cancellationToken)
    {
        var bytes = await DataFormat.ReadAsync(source, DataObjectKind.TreePage, id, cancellationToken).ConfigureAwait(false);
        return Decode(id, bytes.Span);
    }

    private static TreePage Decode(DataObjectId id, ReadOnlySpan<byte> bytes)
    {
        try
        {
            return TreePage.Decode(bytes);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"Object {id}: {e.Message}", e);
        }
    }

    private static InvalidDataException Damaged(DataObjectId id, string problem) => new($"The tree page {id} is damaged: {problem}.");
}

/// <summary>A place in a tree: an entry, or a page none of whose entries was looked at. Goes forward only.</summary>
internal sealed class TreeCursor
{
    private readonly TreePages _pages;
    private readonly List<Frame> _frames = [];

    private TreeCursor(TreePages pages) => _pages = pages;

    public bool IsAtEnd => _frames.Count == 0;

    /// <summary>The level of the page that has the item; on level 0 it is an entry.</summary>
    public int Level => _frames[^1].Page.Level;

    public TreeEntry Entry => _frames[^1].Page.Entries[_frames[^1].Item];

    public TreeChild Child => _frames[^1].Page.Children[_frames[^1].Item];

    /// <summary>The path behind which the item, or all of its entries, stand; null at the beginning.</summary>
    public string? After => _frames[^1].After;

    /// <summary>Whether the item is the last one of its level.</summary>
    public bool IsLast => _frames.TrueForAll(f => f.IsAtLast);

    /// <summary>Stands on the first item of the root page.</summary>
    public static async ValueTask<TreeCursor> BeginAsync(TreePages pages, CancellationToken cancellationToken)
    {
        var cursor = new TreeCursor(pages);
        var root = await pages.ReadRootAsync(cancellationToken).ConfigureAwait(false);
        if (root.Count > 0)
            cursor._frames.Add(new Frame(root, 0, null));
        return cursor;
    }

    /// <summary>Goes to the first item of the page that it stands on.</summary>
    public async ValueTask DescendAsync(CancellationToken cancellationToken)
    {
        var frame = _frames[^1];
        var page = await _pages.ReadChildAsync(frame.Page, frame.Item, frame.After, IsLast, cancellationToken).ConfigureAwait(false);
        _frames.Add(new Frame(page, 0, frame.After));
    }

    /// <summary>Goes behind the item.</summary>
    public void Advance()
    {
        for (; _frames.Count > 0; _frames.RemoveAt(_frames.Count - 1))
        {
            var frame = _frames[^1];
            if (frame.IsAtLast)
                continue;
            _frames[^1] = new Frame(frame.Page, frame.Item + 1, frame.Page.PathAt(frame.Item));
            return;
        }
    }

    /// <summary>Goes to the first entry at or behind the place whose path is not before this one.</summary>
    public async ValueTask SeekAsync(string path, CancellationToken cancellationToken)
    {
        while (!IsAtEnd && DataPath.Compare(_frames[^1].Page.LastPath, path) < 0)
            _frames.RemoveAt(_frames.Count - 1);
        while (!IsAtEnd)
        {
            var frame = _frames[^1];
            var item = Math.Max(frame.Item, frame.Page.Find(path));
            if (item > frame.Item)
                _frames[^1] = new Frame(frame.Page, item, frame.Page.PathAt(item - 1));
            if (Level == 0)
                return;
            await DescendAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Files and bytes before the item.</summary>
    public (long Files, long Bytes) Before()
    {
        var (files, bytes) = (0L, 0L);
        foreach (var frame in _frames)
        {
            for (var i = 0; i < frame.Item; i++)
            {
                files += frame.Page.Level == 0 ? 1 : frame.Page.Children[i].Files;
                bytes += frame.Page.Level == 0 ? frame.Page.Entries[i].Size : frame.Page.Children[i].Bytes;
            }
        }

        return (files, bytes);
    }

    private readonly record struct Frame(TreePage Page, int Item, string? After)
    {
        public bool IsAtLast => Item == Page.Count - 1;
    }
}
