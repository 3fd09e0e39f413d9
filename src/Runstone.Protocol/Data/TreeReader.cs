using System.Runtime.CompilerServices;

namespace Runstone.Protocol.Data;

/// <summary>A name directly in a folder of a tree.</summary>
/// <param name="Name">The name, without slash.</param>
/// <param name="File">The file of this name; null for a folder.</param>
/// <param name="Files">Files in the folder at any depth; 1 for a file.</param>
/// <param name="Bytes">Bytes of those files.</param>
public sealed record TreeFolderItem(string Name, TreeEntry? File, long Files, long Bytes);

/// <summary>Some names directly in a folder.</summary>
/// <param name="Items">The names; a folder stands where its name with a slash behind it would.</param>
/// <param name="Next">Pass it as <c>from</c> for those that follow; null at the end.</param>
public sealed record TreeFolderPage(IReadOnlyList<TreeFolderItem> Items, string? Next);

/// <summary>
/// Reads a tree, loading only the pages on the way. Each page is compared with its id and with what the page above says of it; every method throws <see cref="InvalidDataException"/> when
/// they differ and <see cref="MissingDataObjectException"/> when one is not there. Not safe for use by two threads.
/// </summary>
public sealed class TreeReader
{
    private readonly TreePages _pages;

    /// <summary>Reads nothing yet.</summary>
    public TreeReader(IDataObjectSource source, DataObjectId root)
    {
        ArgumentNullException.ThrowIfNull(source);
        _pages = new TreePages(source, root);
    }

    /// <summary>How much is in the tree.</summary>
    public async ValueTask<TreeRoot> ReadRootAsync(CancellationToken cancellationToken = default)
    {
        var page = await _pages.ReadRootAsync(cancellationToken).ConfigureAwait(false);
        return new TreeRoot(_pages.Root, page.Files, page.Bytes);
    }

    /// <summary>The entry of a path, null when there is none.</summary>
    public async ValueTask<TreeEntry?> FindAsync(string path, CancellationToken cancellationToken = default)
    {
        var cursor = await SeekAsync(path, cancellationToken).ConfigureAwait(false);
        return !cursor.IsAtEnd && string.Equals(cursor.Entry.Path, path, StringComparison.Ordinal) ? cursor.Entry : null;
    }

    /// <summary>The entries whose paths are at or behind <paramref name="from"/> and before <paramref name="until"/>, in order; null leaves an end open.</summary>
    public async IAsyncEnumerable<TreeEntry> RangeAsync(string? from = null, string? until = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var cursor = await SeekAsync(from ?? "", cancellationToken).ConfigureAwait(false);
        while (!cursor.IsAtEnd)
        {
            if (cursor.Level > 0)
            {
                await cursor.DescendAsync(cancellationToken).ConfigureAwait(false);
                continue;
            }

            if (until is not null && DataPath.Compare(cursor.Entry.Path, until) >= 0)
                yield break;
            yield return cursor.Entry;
            cursor.Advance();
        }
    }

    /// <summary>
    /// The names directly in a folder, "" for the root, from <paramref name="from"/> on, which is what the page before said; at most <paramref name="limit"/>, 1 or more. What a folder
    /// holds is known from the pages around it, without reading those in it. No names when there is no such folder.
    /// </summary>
    public async ValueTask<TreeFolderPage> ListAsync(string folder, string? from = null, int limit = 1000, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        var prefix = folder.Length == 0 ? "" : folder + "/";
        var items = new List<TreeFolderItem>();
        var cursor = await SeekAsync(from is null || DataPath.Compare(from, prefix) < 0 ? prefix : from, cancellationToken).ConfigureAwait(false);
        while (await IsOnEntryAsync(cursor, cancellationToken).ConfigureAwait(false) && cursor.Entry.Path.StartsWith(prefix, StringComparison.Ordinal))
        {
            var entry = cursor.Entry;
            var slash = entry.Path.IndexOf('/', prefix.Length);
            if (items.Count == limit)
                return new TreeFolderPage(items, slash < 0 ? entry.Path : entry.Path[..(slash + 1)]);
            if (slash < 0)
            {
                items.Add(new TreeFolderItem(entry.Path[prefix.Length..], entry, 1, entry.Size));
                cursor.Advance();
                continue;
            }

            var (files, bytes) = cursor.Before();
            await cursor.SeekAsync(Behind(entry.Path[..slash]), cancellationToken).ConfigureAwait(false);
            var (filesBehind, bytesBehind) = await BeforeAsync(cursor, cancellationToken).ConfigureAwait(false);
            items.Add(new TreeFolderItem(entry.Path[prefix.Length..slash], null, filesBehind - files, bytesBehind - bytes));
        }

        return new TreeFolderPage(items, null);
    }

    /// <summary>The first text behind all paths of a folder: the character behind the slash in its place.</summary>
    internal static string Behind(string folder) => folder + "0";

    private async ValueTask<(long Files, long Bytes)> BeforeAsync(TreeCursor cursor, CancellationToken cancellationToken)
    {
        if (!cursor.IsAtEnd)
            return cursor.Before();
        var root = await ReadRootAsync(cancellationToken).ConfigureAwait(false);
        return (root.Files, root.Bytes);
    }

    private async ValueTask<TreeCursor> SeekAsync(string path, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(path);
        var cursor = await TreeCursor.BeginAsync(_pages, cancellationToken).ConfigureAwait(false);
        await cursor.SeekAsync(path, cancellationToken).ConfigureAwait(false);
        return cursor;
    }

    private static async ValueTask<bool> IsOnEntryAsync(TreeCursor cursor, CancellationToken cancellationToken)
    {
        while (!cursor.IsAtEnd && cursor.Level > 0)
            await cursor.DescendAsync(cancellationToken).ConfigureAwait(false);
        return !cursor.IsAtEnd;
    }
}
