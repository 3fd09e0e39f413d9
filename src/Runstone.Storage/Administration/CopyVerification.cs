using System.Globalization;
using Runstone.Storage.Sql;

namespace Runstone.Storage.Administration;

/// <summary>Reads everything of both sides and compares it.</summary>
internal sealed class CopyVerification(StoreParts source, StoreParts target)
{
    private const int Parallelism = 4;
    private const int RangeRuns = 128;

    private readonly RowSum[] _totals = new RowSum[StoreTables.Names.Count];
    private readonly List<long> _changed = [];
    private readonly List<(long RunNo, string Why)> _wrong = [];
    private readonly Lock _lock = new();
    private long _done;

    /// <summary>Rows of each table on both sides, by <see cref="StoreTables.Names"/>.</summary>
    public IReadOnlyList<RowSum> Totals => _totals;

    /// <summary>Runs that were written to since they were copied.</summary>
    public IReadOnlyList<long> Changed => _changed;

    /// <summary>Runs that differ though nobody wrote to them.</summary>
    public IReadOnlyList<(long RunNo, string Why)> Wrong => _wrong;

    /// <summary>What is not of a run is the same.</summary>
    public bool CatalogIsEqual { get; private set; } = true;

    private bool KeepsNul => target.Database.Dialect.KeepsNul;

    public async Task RunAsync(IProgress<AdminProgress>? progress, CancellationToken cancellationToken)
    {
        await CompareCatalogAsync(cancellationToken);
        var total = await RunStamps.CountAsync(source.Database, cancellationToken);
        await Parallel.ForEachAsync(
            RangesAsync(cancellationToken), new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken },
            async (range, token) =>
            {
                await CompareAsync(range.From, range.To, token);
                progress?.Report(new AdminProgress("verify", Interlocked.Add(ref _done, range.Count), total));
            });
    }

    /// <summary>
    /// Compares one run again, after it was copied again; null when it is equal now, or was written to or sealed in the meantime, which
    /// is kept in <see cref="Changed"/>.
    /// </summary>
    public async Task<string?> CompareAgainAsync(long runNo, CancellationToken cancellationToken)
    {
        var lefts = await RunSumReader.ReadAsync(source.Database, runNo, runNo, KeepsNul, cancellationToken);
        var rights = await RunSumReader.ReadAsync(target.Database, runNo, runNo, KeepsNul, cancellationToken);
        var (left, right) = (lefts.GetValueOrDefault(runNo) ?? new RunSums(runNo), rights.GetValueOrDefault(runNo) ?? new RunSums(runNo));
        if (left.IsEqualTo(right))
            AddTotals(left);
        else if (left.Damaged is null && left.Stamp != right.Stamp)
            _changed.Add(runNo);
        else
            return Differences(left, right);
        return null;
    }

    /// <summary>Every file of the target has its content there; how many there are, and the first that have not.</summary>
    public async Task<(BlobTotals Used, List<string> Missing)> CompareBlobsAsync(CancellationToken cancellationToken)
    {
        var used = new BlobTotals(0, 0);
        var missing = new List<string>();
        await using var present = target.Blobs.ListAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        var more = await present.MoveNextAsync();
        await foreach (var blob in new SqlBlobReferenceStore(target.Database).ListAsync(cancellationToken))
        {
            while (more && string.CompareOrdinal(present.Current.Sha256, blob.Sha256) < 0)
                more = await present.MoveNextAsync();
            used = new BlobTotals(used.Count + 1, used.Bytes + blob.Size);
            if (!more || present.Current.Sha256 != blob.Sha256 || present.Current.Size != blob.Size)
                missing.Add(blob.Sha256);
        }

        return (used, missing);
    }

    private async Task CompareCatalogAsync(CancellationToken cancellationToken)
    {
        var lefts = await CatalogSums.ReadAsync(source.Database, KeepsNul, cancellationToken);
        var rights = await CatalogSums.ReadAsync(target.Database, KeepsNul, cancellationToken);
        CatalogIsEqual = lefts.SequenceEqual(rights);
        lefts.CopyTo(_totals, 0);
    }

    private async Task CompareAsync(long from, long to, CancellationToken cancellationToken)
    {
        var lefts = await RunSumReader.ReadAsync(source.Database, from, to, KeepsNul, cancellationToken);
        var rights = await RunSumReader.ReadAsync(target.Database, from, to, KeepsNul, cancellationToken);
        foreach (var runNo in lefts.Keys.Union(rights.Keys).Order())
        {
            var (left, right) = (lefts.GetValueOrDefault(runNo) ?? new RunSums(runNo), rights.GetValueOrDefault(runNo) ?? new RunSums(runNo));
            lock (_lock)
                Compare(left, right);
        }
    }

    private void Compare(RunSums left, RunSums right)
    {
        if (left.IsEqualTo(right))
            AddTotals(left);
        else if (left.Damaged is null && left.Stamp != right.Stamp)
            _changed.Add(left.RunNo);
        else
            _wrong.Add((left.RunNo, Differences(left, right)));
    }

    private void AddTotals(RunSums run)
    {
        for (var i = 0; i < run.Tables.Length; i++)
            _totals[StoreTables.Catalog.Count + i].Add(run.Tables[i]);
    }

    private static string Differences(RunSums left, RunSums right)
    {
        if (left.Damaged is { } damaged)
            return $"{damaged} is damaged in the source";
        if (right.Damaged is { } broken)
            return $"{broken} is damaged in the target";
        var tables = left.Tables.Zip(right.Tables).Select((pair, i) => (pair, Name: StoreTables.Names[StoreTables.Catalog.Count + i]))
            .Where(t => t.pair.First != t.pair.Second)
            .Select(t => string.Create(CultureInfo.InvariantCulture, $"{t.Name} ({t.pair.First.Count} rows here, {t.pair.Second.Count} there)"));
        return $"differs in {string.Join(", ", tables)}";
    }

    /// <summary>Neighbouring runs of either side.</summary>
    private async IAsyncEnumerable<(long From, long To, int Count)> RangesAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        long? from = null;
        var (to, count) = (0L, 0);
        await foreach (var (left, right) in RunStamps.PairsAsync(source.Database, target.Database, cancellationToken))
        {
            to = (left ?? right)!.Value.RunNo;
            from ??= to;
            if (++count < RangeRuns)
                continue;
            yield return (from.Value, to, count);
            (from, count) = (null, 0);
        }

        if (from is { } first)
            yield return (first, to, count);
    }
}
