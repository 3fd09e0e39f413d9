using System.Runtime.CompilerServices;
using Runstone.Storage.Sql;

namespace Runstone.Storage.Administration;

/// <summary>What changes with every commit that touches a run: a batch, the sealing of its log, or the merging of its console.</summary>
/// <param name="RunNo">The number of the run.</param>
/// <param name="UpdatedAt">When a batch touched it last.</param>
/// <param name="NextSequence">The number of its next row of the log.</param>
/// <param name="SealedSequence">The number of the first row that is not sealed.</param>
/// <param name="NextChunk">Changes with every change of its chunks.</param>
/// <param name="ConsoleMerges">How often chunks of its console were replaced.</param>
/// <param name="IsUnsealed">The sealer is going to look at it; that it did can be all that changes.</param>
internal readonly record struct RunStamp(long RunNo, long UpdatedAt, long NextSequence, long SealedSequence, long NextChunk, long ConsoleMerges, bool IsUnsealed)
{
    /// <summary>What the other store has of the log and of chunks can be added to; false when it went back, as after a restore.</summary>
    public bool Continues(RunStamp earlier) =>
        NextSequence >= earlier.NextSequence && SealedSequence >= earlier.SealedSequence && NextChunk >= earlier.NextChunk;
}

/// <summary>Compares the runs of two stores by their stamps.</summary>
internal static class RunStamps
{
    private const long Block = 5000;

    private const string Query =
        """
        select r.run_no, r.updated_at, r.next_seq, r.sealed_seq, r.next_chunk, coalesce(k.merges, 0), case when u.run_no is null then 0 else 1 end
        from runs r left join unsealed_run u on u.run_no = r.run_no left join console k on k.run_no = r.run_no where r.run_no > @after order by r.run_no limit @limit
        """;

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
                SqlText.Fixed(Query, after, Block), Read, cancellationToken);
            foreach (var row in rows)
                yield return row;
            if (rows.Count < Block)
                yield break;
            after = rows[^1].RunNo;
        }
    }

    private static RunStamp Read(SqlRow row) =>
        new(row.Int64(0), row.Int64(1), row.Int64(2), row.Int64(3), row.Int64(4), row.Int64(5), row.Int64(6) != 0);
}
