namespace Runstone.Storage.Sql;

/// <summary>
/// Reads the last values of metrics of all runs of an experiment from the index that searches use: entries side by side, where a look for each run would fetch a page of a
/// table that has all other metrics of the run as well.
/// </summary>
internal static class LatestScan
{
    /// <summary>For fewer runs it is not worth asking.</summary>
    private const int FewRuns = 1000;

    /// <summary>Looking up one row costs about as much as passing over so many entries.</summary>
    private const int PassedForALook = 8;

    /// <summary>Whether so many runs are asked for that passing over the entries of all runs of their experiment costs less.</summary>
    public static async ValueTask<bool> IsCheaperAsync(SqlSession session, IReadOnlyList<long> experiments, int runs, CancellationToken cancellationToken)
    {
        if (runs < FewRuns || experiments.Count != 1)
            return false;
        var limit = (long)runs * PassedForALook;
        var all = SqlText.Fixed("select count(*) from (select 1 from runs where experiment_id = @experiment limit @limit) seen", experiments[0], limit + 1);
        return await session.FirstAsync(all, row => row.Int64(0), cancellationToken) <= limit;
    }

    /// <summary>Run, key and last value of every run of the experiment that has one of the keys.</summary>
    public static SqlText Select(SqlDialect dialect, long experiment, object keys) => SqlText.Fixed(
        $"""
        select x.run_no, x.key_id, x.last from {dialect.InIndex("metric_latest x", "metric_latest_search")}
        where x.experiment_id = @experiment and {dialect.InGathered("x.key_id", $"select id from key_name where {dialect.InTexts("name", "@keys")}")}
        """,
        experiment, keys);
}
