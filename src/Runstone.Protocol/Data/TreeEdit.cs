namespace Runstone.Protocol.Data;

/// <summary>What is to become of a path of a tree.</summary>
/// <param name="Path">The path.</param>
/// <param name="Entry">The entry it is to have, whose path is the same; null to remove it, which changes nothing when it is not there.</param>
public sealed record TreeChange(string Path, TreeEntry? Entry)
{
    /// <summary>Adds or replaces an entry.</summary>
    public static TreeChange Put(TreeEntry entry) => new(entry.Path, entry);

    /// <summary>Removes a path.</summary>
    public static TreeChange Remove(string path) => new(path, null);
}

/// <summary>A file that would have to be a folder of another one.</summary>
/// <param name="File">The entry that would be a folder.</param>
/// <param name="Inside">The entry that would lie in it.</param>
public sealed record TreeFolderClash(TreeEntry File, TreeEntry Inside);

/// <summary>
/// Changes a tree. Reads and writes the pages on the way to the changes and, where a page ends elsewhere than before, those up to the next page that ends where it did. The result is the
/// tree that <see cref="TreeBuilder"/> makes of the same entries.
/// </summary>
public static class TreeEdit
{
    /// <summary>
    /// Applies changes that are ordered by path, one a path. Throws <see cref="InvalidDataException"/> that names the path when they are not, when something is wrong with an entry, when a file
    /// would have to be a folder, or when a page is damaged; <see cref="MissingDataObjectException"/> when one is not there.
    /// </summary>
    public static async ValueTask<TreeRoot> ApplyAsync(
        IDataObjectSource source, IDataObjectSink sink, DataObjectId root, IReadOnlyList<TreeChange> changes, CancellationToken cancellationToken = default)
    {
        Check(changes);
        var clashes = await FindClashesAsync(source, root, changes, 1, cancellationToken).ConfigureAwait(false);
        if (clashes.Count > 0)
            throw new InvalidDataException($"The path {DataPath.Quote(clashes[0].Inside.Path)} lies in {DataPath.Quote(clashes[0].File.Path)}, which is a file.");
        var pages = new TreePages(source, root);
        var old = await pages.ReadRootAsync(cancellationToken).ConfigureAwait(false);
        if (changes.Count == 0)
            return new TreeRoot(root, old.Files, old.Bytes);
        var edit = new Walk(new TreeBuilder(sink), await TreeCursor.BeginAsync(pages, cancellationToken).ConfigureAwait(false), changes);
        return await edit.RunAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The pairs, at most so many, of which one would be a folder of the other after the changes, which are ordered by path.</summary>
    internal static async ValueTask<IReadOnlyList<TreeFolderClash>> FindClashesAsync(
        IDataObjectSource source, DataObjectId root, IReadOnlyList<TreeChange> changes, int most, CancellationToken cancellationToken)
    {
        var tree = new TreeReader(source, root);
        var byPath = changes.ToDictionary(c => c.Path, StringComparer.Ordinal);
        var free = new HashSet<string>(StringComparer.Ordinal);
        var clashes = new List<TreeFolderClash>();
        foreach (var entry in changes.Select(c => c.Entry).OfType<TreeEntry>())
        {
            if (clashes.Count == most)
                break;
            if (await FolderThatIsFileAsync(entry.Path).ConfigureAwait(false) is { } file)
                clashes.Add(new TreeFolderClash(file, entry));
            else if (await FirstInsideAsync(entry.Path).ConfigureAwait(false) is { } inside)
                clashes.Add(new TreeFolderClash(entry, inside));
        }

        return clashes;

        async ValueTask<TreeEntry?> FolderThatIsFileAsync(string path)
        {
            for (var slash = path.LastIndexOf('/'); slash > 0 && free.Add(path[..slash]); slash = path.LastIndexOf('/', slash - 1))
            {
                var folder = path[..slash];
                var file = byPath.TryGetValue(folder, out var change) ? change.Entry : await tree.FindAsync(folder, cancellationToken).ConfigureAwait(false);
                if (file is null)
                    continue;
                free.Remove(folder);
                return file;
            }

            return null;
        }

        // What changes put there finds its own folders.
        async ValueTask<TreeEntry?> FirstInsideAsync(string path)
        {
            await foreach (var entry in tree.RangeAsync(path + "/", TreeReader.Behind(path), cancellationToken).ConfigureAwait(false))
            {
                if (!byPath.ContainsKey(entry.Path))
                    return entry;
            }

            return null;
        }
    }

    private static void Check(IReadOnlyList<TreeChange> changes)
    {
        for (var i = 0; i < changes.Count; i++)
        {
            var (path, entry) = changes[i];
            if (entry is not null && !string.Equals(entry.Path, path, StringComparison.Ordinal))
                throw new InvalidDataException($"The change of {DataPath.Quote(path)} has an entry of {DataPath.Quote(entry.Path)}.");
            if (i > 0 && DataPath.Compare(changes[i - 1].Path, path) >= 0)
                throw new InvalidDataException($"The change of {DataPath.Quote(path)} does not stand behind that of {DataPath.Quote(changes[i - 1].Path)}, as the order of a tree has it.");
            if (entry?.Problem() is { } problem)
                throw new InvalidDataException($"The path {DataPath.Quote(path)} {problem}.");
        }
    }

    /// <summary>Goes through a tree and its changes side by side.</summary>
    private sealed class Walk(TreeBuilder builder, TreeCursor cursor, IReadOnlyList<TreeChange> changes)
    {
        private int _next;

        public async ValueTask<TreeRoot> RunAsync(CancellationToken cancellationToken)
        {
            while (!cursor.IsAtEnd)
            {
                if (cursor.Level == 0)
                    await AddAsync(cancellationToken).ConfigureAwait(false);
                else if (CanKeep())
                    await KeepAsync(cancellationToken).ConfigureAwait(false);
                else
                    await cursor.DescendAsync(cancellationToken).ConfigureAwait(false);
            }

            await PutUntilAsync(null, cancellationToken).ConfigureAwait(false);
            return await builder.EndAsync(cancellationToken).ConfigureAwait(false);
        }

        /// <summary>A page stays when nothing in it changes, a page begins there as before, and it ends by what is in it.</summary>
        private bool CanKeep() => !cursor.IsLast
            && builder.IsAtPageStart(cursor.Level - 1)
            && (_next == changes.Count || DataPath.Compare(changes[_next].Path, cursor.Child.LastPath) > 0);

        private async ValueTask KeepAsync(CancellationToken cancellationToken)
        {
            await builder.AddPageAsync(cursor.Level - 1, cursor.Child, cancellationToken).ConfigureAwait(false);
            cursor.Advance();
        }

        private async ValueTask AddAsync(CancellationToken cancellationToken)
        {
            var entry = cursor.Entry;
            await PutUntilAsync(entry.Path, cancellationToken).ConfigureAwait(false);
            var isChanged = _next < changes.Count && string.Equals(changes[_next].Path, entry.Path, StringComparison.Ordinal);
            var after = isChanged ? changes[_next++].Entry : entry;
            if (after is not null)
                await builder.AddAsync(after, cancellationToken).ConfigureAwait(false);
            cursor.Advance();
        }

        private async ValueTask PutUntilAsync(string? path, CancellationToken cancellationToken)
        {
            for (; _next < changes.Count && (path is null || DataPath.Compare(changes[_next].Path, path) < 0); _next++)
            {
                if (changes[_next].Entry is { } entry)
                    await builder.AddAsync(entry, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
