using Runstone.Storage.Sql;

namespace Runstone.Storage.Administration;

/// <summary>Runs with neighbouring numbers that are copied together.</summary>
/// <param name="From">The first number.</param>
/// <param name="To">The last number; every run of the source between them belongs to the batch.</param>
/// <param name="LogFrom">Sequence number from which on the log is copied, and chunks only when they changed; 0 for all of it.</param>
/// <param name="Exists">Whether the target may have something of these runs, which is removed first.</param>
internal sealed record RunBatch(long From, long To, long LogFrom, bool Exists)
{
    public int Count { get; init; } = 1;
}

/// <summary>Writes runs as the source has them at one instant, in one transaction of the target.</summary>
internal sealed class RunCopy(Action<string> replaced)
{
    private const string Experiments =
        "select distinct experiment_id from runs where run_no >= @from and run_no <= @to";

    private const string Datasets =
        "select distinct dataset_id from run_input where run_no >= @from and run_no <= @to";

    /// <summary>
    /// False, and nothing is written, when the target does not have yet what the runs refer to, because it was made in the source
    /// a moment ago.
    /// </summary>
    public async ValueTask<bool> WriteAsync(SqlSession source, SqlSession target, RunBatch batch, CancellationToken cancellationToken)
    {
        if (!await HasAllAsync(source, target, Experiments, "experiment", batch, cancellationToken)
            || !await HasAllAsync(source, target, Datasets, "dataset", batch, cancellationToken))
            return false;
        var tables = batch.LogFrom > 0 && await HasChunksOfAsync(source, target, batch.From, cancellationToken)
            ? [.. StoreTables.OfRun.Where(t => t != StoreTables.Chunk && t != StoreTables.Rollup)]
            : StoreTables.OfRun;
        if (batch.Exists)
            await RemoveAsync(target, tables, batch.From, batch.To, withLog: batch.LogFrom == 0, cancellationToken);
        foreach (var table in tables)
            await CopyAsync(source, target, table, batch, cancellationToken);
        await new LogReader(source, batch.To).ReadAllAsync(
            batch.From, batch.LogFrom, rows => target.InsertAsync(StoreTables.MetricLog, rows, cancellationToken), cancellationToken);
        if (batch.LogFrom > 0)
            await RemoveSealedAsync(source, target, batch.From, cancellationToken);
        return true;
    }

    /// <summary>Removes runs with all that belongs to them.</summary>
    public static ValueTask RemoveAsync(SqlSession target, long from, long to, CancellationToken cancellationToken) =>
        RemoveAsync(target, StoreTables.OfRun, from, to, withLog: true, cancellationToken);

    private static async ValueTask RemoveAsync(
        SqlSession target, IReadOnlyList<StoreTable> tables, long from, long to, bool withLog, CancellationToken cancellationToken)
    {
        foreach (var table in tables.Reverse())
        {
            var condition = table.Name is "run_input_tag"
                ? "input_id in (select id from run_input where run_no >= @from and run_no <= @to)"
                : "run_no >= @from and run_no <= @to";
            await target.ExecuteAsync(SqlText.Fixed($"delete from {table.Name} where {condition}", from, to), cancellationToken);
        }

        if (withLog)
            await target.ExecuteAsync(target.Dialect.DeleteLog(from, to), cancellationToken);
    }

    /// <summary>Nothing of the chunks changed since they were copied; when something is lost, verification finds it and all is copied.</summary>
    private static async ValueTask<bool> HasChunksOfAsync(SqlSession source, SqlSession target, long runNo, CancellationToken cancellationToken)
    {
        var query = SqlText.Fixed("select next_chunk from runs where run_no = @run_no", runNo);
        var wanted = await source.QueryAsync(query, row => row.Int64(0), cancellationToken);
        return wanted.SequenceEqual(await target.QueryAsync(query, row => row.Int64(0), cancellationToken));
    }

    /// <summary>Rows that were copied before and that the source has sealed since.</summary>
    private static async ValueTask RemoveSealedAsync(SqlSession source, SqlSession target, long runNo, CancellationToken cancellationToken)
    {
        var sealedSeq = await source.FirstAsync(SqlText.Fixed("select sealed_seq from runs where run_no = @run_no", runNo), row => row.Int64(0), cancellationToken);
        await target.ExecuteAsync(target.Dialect.DeleteLogOfRun(runNo, sealedSeq), cancellationToken);
    }

    private async ValueTask CopyAsync(SqlSession source, SqlSession target, StoreTable table, RunBatch batch, CancellationToken cancellationToken)
    {
        StoreRow? last = null;
        List<StoreRow> rows;
        do
        {
            rows = await table.ReadAsync(source, batch.From, batch.To, last, cancellationToken);
            if (rows.Count == 0)
                return;
            // Kept as the source has it: the next block is asked for by this key.
            last = rows[^1] with { Values = [.. rows[^1].Values] };
            if (!target.Dialect.KeepsNul)
                NulText.Replace(table, rows, replaced);
            await target.InsertAsync(table.Table, [.. rows.Select(r => r.Values)], cancellationToken);
        }
        while (rows.Count == table.Page);
    }

    private static async ValueTask<bool> HasAllAsync(
        SqlSession source, SqlSession target, string referred, string table, RunBatch batch, CancellationToken cancellationToken)
    {
        var wanted = await source.QueryAsync(SqlText.Fixed(referred, batch.From, batch.To), row => row.Int64(0), cancellationToken);
        if (wanted.Count == 0)
            return true;
        var query = SqlText.Fixed($"select count(*) from {table} where {target.Dialect.InNumbers("id", "@list")}", target.Dialect.List(wanted));
        return await target.FirstAsync(query, row => row.Int64(0), cancellationToken) == wanted.Count;
    }
}
