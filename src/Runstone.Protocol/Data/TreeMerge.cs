namespace Runstone.Protocol.Data;

/// <summary>What two sides made of one path and cannot both have.</summary>
/// <param name="Path">The path; that of the file when it is a file on one side and a folder on the other.</param>
/// <param name="Base">Its entry before; null when there was none.</param>
/// <param name="Ours">The entry of the first side; null when it has none. Lies in the path when it is a folder there.</param>
/// <param name="Theirs">The entry of the second side, likewise.</param>
public sealed record TreeConflict(string Path, TreeEntry? Base, TreeEntry? Ours, TreeEntry? Theirs)
{
    /// <summary>Names the path and what either side made of it.</summary>
    public override string ToString() => $"{DataPath.Quote(Path)}: ours {Side(Ours)}, theirs {Side(Theirs)}";

    private string Side(TreeEntry? side)
    {
        if (side is null)
            return "removed it";
        if (!string.Equals(side.Path, Path, StringComparison.Ordinal))
            return $"made it the folder of {DataPath.Quote(side.Path)}";
        return $"{(Base is null ? "added" : "changed")} it ({side.Size} bytes, {side.Sha256?.ToString() ?? side.Address})";
    }
}

/// <summary>What a merge made.</summary>
/// <param name="Root">The merged tree; null when there are conflicts, and then no page was written.</param>
/// <param name="Conflicts">In the order of their paths.</param>
public sealed record TreeMergeResult(TreeRoot? Root, IReadOnlyList<TreeConflict> Conflicts);

/// <summary>Merges two trees that come from one.</summary>
public static class TreeMerge
{
    /// <summary>
    /// The tree with what either side changed of the base. A path is in conflict when both sides changed it and not to the same, or when one side made it a file and the other a folder. Reads
    /// pages that the trees do not share and holds what was changed. Throws as <see cref="TreeDiff.CompareAsync"/> does.
    /// </summary>
    public static async ValueTask<TreeMergeResult> MergeAsync(
        IDataObjectSource source, IDataObjectSink sink, DataObjectId @base, DataObjectId ours, DataObjectId theirs, CancellationToken cancellationToken = default)
    {
        var conflicts = new List<TreeConflict>();
        var own = new Dictionary<string, TreeDifference>(StringComparer.Ordinal);
        await foreach (var difference in TreeDiff.CompareAsync(source, @base, ours, cancellationToken).ConfigureAwait(false))
            own[difference.Path] = difference;
        var changes = new List<TreeChange>();
        await foreach (var difference in TreeDiff.CompareAsync(source, @base, theirs, cancellationToken).ConfigureAwait(false))
        {
            if (!own.TryGetValue(difference.Path, out var mine))
                changes.Add(new TreeChange(difference.Path, difference.After));
            else if (mine.After != difference.After)
                conflicts.Add(new TreeConflict(difference.Path, difference.Before, mine.After, difference.After));
        }

        var put = changes.Where(c => c.Entry is not null).Select(c => c.Path).ToHashSet(StringComparer.Ordinal);
        foreach (var clash in await TreeEdit.FindClashesAsync(source, ours, changes, int.MaxValue, cancellationToken).ConfigureAwait(false))
        {
            var fileIsTheirs = put.Contains(clash.File.Path);
            conflicts.Add(new TreeConflict(clash.File.Path, null, fileIsTheirs ? clash.Inside : clash.File, fileIsTheirs ? clash.File : clash.Inside));
        }

        if (conflicts.Count > 0)
            return new TreeMergeResult(null, [.. conflicts.OrderBy(c => c.Path, DataPath.Order)]);
        return new TreeMergeResult(await TreeEdit.ApplyAsync(source, sink, ours, changes, cancellationToken).ConfigureAwait(false), []);
    }
}
