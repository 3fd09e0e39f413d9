using Runstone.Storage.Sql;

namespace Runstone.Storage.Administration;

/// <summary>Sums of a whole store as one session sees it, by <see cref="StoreTables.Names"/>.</summary>
internal static class StoreSums
{
    private const long RangeRuns = 128;

    /// <summary>Also says what is damaged, as "run number 7, row 3 of its metric log"; null when nothing is.</summary>
    public static async ValueTask<(RowSum[] Tables, string? Damaged)> ReadAsync(
        SqlSession session, bool keepsNul, IProgress<AdminProgress>? progress, CancellationToken cancellationToken)
    {
        var sums = new RowSum[StoreTables.Names.Count];
        (await CatalogSums.ReadAsync(session, keepsNul, cancellationToken)).CopyTo(sums, 0);
        string? damaged = null;
        var (after, done) = (long.MinValue, 0L);
        var total = await session.FirstAsync(SqlText.Fixed("select count(*) from runs"), row => row.Int64(0), cancellationToken);
        while (true)
        {
            var numbers = await session.QueryAsync(
                SqlText.Fixed("select run_no from runs where run_no > @after order by run_no limit @limit", after, RangeRuns), row => row.Int64(0), cancellationToken);
            // What lies behind the last run belongs to none and is summed all the same.
            var to = numbers.Count < RangeRuns ? long.MaxValue : numbers[^1];
            foreach (var run in (await RunSumReader.ReadAsync(session, after == long.MinValue ? after : after + 1, to, keepsNul, cancellationToken)).Values)
            {
                damaged ??= run.Damaged is { } what ? FormattableString.Invariant($"run number {run.RunNo}, {what}") : null;
                for (var i = 0; i < run.Tables.Length; i++)
                    sums[StoreTables.Catalog.Count + i].Add(run.Tables[i]);
            }

            progress?.Report(new AdminProgress("verify", done += numbers.Count, total));
            if (to == long.MaxValue)
                return (sums, damaged);
            after = to;
        }
    }
}
