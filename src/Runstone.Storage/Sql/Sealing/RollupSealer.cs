using Runstone.Core.Metrics;
using Runstone.Core.Metrics.Chunks;

namespace Runstone.Storage.Sql.Sealing;

/// <summary>
/// Renews the rollups of a series from the first changed chunk on. Rollup k tells of the chunks 256 k to 256 k + 255 in order, once a
/// full chunk follows or ends them; their numbers ascend with k.
/// </summary>
internal sealed class RollupSealer(SqlSession session, SealRun run, SealedParts parts, int full)
{
    /// <summary>Summaries of the series at hand that are not in the store yet, by number.</summary>
    private readonly Dictionary<long, byte[]> _fresh = [];

    public void Keep(long no, byte[] summary) => _fresh[no] = summary;

    /// <summary>Reads (no, summary).</summary>
    public static ChunkSummary Read(SqlRow row, Func<long, string, Exception> damaged)
    {
        try
        {
            return ChunkSummary.Read(row.Blob(1));
        }
        catch (InvalidDataException e)
        {
            throw damaged(row.Int64(0), $"has a summary that cannot be read ({e.Message})");
        }
    }

    /// <param name="key">The series.</param>
    /// <param name="before">How many chunks it had.</param>
    /// <param name="chunks">Its chunks as they will be, in order.</param>
    /// <param name="firstChanged">The first of them that is new.</param>
    /// <param name="nextNo">Gives the number for a rollup.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async ValueTask RenewAsync(long key, int before, List<SealedChunk> chunks, int firstChanged, Func<long> nextNo, CancellationToken cancellationToken)
    {
        var kept = await DropAsync(key, Math.Max(before, chunks.Count), firstChanged, cancellationToken);
        var settled = chunks.Count;
        while (settled > 0 && chunks[settled - 1].IsSmall(full))
            settled--;
        for (var from = kept * ChunkRollup.MaxChunks; from + ChunkRollup.MaxChunks <= settled; from += ChunkRollup.MaxChunks)
        {
            var told = await SummariesAsync(key, chunks.GetRange(from, ChunkRollup.MaxChunks), cancellationToken);
            var (first, last) = (chunks[from], chunks[from + ChunkRollup.MaxChunks - 1]);
            var points = told.Sum(t => (long)t.Summary.Count);
            parts.Rollups.Add([run.Number, key, first.FirstStep, nextNo(), last.LastStep, points, ChunkRollup.Encode(told)]);
        }

        _fresh.Clear();
    }

    /// <summary>Drops what a change touches; returns how many rollups stay.</summary>
    private async ValueTask<int> DropAsync(long key, int mostChunks, int firstChanged, CancellationToken cancellationToken)
    {
        if (mostChunks < ChunkRollup.MaxChunks)
            return 0;
        var rollups = await session.QueryAsync(SqlText.Fixed(SealSql.Rollups, run.Number, key), row => row.Int64(0), cancellationToken);
        var kept = Math.Min(firstChanged / ChunkRollup.MaxChunks, rollups.Count);
        parts.RemovedRollups.AddRange(rollups.Skip(kept).Select(no => (key, no)));
        return kept;
    }

    private async ValueTask<List<(long No, ChunkSummary Summary)>> SummariesAsync(long key, List<SealedChunk> chunks, CancellationToken cancellationToken)
    {
        var found = new Dictionary<long, ChunkSummary>();
        await session.VisitAsync(
            SealSql.Summaries(session.Dialect, run.Number, key, chunks.Where(c => !_fresh.ContainsKey(c.No)).Select(c => c.No)),
            row => found[row.Int64(0)] = Read(row, Damaged),
            cancellationToken);
        var told = new List<(long, ChunkSummary)>(chunks.Count);
        foreach (var chunk in chunks)
        {
            var summary = _fresh.TryGetValue(chunk.No, out var fresh) ? ChunkSummary.Read(fresh) : found.GetValueOrDefault(chunk.No);
            told.Add((chunk.No, summary ?? throw Damaged(chunk.No, "is missing")));
        }

        return told;
    }

    private Exception Damaged(long no, string what) =>
        SealedPart.Damaged(FormattableString.Invariant($"Chunk {no} of the metrics of run {run.Id} {what}."));
}
