namespace Runstone.Storage.Sql;

/// <summary>How the rows of the runs of a page are reached in a table whose rows have a run and a key.</summary>
internal static class KeyedTable
{
    /// <summary>From here on it is worth asking how many keys the runs have.</summary>
    private const int ManyKeys = 8;

    /// <summary>Looking up one row costs about as much as passing over so many.</summary>
    private const int PassedForALook = 6;

    /// <summary>The condition that row <c>x</c> has one of the keys <c>@keys</c>, of which there are <paramref name="keys"/>.</summary>
    public static async ValueTask<string> HasKeyAsync(
        SqlSession session, string table, IReadOnlyList<long> runs, int keys, CancellationToken cancellationToken)
    {
        var dialect = session.Dialect;
        var known = $"select id from key_name where {dialect.InTexts("name", "@keys")}";

        // Asked so, the key does not lead into the index: the rows of a run are passed over in one go.
        return await PassesAsync(session, table, runs, keys, cancellationToken)
            ? $"({dialect.Unindexed("x.key_id")} in ({known})) is true"
            : dialect.InGathered("x.key_id", known);
    }

    /// <summary>Whether most rows of the runs are wanted anyway, as far as some of the runs tell.</summary>
    private static async ValueTask<bool> PassesAsync(
        SqlSession session, string table, IReadOnlyList<long> runs, int keys, CancellationToken cancellationToken)
    {
        if (keys < ManyKeys)
            return false;
        long[] some = [runs[0], runs[runs.Count / 2], runs[^1]];
        var limit = (long)some.Length * keys * PassedForALook;
        var width = SqlText.Fixed(
            $"select count(*) from (select 1 from {session.Dialect.OfRuns(table, "@runs", "1 = 1")} limit @limit) rows_of_some",
            session.Dialect.List(some), limit);
        return await session.FirstAsync(width, row => row.Int64(0), cancellationToken) < limit;
    }
}
