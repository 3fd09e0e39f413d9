using System.Runtime.CompilerServices;
using Runstone.Core.Artifacts;

namespace Runstone.Storage.Sql;

/// <summary>Which blobs files of runs and of logged models refer to, and which are condemned.</summary>
internal sealed class SqlBlobReferenceStore(SqlDatabase database) : IBlobReferenceStore
{
    private const int MaxList = 1000;
    private const long Block = 5000;

    public async IAsyncEnumerable<BlobRef> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var lists = BlobReferenceSql.Tables.Select(table => ListAsync(table, cancellationToken).GetAsyncEnumerator(cancellationToken)).ToList();
        try
        {
            for (var i = lists.Count - 1; i >= 0; i--)
                await MoveAsync(i);
            while (lists.Count > 0)
            {
                var least = lists.MinBy(l => l.Current.Sha256, StringComparer.Ordinal)!.Current;
                yield return least;
                for (var i = lists.Count - 1; i >= 0; i--)
                {
                    if (string.Equals(lists[i].Current.Sha256, least.Sha256, StringComparison.Ordinal))
                        await MoveAsync(i);
                }
            }
        }
        finally
        {
            foreach (var list in lists)
                await list.DisposeAsync();
        }

        async ValueTask MoveAsync(int at)
        {
            if (await lists[at].MoveNextAsync())
                return;
            await lists[at].DisposeAsync();
            lists.RemoveAt(at);
        }
    }

    private async IAsyncEnumerable<BlobRef> ListAsync(string table, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var after = "";
        while (true)
        {
            var query = SqlText.Fixed(BlobReferenceSql.UsedIn(table), after, Block);
            var rows = await database.QueryAsync(query, row => new BlobRef(row.Text(0), row.Int64(1)), cancellationToken);
            foreach (var row in rows)
                yield return row;
            if (rows.Count < Block)
                yield break;
            Damage.RequireProgress(string.CompareOrdinal(rows[^1].Sha256, after) > 0, table);
            after = rows[^1].Sha256;
        }
    }

    public async Task<IReadOnlyList<string>> CondemnAsync(IReadOnlyList<string> sha256, long now, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(sha256.Count, MaxList);
        return await database.TransactAsync(session => CondemnAsync(session, sha256, now, cancellationToken), cancellationToken);
    }

    public async Task MarkRemovedAsync(IReadOnlyList<string> sha256, long now, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(sha256.Count, MaxList);
        await database.TransactAsync(
            async session =>
            {
                var statement = SqlText.Fixed(BlobReferenceSql.MarkRemoved(database.Dialect), now, database.Dialect.List(sha256));
                await session.ExecuteAsync(statement, cancellationToken);
                return true;
            },
            cancellationToken);
    }

    public async Task<IReadOnlyList<CondemnedBlob>> ListCondemnedAsync(string after, CancellationToken cancellationToken) =>
        await database.QueryAsync(SqlText.Fixed(BlobReferenceSql.Marks, after), ReadMark, cancellationToken);

    public async Task<CondemnedBlob?> FindCondemnedAsync(string sha256, CancellationToken cancellationToken) =>
        (await database.QueryAsync(SqlText.Fixed(BlobReferenceSql.Mark, sha256), ReadMark, cancellationToken)).FirstOrDefault();

    public async Task ReleaseAsync(IReadOnlyList<CondemnedBlob> marks, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(marks.Count, MaxList);
        if (marks.Count == 0)
            return;
        await database.TransactAsync(
            async session =>
            {
                foreach (var (sha256, condemnedAt, removedAt) in marks)
                    await session.ExecuteAsync(SqlText.Fixed(BlobReferenceSql.Release, sha256, condemnedAt, removedAt ?? 0), cancellationToken);
                return true;
            },
            cancellationToken);
    }

    private static async ValueTask<IReadOnlyList<string>> CondemnAsync(
        SqlSession session, IReadOnlyList<string> sha256, long now, CancellationToken cancellationToken)
    {
        var dialect = session.Dialect;
        if (dialect.ExcludeLinks is { } exclude)
            await session.ExecuteAsync(SqlText.Fixed(exclude), cancellationToken);
        var used = await session.QueryAsync(SqlText.Fixed(BlobReferenceSql.UsedOf(dialect), dialect.List(sha256)), row => row.Text(0), cancellationToken);
        string[] unused = [.. sha256.Except(used, StringComparer.Ordinal)];
        if (unused.Length == 0)
            return unused;
        var list = dialect.List(unused);
        var marks = (await session.QueryAsync(SqlText.Fixed(BlobReferenceSql.MarksOf(dialect), list), ReadMark, cancellationToken))
            .ToDictionary(m => m.Sha256, m => m.CondemnedAt, StringComparer.Ordinal);
        if (marks.Count > 0)
            await session.ExecuteAsync(SqlText.Fixed(BlobReferenceSql.DeleteMarks(dialect), list), cancellationToken);
        object?[][] rows = [.. unused.Select(s => new object?[] { s, marks.TryGetValue(s, out var old) ? Math.Max(now, old + 1) : now, null })];
        await session.InsertAsync(BlobReferenceSql.Condemned, rows, cancellationToken);
        return unused;
    }

    private static CondemnedBlob ReadMark(SqlRow row) => new(row.Text(0), row.Int64(1), row.NullableInt64(2));
}
