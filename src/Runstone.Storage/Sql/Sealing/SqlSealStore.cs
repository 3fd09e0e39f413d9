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
        var pass = await database.ReadAsync(session => SealPass.PrepareAsync(session, runNo, options, cancellationToken), cancellationToken);
        return pass is null
            ? default
            : await database.TransactAsync(session => CommitAsync(session, pass, cancellationToken), cancellationToken);
    }

    private async ValueTask<SealOutcome> CommitAsync(SqlSession session, SealPass pass, CancellationToken cancellationToken)
    {
        var (before, parts) = (pass.Run, pass.Parts);
        var now = await session.FirstAsync(SqlText.Fixed(SealSql.Run + session.Dialect.ForUpdate, before.Number), SealRun.Read, cancellationToken);
        if (now is null || now.SealedSequence != before.SealedSequence || now.NextChunk != before.NextChunk)
            return new SealOutcome(0, 0, 0, 0, More: now is not null);
        await SealWriter.WriteAsync(session, now, pass, cancellationToken);
        runChanged?.Invoke(now.Id);
        return new SealOutcome(pass.Points, pass.Rows, parts.Chunks.Count, parts.RemovedChunks.Count, pass.More);
    }
}
