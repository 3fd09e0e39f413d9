using System.Runtime.CompilerServices;

namespace Runstone.Protocol.Data;

/// <summary>What became of a file between two trees.</summary>
public enum TreeDifferenceKind
{
    /// <summary>Only the second tree has the path.</summary>
    Added,

    /// <summary>Only the first tree has the path.</summary>
    Removed,

    /// <summary>Both have it, with different entries.</summary>
    Changed,

    /// <summary>The same content has another path.</summary>
    Renamed,
}

/// <summary>A difference between two trees.</summary>
/// <param name="Kind">What became of the file.</param>
/// <param name="Before">The entry of the first tree; null when added.</param>
/// <param name="After">The entry of the second tree; null when removed.</param>
public sealed record TreeDifference(TreeDifferenceKind Kind, TreeEntry? Before, TreeEntry? After)
{
    /// <summary>The path in the second tree, in the first one when removed.</summary>
    public string Path => (After ?? Before)!.Path;
}

/// <summary>Compares two trees.</summary>
public static class TreeDiff
{
    /// <summary>
    /// The files added, removed and changed from the first tree to the second, in the order of their paths. Reads only pages that the trees do not share. Throws
    /// <see cref="InvalidDataException"/> or <see cref="MissingDataObjectException"/> when a page is damaged or not there.
    /// </summary>
    public static async IAsyncEnumerable<TreeDifference> CompareAsync(
        IDataObjectSource source, DataObjectId first, DataObjectId second, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (first == second)
            yield break;
        var a = await TreeCursor.BeginAsync(new TreePages(source, first), cancellationToken).ConfigureAwait(false);
        var b = await TreeCursor.BeginAsync(new TreePages(source, second), cancellationToken).ConfigureAwait(false);
        while (!a.IsAtEnd || !b.IsAtEnd)
        {
            if (IsSamePage(a, b))
            {
                a.Advance();
                b.Advance();
            }
            else if (ToDescend(a, b) is { } cursor)
            {
                await cursor.DescendAsync(cancellationToken).ConfigureAwait(false);
            }
            else if (Step(a, b) is { } difference)
            {
                yield return difference;
            }
        }
    }

    /// <summary>
    /// Joins what was removed and what was added with the same bytes to renames: files with the same SHA-256 and size, and references with the same address too; first those that kept their
    /// name, then in the order of their paths. The result is ordered by <see cref="TreeDifference.Path"/>.
    /// </summary>
    public static IReadOnlyList<TreeDifference> WithRenames(IEnumerable<TreeDifference> differences)
    {
        var all = differences.ToList();
        var removed = new Dictionary<(DataObjectId, long, string?), List<TreeEntry>>();
        foreach (var difference in all)
        {
            if (difference is { Kind: TreeDifferenceKind.Removed, Before: { Sha256: not null } entry })
                (removed.TryGetValue(Content(entry), out var list) ? list : removed[Content(entry)] = []).Add(entry);
        }

        var origins = new Dictionary<TreeEntry, TreeEntry>(ReferenceEqualityComparer.Instance);
        var taken = new HashSet<TreeEntry>(ReferenceEqualityComparer.Instance);
        var added = all.Where(d => d is { Kind: TreeDifferenceKind.Added, After.Sha256: not null } && removed.ContainsKey(Content(d.After))).Select(d => d.After!).ToList();
        Pair(added, removed, origins, taken, sameName: true);
        Pair(added, removed, origins, taken, sameName: false);
        return
        [
            .. all.Where(d => d.Before is null || d.After is not null || !taken.Contains(d.Before))
                .Select(d => d.Before is null && origins.TryGetValue(d.After!, out var origin) ? new TreeDifference(TreeDifferenceKind.Renamed, origin, d.After) : d),
        ];
    }

    private static void Pair(
        List<TreeEntry> added, Dictionary<(DataObjectId, long, string?), List<TreeEntry>> removed, Dictionary<TreeEntry, TreeEntry> origins, HashSet<TreeEntry> taken, bool sameName)
    {
        // Many empty files have the same content: each list is indexed once, not searched for each file.
        var candidates = new Dictionary<((DataObjectId, long, string?) Content, string Name), Queue<TreeEntry>>();
        foreach (var (content, list) in removed)
        {
            foreach (var entry in list.Where(e => !taken.Contains(e)))
            {
                var key = (content, sameName ? Name(entry.Path) : "");
                (candidates.TryGetValue(key, out var queue) ? queue : candidates[key] = new Queue<TreeEntry>()).Enqueue(entry);
            }
        }

        foreach (var entry in added.Where(e => !origins.ContainsKey(e)))
        {
            if (candidates.TryGetValue((Content(entry), sameName ? Name(entry.Path) : ""), out var queue) && queue.TryDequeue(out var origin))
            {
                origins[entry] = origin;
                taken.Add(origin);
            }
        }
    }

    private static (DataObjectId, long, string?) Content(TreeEntry entry) => (entry.Sha256!.Value, entry.Size, entry.Address);

    private static string Name(string path) => path[(path.LastIndexOf('/') + 1)..];

    private static bool IsSamePage(TreeCursor a, TreeCursor b) => !a.IsAtEnd && !b.IsAtEnd && a.Level > 0 && a.Level == b.Level && a.Child.Page == b.Child.Page;

    /// <summary>The cursor whose page has to be opened before anything can be said; null when an entry is next.</summary>
    private static TreeCursor? ToDescend(TreeCursor a, TreeCursor b)
    {
        var (levelA, levelB) = (a.IsAtEnd ? 0 : a.Level, b.IsAtEnd ? 0 : b.Level);
        if (levelA == 0 && levelB == 0)
            return null;
        if (levelA == 0 || levelB == 0)
        {
            // An entry before all of a page is next, and the page may still be found to be shared.
            var (entry, page) = levelA == 0 ? (a, b) : (b, a);
            return !entry.IsAtEnd && page.After is { } after && DataPath.Compare(entry.Entry.Path, after) <= 0 ? null : page;
        }

        return levelA >= levelB ? a : b;
    }

    private static TreeDifference? Step(TreeCursor a, TreeCursor b)
    {
        var order = Order(a, b);
        var before = order <= 0 ? a.Entry : null;
        var after = order >= 0 ? b.Entry : null;
        if (before is not null)
            a.Advance();
        if (after is not null)
            b.Advance();
        if (after is null)
            return new TreeDifference(TreeDifferenceKind.Removed, before, null);
        if (before is null)
            return new TreeDifference(TreeDifferenceKind.Added, null, after);
        return before == after ? null : new TreeDifference(TreeDifferenceKind.Changed, before, after);
    }

    /// <summary>Which of the two is next; one that stands on a page is behind.</summary>
    private static int Order(TreeCursor a, TreeCursor b)
    {
        if (a.IsAtEnd || b.IsAtEnd)
            return a.IsAtEnd ? 1 : -1;
        if (a.Level > 0 || b.Level > 0)
            return a.Level > 0 ? 1 : -1;
        return DataPath.Compare(a.Entry.Path, b.Entry.Path);
    }
}
