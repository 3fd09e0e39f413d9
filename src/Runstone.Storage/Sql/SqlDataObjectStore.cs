using Runstone.Core.Artifacts;
using Runstone.Core.Data;
using Runstone.Core.Errors;

namespace Runstone.Storage.Sql;

internal sealed class SqlDataObjectStore(SqlDatabase database) : IDataObjectStore
{
    private const int MaxList = 10_000;
    private const int MaxObjects = 20_000;

    private const string InsertPack = "insert into data_pack (sha256, size, added_at) values (@sha256, @size, @now) on conflict (sha256) do nothing returning id";

    private static readonly SqlTable Objects = SqlTable.Of("data_object", "pack_id:i place:i sha256:t kind:i flags:i length:i start:i stored:i");

    private static readonly SqlTable Files = SqlTable.Of("data_file", "sha256:t size:i recipe:t checked_at:i");

    public async Task<IReadOnlyList<string>> FindMissingAsync(IReadOnlyList<string> sha256, CancellationToken cancellationToken)
    {
        var there = await database.ReadAsync(session => ThereAsync(session, "data_object", sha256, cancellationToken), cancellationToken);
        return [.. sha256.Where(hash => !there.Contains(hash))];
    }

    public async Task<IReadOnlyList<DataObject>> FindAsync(IReadOnlyList<string> sha256, CancellationToken cancellationToken)
    {
        var query = $"""
            select o.sha256, o.kind, o.flags, o.length, p.sha256, o.start, o.stored from data_object o join data_pack p on p.id = o.pack_id
            where {database.Dialect.InTexts("o.sha256", "@list")}
            """;
        var found = await database.QueryAsync(
            SqlText.Fixed(query, List(sha256)),
            row => new DataObject(row.Text(0), (int)row.Int64(1), (int)row.Int64(2), row.Int64(3), row.Text(4), row.Int64(5), row.Int64(6)), cancellationToken);
        return InOrder(sha256, found, o => o.Sha256);
    }

    public Task AddPackAsync(BlobRef pack, IReadOnlyList<DataObject> objects, long now, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(objects.Count, MaxObjects);
        return database.TransactAsync(
            async session =>
            {
                // Who condemns unused blobs waits for this, or this sees the mark.
                if (session.Dialect.ShareLinks is { } share)
                    await session.ExecuteAsync(SqlText.Fixed(share), cancellationToken);
                if (await session.FirstAsync(SqlText.Fixed(IngestSql.Condemned, pack.Sha256), _ => true, cancellationToken))
                    throw new RunstoneException(new BlobCondemned(pack.Sha256));
                if (await session.FirstAsync(SqlText.Fixed(InsertPack, pack.Sha256, pack.Size, now), row => (long?)row.Int64(0), cancellationToken) is not { } number)
                    return false;
                string[] hashes = [.. objects.Select(o => o.Sha256)];
                var there = await ThereAsync(session, "data_object", hashes, cancellationToken);
                var rows = new List<object?[]>(objects.Count);
                for (var place = 0; place < objects.Count; place++)
                {
                    var one = objects[place];
                    if (there.Add(one.Sha256))
                        rows.Add([number, (long)place, one.Sha256, (long)one.Kind, (long)one.Flags, one.Length, one.Start, one.Stored]);
                }

                await session.InsertAsync(Objects, rows, cancellationToken);
                return true;
            },
            cancellationToken);
    }

    public async Task<IReadOnlyList<DataFile>> FindFilesAsync(IReadOnlyList<string> sha256, CancellationToken cancellationToken)
    {
        var query = $"select sha256, size, recipe, checked_at from data_file where {database.Dialect.InTexts("sha256", "@list")}";
        var found = await database.QueryAsync(
            SqlText.Fixed(query, List(sha256)), row => new DataFile(row.Text(0), row.Int64(1), row.Text(2), row.Int64(3)), cancellationToken);
        return InOrder(sha256, found, f => f.Sha256);
    }

    public Task AddFilesAsync(IReadOnlyList<DataFile> files, CancellationToken cancellationToken) => database.TransactAsync(
        async session =>
        {
            var there = await ThereAsync(session, "data_file", [.. files.Select(f => f.Sha256)], cancellationToken);
            object?[][] rows = [.. files.Where(f => there.Add(f.Sha256)).Select(f => new object?[] { f.Sha256, f.Size, f.Recipe, f.CheckedAt })];
            await session.InsertAsync(Files, rows, cancellationToken);
            return true;
        },
        cancellationToken);

    private static async ValueTask<HashSet<string>> ThereAsync(SqlSession session, string table, IReadOnlyList<string> sha256, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(sha256.Count, MaxObjects);
        var query = SqlText.Fixed($"select sha256 from {table} where {session.Dialect.InTexts("sha256", "@list")}", session.Dialect.List(sha256));
        return (await session.QueryAsync(query, row => row.Text(0), cancellationToken)).ToHashSet(StringComparer.Ordinal);
    }

    private object List(IReadOnlyList<string> sha256)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(sha256.Count, MaxList);
        return database.Dialect.List(sha256);
    }

    private static IReadOnlyList<T> InOrder<T>(IReadOnlyList<string> sha256, List<T> found, Func<T, string> hashOf)
        where T : class
    {
        var byHash = found.ToDictionary(hashOf, StringComparer.Ordinal);
        return [.. sha256.Select(byHash.GetValueOrDefault).OfType<T>()];
    }
}
