namespace Runstone.Core.Artifacts;

/// <summary>
/// Removes blobs that nothing refers to. A blob is condemned first, in a transaction that sees every link: from then on links to
/// it are refused on every node, and only then it is removed. Run by one node at a time.
/// </summary>
public sealed class BlobCollection(IBlobStore blobs, IBlobReferenceStore references, TimeProvider time)
{
    /// <summary>The lock under which it runs (<see cref="Jobs.IJobLock"/>).</summary>
    public const string LockName = "blob-collection";

    // Small, because writers of condemned content wait for the whole block.
    private const int BlockSize = 100;
    private const int Removals = 8;

    /// <summary>No write takes so long between its content and its link; until then a mark is kept for it.</summary>
    private static readonly TimeSpan MarkLife = TimeSpan.FromHours(1);

    /// <summary>
    /// Looks at every blob once. Blobs younger than <paramref name="grace"/> stay: they may be about to be linked. Without
    /// <paramref name="delete"/> nothing is changed and the report says what would be removed.
    /// </summary>
    public async Task<BlobCollectionReport> RunAsync(
        TimeSpan grace, bool delete, IProgress<BlobCollectionReport>? progress, CancellationToken cancellationToken)
    {
        var report = new BlobCollectionReport();
        if (delete)
            report = report with { Finished = await FinishAsync(cancellationToken) };
        var before = Now() - (long)grace.TotalMilliseconds;
        var block = new List<StoredBlob>(BlockSize);
        await using var used = references.ListAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        var more = await used.MoveNextAsync();
        await foreach (var blob in blobs.ListAsync(cancellationToken))
        {
            while (more && string.CompareOrdinal(used.Current.Sha256, blob.Sha256) < 0)
                more = await used.MoveNextAsync();
            var isUsed = more && string.Equals(used.Current.Sha256, blob.Sha256, StringComparison.Ordinal);
            report = Count(report, blob, isUsed, before);
            if (!isUsed && blob.WrittenAt <= before)
                block.Add(blob);
            if (block.Count == BlockSize)
                report = await RemoveAsync(block, delete, report, cancellationToken);
            if (report.Blobs % 1000 == 0)
                progress?.Report(report);
        }

        report = await RemoveAsync(block, delete, report, cancellationToken);
        progress?.Report(report);
        return report;
    }

    private static BlobCollectionReport Count(BlobCollectionReport report, StoredBlob blob, bool isUsed, long before)
    {
        report = report with { Blobs = report.Blobs + 1, Bytes = report.Bytes + blob.Size };
        return isUsed || blob.WrittenAt <= before ? report : report with { Young = report.Young + 1 };
    }

    private async Task<BlobCollectionReport> RemoveAsync(
        List<StoredBlob> block, bool delete, BlobCollectionReport report, CancellationToken cancellationToken)
    {
        if (block.Count == 0)
            return report;
        var sizes = block.ToDictionary(b => b.Sha256, b => b.Size, StringComparer.Ordinal);
        IReadOnlyList<string> gone = [.. sizes.Keys];
        if (delete)
        {
            gone = await references.CondemnAsync(gone, Now(), cancellationToken);
            await DeleteAsync(gone, cancellationToken);
        }

        block.Clear();
        return report with { Unused = report.Unused + gone.Count, UnusedBytes = report.UnusedBytes + gone.Sum(g => sizes[g]) };
    }

    private async Task DeleteAsync(IReadOnlyList<string> condemned, CancellationToken cancellationToken)
    {
        await Parallel.ForEachAsync(
            condemned, new ParallelOptions { MaxDegreeOfParallelism = Removals, CancellationToken = cancellationToken },
            async (sha256, token) => await blobs.DeleteAsync(sha256, token));
        await references.MarkRemovedAsync(condemned, Now(), cancellationToken);
    }

    /// <summary>Completes what an interrupted collection left, and lifts the marks of content that is long gone.</summary>
    private async Task<int> FinishAsync(CancellationToken cancellationToken)
    {
        var finished = 0;
        var after = "";
        while (await references.ListCondemnedAsync(after, cancellationToken) is { Count: > 0 } marks)
        {
            after = marks[^1].Sha256;
            string[] left = [.. marks.Where(m => m.RemovedAt is null).Select(m => m.Sha256)];
            foreach (var block in left.Chunk(BlockSize))
                await DeleteAsync(block, cancellationToken);
            finished += left.Length;
            var old = Now() - (long)MarkLife.TotalMilliseconds;
            await references.ReleaseAsync([.. marks.Where(m => m.RemovedAt < old)], cancellationToken);
        }

        return finished;
    }

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();
}

/// <summary>What a collection found, and removed unless it was only to look.</summary>
public sealed record BlobCollectionReport
{
    /// <summary>Blobs looked at.</summary>
    public long Blobs { get; init; }

    /// <summary>Their bytes.</summary>
    public long Bytes { get; init; }

    /// <summary>Unused blobs that are too young to be removed.</summary>
    public long Young { get; init; }

    /// <summary>Unused blobs that were removed, or would be.</summary>
    public long Unused { get; init; }

    /// <summary>Their bytes.</summary>
    public long UnusedBytes { get; init; }

    /// <summary>Blobs that an interrupted collection had condemned and this one removed.</summary>
    public int Finished { get; init; }
}
