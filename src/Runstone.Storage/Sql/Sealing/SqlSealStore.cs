using Runstone.Core.Metrics;

namespace Runstone.Storage.Sql.Sealing;

/// <param name="database">The engine.</param>
/// <param name="runChanged">Told the id of a run inside the transaction, which may still fail, that changes it beside the ingest path.</param>
internal sealed class SqlSealStore(SqlDatabase database, Action<string>? runChanged = null) : ISealStore
{
    public async Task<IReadOnlyList<UnsealedRun>> ListUnsealedAsync(
        long minPoints, long idleBefore, long endedBefore, int limit, CancellationToken cancellationToken) =>
        await database.QueryAsync(
            SqlText.Fixed(SealSql.Unsealed, minPoints, idleBefore, endedBefore, (long)limit),
            row => new UnsealedRun(row.Int64(0), row.Int64(1), row.Int64(2), row.Int64(3) != 0), cancellationToken);

    public async Task<UnsealedTotals> CountUnsealedAsync(CancellationToken cancellationToken) =>
        (await database.QueryAsync(SqlText.Fixed(SealSql.Totals), row => new UnsealedTotals(row.Int64(0), row.Int64(1)), cancellationToken))[0];

    public async Task<SealOutcome> SealAsync(long runNo, SealOptions options, CancellationToken cancellationToken)
    {
        using var pass = new SealPass(runNo, options);
        var outcome = new SealOutcome();
        while (await database.ReadAsync(session => pass.PrepareAsync(session, cancellationToken), cancellationToken) is { } parts)
        {
            if (!await database.TransactAsync(session => CommitAsync(session, pass.Run!, parts, cancellationToken), cancellationToken))
                return new SealOutcome(0, 0, 0, 0, More: true);
            outcome = new SealOutcome(
                parts.Points, parts.Rows, outcome.Written + parts.Chunks.Count, outcome.Replaced + parts.RemovedChunks.Count, parts.More)
            {
                Transactions = outcome.Transactions + 1,
            };
            if (!parts.Continues)
                break;
            pass.Committed(parts);
        }

        return outcome;
    }

    /// <summary>False when the run is not what it was, or not there.</summary>
    private async ValueTask<bool> CommitAsync(SqlSession session, SealRun before, SealedParts parts, CancellationToken cancellationToken)
    {
        var now = await session.FirstAsync(SqlText.Fixed(SealSql.Run + session.Dialect.ForUpdate, before.Number), SealRun.Read, cancellationToken);
        if (now is null || now.SealedSequence != before.SealedSequence || now.NextChunk != before.NextChunk)
            return false;
        await SealWriter.WriteAsync(session, now, parts, cancellationToken);
        runChanged?.Invoke(now.Id);
        return true;
    }
}
