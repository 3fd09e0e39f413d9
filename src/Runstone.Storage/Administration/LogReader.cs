using Runstone.Storage.Sql;

namespace Runstone.Storage.Administration;

/// <summary>Reads rows of the metric log in blocks that fit memory, though one row may have millions of bytes.</summary>
internal sealed class LogReader(SqlSession session, long toRun)
{
    private const long FirstRows = 16;
    private const long MaxRows = 4096;
    private const long BlockBytes = 8 << 20;

    private long _limit = FirstRows;

    /// <summary>The next rows from (run, seq) on; empty at the end.</summary>
    public async ValueTask<List<object?[]>> ReadAsync(long fromRun, long fromSeq, CancellationToken cancellationToken)
    {
        long bytes = 0;
        var rows = await session.QueryAsync(
            session.Dialect.LogPage(fromRun, fromSeq, toRun, _limit),
            row =>
            {
                var payload = row.Blob(2).ToArray();
                bytes += payload.Length;
                return new object?[] { row.Int64(0), row.Int64(1), payload, row.Blob(3).ToArray() };
            },
            cancellationToken);
        if (rows.Count > 0)
            _limit = Math.Clamp(Math.Min(BlockBytes * rows.Count / Math.Max(1, bytes), _limit * 4), 1, MaxRows);
        return rows;
    }

    /// <summary>Hands over block after block, each of which is forgotten before the next is read.</summary>
    public async ValueTask ReadAllAsync(
        long fromRun, long fromSeq, Func<List<object?[]>, ValueTask> use, CancellationToken cancellationToken)
    {
        while (await ReadAsync(fromRun, fromSeq, cancellationToken) is { Count: > 0 } rows)
        {
            await use(rows);
            Damage.RequireProgress(((long)rows[^1][0]!, (long)rows[^1][1]!).CompareTo((fromRun, fromSeq)) >= 0, "metric_log");
            (fromRun, fromSeq) = ((long)rows[^1][0]!, (long)rows[^1][1]! + 1);
        }
    }
}
