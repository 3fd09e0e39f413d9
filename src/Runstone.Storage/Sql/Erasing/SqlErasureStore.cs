using Runstone.Core.Metrics;
using Runstone.Storage.Sql.Sealing;

namespace Runstone.Storage.Sql.Erasing;

/// <param name="database">The engine.</param>
/// <param name="seals">Seals what is too long for the transaction that erases.</param>
/// <param name="runChanged">Told the id of a run inside the transaction, which may still fail, that changes it beside the ingest path.</param>
internal sealed class SqlErasureStore(SqlDatabase database, ISealStore seals, Action<string>? runChanged = null) : IErasureStore
{
    /// <summary>Points of the log that the transaction of an erasure seals.</summary>
    private const int MaxTail = 65_536;

    private const int FewErasures = 1000;

    public async Task<MetricErasure?> EraseSeriesAsync(string runId, string key, string reason, long now, CancellationToken cancellationToken)
    {
        var found = await database.QueryAsync(SqlText.Fixed(EraseSql.Find, runId, key), row => (Run: row.Int64(0), Key: row.Int64(1)), cancellationToken);
        if (found.Count == 0)
            return null;
        await ShortenAsync(found[0].Run, cancellationToken);
        return await database.TransactAsync(session => TakeSeriesAsync(session, found[0].Run, found[0].Key, key, reason, now, cancellationToken), cancellationToken);
    }

    public async Task<MetricErasure?> EraseRunAsync(string runId, string reason, long now, CancellationToken cancellationToken)
    {
        var found = await database.QueryAsync(SqlText.Fixed(EraseSql.Number, runId), row => row.Int64(0), cancellationToken);
        return found.Count == 0
            ? null
            : await database.TransactAsync(session => TakeRunAsync(session, found[0], reason, now, keepSummaries: false, cancellationToken), cancellationToken);
    }

    public Task<MetricErasure?> ExpireAsync(ExpirableRun run, string reason, long now, CancellationToken cancellationToken) => database.TransactAsync(
        async session =>
        {
            if (await LockAsync(session, run.RunNo, cancellationToken) is null)
                return null;
            var still = SqlText.Fixed(EraseSql.StillExpirable, run.RunNo, run.UpdatedAt);
            return await session.FirstAsync(still, row => true, cancellationToken)
                ? await TakeRunAsync(session, run.RunNo, reason, now, keepSummaries: true, cancellationToken)
                : null;
        },
        cancellationToken);

    public async Task<IReadOnlyList<ExpirableRun>> ListExpirableAsync(long before, ExpirableRun? after, int limit, CancellationToken cancellationToken) =>
        await database.QueryAsync(
            SqlText.Fixed(EraseSql.Expirable(database.Dialect), before, after?.UpdatedAt ?? long.MinValue, after?.RunNo ?? long.MinValue, (long)limit),
            row => new ExpirableRun(row.Int64(0), row.Text(1), row.Int64(2), row.Int64(3), new MetricSize(row.Int64(4), row.Int64(5))), cancellationToken);

    public async Task<MetricSize> MeasureAsync(CancellationToken cancellationToken) =>
        (await database.QueryAsync(SqlText.Fixed(EraseSql.Measure), row => new MetricSize(row.Int64(0), row.Int64(1)), cancellationToken))[0];

    public async Task<IReadOnlyList<MetricErasure>> ListAsync(IReadOnlyCollection<string> runIds, CancellationToken cancellationToken)
    {
        if (runIds.Count == 0)
            return [];
        if (runIds.Count <= FewErasures || await CountUpToAsync(FewErasures + 1, cancellationToken) > FewErasures)
            return await database.QueryAsync(EraseSql.List(database.Dialect, runIds), Read, cancellationToken);

        // All of them are fewer than the runs that would be looked up.
        var asked = runIds.ToHashSet(StringComparer.Ordinal);
        return [.. (await database.QueryAsync(SqlText.Fixed(EraseSql.All), Read, cancellationToken)).Where(e => asked.Contains(e.RunId))];
    }

    private static MetricErasure Read(SqlRow row) => new(row.Text(0), row.NullableText(1), row.Int64(2), row.Text(3), row.Int64(4), row.Int64(5) != 0);

    private async Task<long> CountUpToAsync(long ceiling, CancellationToken cancellationToken) =>
        (await database.QueryAsync(SqlText.Fixed(EraseSql.CountUpTo, ceiling), row => row.Int64(0), cancellationToken))[0];

    /// <summary>Ends once the log is short, which it is unless a client writes faster than is sealed.</summary>
    private async Task ShortenAsync(long runNo, CancellationToken cancellationToken)
    {
        while ((await database.QueryAsync(SqlText.Fixed(EraseSql.TailPoints, runNo), row => row.Int64(0), cancellationToken)) is [> MaxTail])
            await seals.SealAsync(runNo, new SealOptions(), cancellationToken);
    }

    private static ValueTask<SealRun?> LockAsync(SqlSession session, long runNo, CancellationToken cancellationToken) =>
        session.FirstAsync(SqlText.Fixed(SealSql.Run + session.Dialect.ForUpdate, runNo), SealRun.Read, cancellationToken);

    /// <summary>What is left of the log is sealed first, so that a point that is there twice counts once and no row has to be written anew.</summary>
    private async ValueTask<MetricErasure?> TakeSeriesAsync(
        SqlSession session, long runNo, long key, string name, string reason, long now, CancellationToken cancellationToken)
    {
        if (await LockAsync(session, runNo, cancellationToken) is not { } run)
            return null;
        if (run.SealedSequence < run.NextSequence)
        {
            await SealAsync(session, run, cancellationToken);
            run = await LockAsync(session, runNo, cancellationToken) ?? throw Lost(run);
        }

        runChanged?.Invoke(run.Id);
        var (chunks, points) = await CountAsync(session, SqlText.Fixed(EraseSql.SeriesChunks, runNo, key), cancellationToken);
        var unpacked = chunks > 0 ? null : await SealPass.PrepareWithoutAsync(session, run, key, cancellationToken);
        if (unpacked is not null)
        {
            await SealWriter.WriteAsync(session, run, unpacked, cancellationToken);
            points = -unpacked.AddedPoints;
        }
        else if (chunks == 0 && !await session.FirstAsync(SqlText.Fixed(EraseSql.HasSummary, runNo, key), row => true, cancellationToken))
        {
            return null;
        }

        foreach (var statement in EraseSql.DeleteSeries)
            await session.ExecuteAsync(SqlText.Fixed(statement, runNo, key), cancellationToken);
        await session.ExecuteAsync(SqlText.Fixed(EraseSql.TakeChunks, chunks > 0 ? points : 0, runNo), cancellationToken);
        return await RecordAsync(session, run, key, new MetricErasure(run.Id, name, points, reason, now, KeptSummaries: false), cancellationToken);
    }

    /// <summary>Seals all that is left of the log, part by part, so that little is held at a time.</summary>
    private static async ValueTask SealAsync(SqlSession session, SealRun run, CancellationToken cancellationToken)
    {
        using var pass = new SealPass(run.Number, new SealOptions { MaxPoints = int.MaxValue });
        SealedParts parts;
        do
        {
            parts = await pass.PrepareAsync(session, cancellationToken) ?? throw Lost(run);
            await SealWriter.WriteAsync(session, run, parts, cancellationToken);
            pass.Committed(parts);
        }
        while (parts.Continues);
    }

    /// <summary>Nothing is decoded, so what is damaged goes too.</summary>
    private async ValueTask<MetricErasure?> TakeRunAsync(
        SqlSession session, long runNo, string reason, long now, bool keepSummaries, CancellationToken cancellationToken)
    {
        if (await LockAsync(session, runNo, cancellationToken) is not { } run)
            return null;
        var (chunks, points) = await CountAsync(session, SqlText.Fixed(EraseSql.RunChunks, runNo), cancellationToken);
        if (chunks == 0 && run.SealedSequence == run.NextSequence
            && (keepSummaries || !await session.FirstAsync(SqlText.Fixed(EraseSql.HasSummaries, runNo), row => true, cancellationToken)))
            return null;
        runChanged?.Invoke(run.Id);
        foreach (var statement in EraseSql.DeletePoints)
            await session.ExecuteAsync(SqlText.Fixed(statement, runNo), cancellationToken);
        await session.ExecuteAsync(session.Dialect.DeleteLogOfRun(runNo, run.NextSequence), cancellationToken);
        foreach (var statement in keepSummaries ? [] : EraseSql.DeleteSummaries)
            await session.ExecuteAsync(SqlText.Fixed(statement, runNo), cancellationToken);
        await session.ExecuteAsync(SqlText.Fixed(EraseSql.TakeAll, runNo), cancellationToken);
        return await RecordAsync(
            session, run, null, new MetricErasure(run.Id, null, points + run.TailPoints, reason, now, keepSummaries), cancellationToken);
    }

    private static async ValueTask<MetricErasure> RecordAsync(
        SqlSession session, SealRun run, long? key, MetricErasure erasure, CancellationToken cancellationToken)
    {
        await session.InsertAsync(
            EraseSql.Erasure, [[run.Number, key, erasure.Points, erasure.Reason, erasure.Time, erasure.KeptSummaries ? 1L : 0L]], cancellationToken);
        return erasure;
    }

    private static async ValueTask<(long Chunks, long Points)> CountAsync(SqlSession session, SqlText query, CancellationToken cancellationToken) =>
        await session.FirstAsync(query, row => (row.Int64(0), row.Int64(1)), cancellationToken);

    private static InvalidOperationException Lost(SealRun run) => new($"Run {run.Id} is gone although it is locked.");
}
