using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using Runstone.Core.Artifacts;
using Runstone.Storage.Sql;

namespace Runstone.Storage.Administration;

/// <summary>
/// Makes one store equal to another, which may be written to meanwhile. Every run is read at one instant and written in one
/// transaction, so that the copy can be stopped anywhere; run again, it copies what changed since. All numbers and ids are kept.
/// </summary>
internal sealed class StoreCopy(StoreParts source, StoreParts target)
{
    private const int MaxPasses = 4;
    private const int BatchRuns = 128;
    private const long BatchRows = 4096;
    private const int MaxRemarks = 1000;

    private readonly ConcurrentDictionary<string, bool> _remarks = new(StringComparer.Ordinal);
    private long _runs;
    private long _done;
    private long _waiting;

    /// <summary>Throws when the target cannot be one; what the copy is not sure of stands in the report.</summary>
    public async Task<CopyReport> RunAsync(IProgress<AdminProgress>? progress, CancellationToken cancellationToken)
    {
        await CopyMark.BeginAsync(target.Database, target.Place, source.Place, cancellationToken);
        for (var pass = 0; pass < MaxPasses; pass++)
        {
            if (await PassAsync(progress, cancellationToken) == 0)
                break;
        }

        var damaged = new ConcurrentBag<string>();
        var blobs = new BlobCopy(source.Blobs, target.Blobs, ListBlobsAsync, damaged.Add);
        await blobs.RunAsync(progress, cancellationToken);
        var verification = new CopyVerification(source, target);
        await verification.RunAsync(progress, cancellationToken);
        var wrong = await RepairAsync(verification, cancellationToken);
        var (used, missing) = await verification.CompareBlobsAsync(cancellationToken);
        List<string> problems = [.. wrong, .. damaged.Order(StringComparer.Ordinal), .. missing.Take(MaxRemarks).Select(MissingBlob)];
        var changed = verification.Changed.Count + (verification.CatalogIsEqual ? 0 : 1);
        var complete = problems.Count == 0 && changed == 0;
        if (complete && await CopyMark.IsServedAsync(target.Database, cancellationToken))
            throw CopyMark.Served(target.Place);
        if (complete)
            await CopyMark.CompleteAsync(target.Database, source.Place, cancellationToken);
        return new CopyReport
        {
            Complete = complete,
            RunsCopied = Interlocked.Read(ref _runs),
            BlobsCopied = new BlobTotals(blobs.Copied.Blobs, blobs.Copied.Bytes),
            BlobsInUse = used,
            Tables = TableTotals.Of(verification.Totals),
            ChangedMeanwhile = changed,
            Problems = problems,
            Remarks = [.. _remarks.Keys.Order(StringComparer.Ordinal)],
        };
    }

    private IAsyncEnumerable<BlobRef> ListBlobsAsync(CancellationToken cancellationToken) =>
        source.Blobs.ListAsync(cancellationToken).Select(b => new BlobRef(b.Sha256, b.Size));

    private static string MissingBlob(string sha256) =>
        $"blob {sha256}: files refer to it, and neither side has it; restore it from a backup into the source and copy again";

    /// <summary>How much had to be written or removed.</summary>
    private async Task<long> PassAsync(IProgress<AdminProgress>? progress, CancellationToken cancellationToken)
    {
        var changes = await RemoveSurplusAsync(cancellationToken);
        changes += await source.Database.ReadAsync(
            async from => await target.Database.TransactAsync(to => new CatalogCopy(from, to, Remark).RunAsync(cancellationToken), cancellationToken),
            cancellationToken);
        var before = Interlocked.Read(ref _runs) + Interlocked.Read(ref _waiting);
        var total = await RunStamps.CountAsync(source.Database, cancellationToken);
        _done = 0;
        await Parallel.ForEachAsync(
            BatchesAsync(cancellationToken), new ParallelOptions { MaxDegreeOfParallelism = target.Writers, CancellationToken = cancellationToken },
            async (batch, token) =>
            {
                await CopyAsync(batch, token);
                progress?.Report(new AdminProgress("runs", Interlocked.Read(ref _done), total));
            });
        progress?.Report(new AdminProgress("runs", total, total));
        return changes + Interlocked.Read(ref _runs) + Interlocked.Read(ref _waiting) - before;
    }

    private async Task CopyAsync(RunBatch batch, CancellationToken cancellationToken)
    {
        var copy = new RunCopy(Remark);
        var written = await source.Database.ReadAsync(
            async from => await target.Database.TransactAsync(to => copy.WriteAsync(from, to, batch, cancellationToken), cancellationToken),
            cancellationToken);
        if (written)
            Interlocked.Add(ref _runs, batch.Count);
        else
            Interlocked.Add(ref _waiting, batch.Count);
    }

    private async Task<long> RemoveSurplusAsync(CancellationToken cancellationToken)
    {
        long removed = 0;
        await foreach (var (left, right) in RunStamps.PairsAsync(source.Database, target.Database, cancellationToken))
        {
            if (left is not null || right is not { RunNo: var runNo })
                continue;
            await target.Database.TransactAsync(
                async session =>
                {
                    await RunCopy.RemoveAsync(session, runNo, runNo, cancellationToken);
                    return true;
                },
                cancellationToken);
            removed++;
        }

        return removed;
    }

    /// <summary>Runs whose stamps differ: new neighbours together, runs that were copied before each on its own.</summary>
    private async IAsyncEnumerable<RunBatch> BatchesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        RunBatch? fresh = null;
        long rows = 0;
        await foreach (var (left, right) in RunStamps.PairsAsync(source.Database, target.Database, cancellationToken))
        {
            Interlocked.Increment(ref _done);
            if (left is not { } stamp || right == left || right is not null || rows + stamp.NextSequence > BatchRows || fresh?.Count >= BatchRuns)
            {
                if (fresh is not null)
                    yield return fresh;
                (fresh, rows) = (null, 0);
            }

            if (left is not { } wanted || right == left)
                continue;
            if (right is { } present)
            {
                yield return new RunBatch(wanted.RunNo, wanted.RunNo, wanted.Continues(present) ? present.NextSequence : 0, Exists: true);
                continue;
            }

            fresh = fresh is null
                ? new RunBatch(wanted.RunNo, wanted.RunNo, 0, Exists: false)
                : fresh with { To = wanted.RunNo, Count = fresh.Count + 1 };
            rows += wanted.NextSequence;
        }

        if (fresh is not null)
            yield return fresh;
    }

    /// <summary>
    /// A stamp can stay the same when two commits fall into one millisecond; such runs are copied again in full. Returns those that
    /// still differ.
    /// </summary>
    private async Task<List<string>> RepairAsync(CopyVerification verification, CancellationToken cancellationToken)
    {
        var wrong = new List<string>();
        foreach (var (runNo, _) in verification.Wrong)
        {
            await CopyAsync(new RunBatch(runNo, runNo, 0, Exists: true), cancellationToken);
            if (await verification.CompareAgainAsync(runNo, cancellationToken) is { } why)
                wrong.Add(string.Create(CultureInfo.InvariantCulture, $"run number {runNo} {why}"));
        }

        return wrong;
    }

    private void Remark(string text)
    {
        if (_remarks.Count < MaxRemarks)
            _remarks.TryAdd(text, true);
    }
}
