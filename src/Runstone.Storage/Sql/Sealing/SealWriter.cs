namespace Runstone.Storage.Sql.Sealing;

/// <summary>Puts what a pass prepared in place, inside a transaction that holds the run.</summary>
internal static class SealWriter
{
    /// <param name="session">The transaction.</param>
    /// <param name="now">The run; what is sealed is as the pass found it, rows may have come since.</param>
    /// <param name="parts">What was prepared.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async ValueTask WriteAsync(SqlSession session, SealRun now, SealedParts parts, CancellationToken cancellationToken)
    {
        await DeleteAsync(session, SealSql.Chunk, now.Number, parts.RemovedChunks, cancellationToken);
        await DeleteAsync(session, SealSql.Rollup, now.Number, parts.RemovedRollups, cancellationToken);
        await session.InsertAsync(SealSql.Chunk, parts.Chunks, cancellationToken);
        await session.InsertAsync(SealSql.Rollup, parts.Rollups, cancellationToken);
        var sealedSequence = now.SealedSequence + parts.Rows;
        if (parts.Rows > 0)
            await session.ExecuteAsync(session.Dialect.DeleteLogOfRun(now.Number, sealedSequence), cancellationToken);

        // Points of rows from before they were counted are taken as one each, and so are those that are left of them.
        var rows = now.NextSequence - sealedSequence;
        var left = rows == 0 ? 0 : Math.Max(rows, now.TailPoints - parts.Points);
        await session.ExecuteAsync(
            SqlText.Fixed(SealSql.Update, sealedSequence, left, parts.NextNo, parts.AddedPoints, now.Number), cancellationToken);
        if (rows == 0 && !parts.More)
            await session.ExecuteAsync(SqlText.Fixed(SealSql.Done, now.Number), cancellationToken);
    }

    private static async ValueTask DeleteAsync(
        SqlSession session, SqlTable table, long runNo, List<(long Slot, long No)> rows, CancellationToken cancellationToken)
    {
        if (rows.Count > 0)
        {
            await session.ExecuteAsync(
                SealSql.Delete(session.Dialect, table, runNo, rows.Select(r => r.Slot).Distinct(), rows.Select(r => r.No)), cancellationToken);
        }
    }
}
