using Runstone.Core.Errors;
using Runstone.Storage.Sql;

namespace Runstone.Storage.Administration;

/// <summary>Writes an empty store as another one is at one instant.</summary>
internal static class Snapshot
{
    private const int BatchRuns = 128;
    private const string Numbers = "select run_no from runs where run_no > @after order by run_no limit @limit";

    /// <summary>The sums of the source at that instant. What the source has is read twice: to copy it and to sum it up.</summary>
    public static Task<RowSum[]> WriteAsync(
        SqlDatabase source, SqlDatabase target, IProgress<AdminProgress>? progress, CancellationToken cancellationToken) =>
        source.ReadAsync(
            async from =>
            {
                await target.TransactAsync(to => new CatalogCopy(from, to, Ignore).RunAsync(cancellationToken), cancellationToken);
                var total = await from.FirstAsync(SqlText.Fixed("select count(*) from runs"), row => row.Int64(0), cancellationToken);
                var (after, done, copy) = (long.MinValue, 0L, new RunCopy(Ignore));
                while (await from.QueryAsync(SqlText.Fixed(Numbers, after, (long)BatchRuns), row => row.Int64(0), cancellationToken) is { Count: > 0 } numbers)
                {
                    var batch = new RunBatch(numbers[0], numbers[^1], 0, Exists: false);
                    await target.TransactAsync(to => copy.WriteAsync(from, to, batch, cancellationToken), cancellationToken);
                    after = numbers[^1];
                    progress?.Report(new AdminProgress("runs", done += numbers.Count, total));
                }

                var (sums, damaged) = await StoreSums.ReadAsync(from, keepsNul: true, progress, cancellationToken);
                return damaged is not { } what
                    ? sums
                    : throw new RunstoneException(new Error(
                        ErrorCode.Conflict, $"Metrics are damaged: {what}; 'runstone admin check' says more. No backup was made."));
            },
            cancellationToken);

    private static void Ignore(string remark)
    {
        // An engine that keeps all texts has nothing to remark.
    }
}
