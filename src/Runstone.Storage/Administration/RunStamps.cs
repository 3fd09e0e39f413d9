using System.Runtime.CompilerServices;
using Runstone.Storage.Sql;

namespace Runstone.Storage.Administration;

/// <summary>What changes with every commit that touches a run: a batch, or the sealing of its log.</summary>
internal readonly record struct RunStamp(long RunNo, long UpdatedAt, long NextSequence, long NextChunk);

/// <summary>Compares the runs of two stores by their stamps.</summary>
internal static class RunStamps
{
    private const long Block = 5000;
    private const string Query = "select run_no, updated_at, next_seq, next_chunk from runs where run_no > @after order by run_no limit @limit";

    public static async Task<long> CountAsync(SqlDatabase database, CancellationToken cancellationToken) =>
        (await database.QueryAsync(SqlText.Fixed("select count(*) from runs"), row => row.Int64(0), cancellationToken))[0];

    /// <summary>Every run of either store, by number; a stamp is null where the store has no such run.</summary>
    public static async IAsyncEnumerable<(RunStamp? Left, RunStamp? Right)> PairsAsync(
        SqlDatabase left, SqlDatabase right, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var lefts = ListAsync(left, cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using var rights = ListAsync(right, cancellationToken).GetAsyncEnumerator(cancellationToken);
        var hasLeft = await lefts.MoveNextAsync();
        var hasRight = await rights.MoveNextAsync();
        while (hasLeft || hasRight)
        {
            var number = Math.Min(hasLeft ? lefts.Current.RunNo : long.MaxValue, hasRight ? rights.Current.RunNo : long.MaxValue);
            RunStamp? l = hasLeft && lefts.Current.RunNo == number ? lefts.Current : null;
            RunStamp? r = hasRight && rights.Current.RunNo == number ? rights.Current : null;
            yield return (l, r);
            if (l is not null)
                hasLeft = await lefts.MoveNextAsync();
            if (r is not null)
                hasRight = await rights.MoveNextAsync();
        }
    }

    private static async IAsyncEnumerable<RunStamp> ListAsync(SqlDatabase database, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var after = long.MinValue;
        while (true)
        {
            var rows = await database.QueryAsync(
                SqlText.Fixed(Query, after, Block), row => new RunStamp(row.Int64(0), row.Int64(1), row.Int64(2), row.Int64(3)), cancellationToken);
            foreach (var row in rows)
                yield return row;
            if (rows.Count < Block)
                yield break;
            after = rows[^1].RunNo;
        }
    }
}
