using System.Collections.Concurrent;

namespace Runstone.Storage.Sql;

/// <summary>Names by key id for readers. A committed id never changes its name, so forgetting is the only upkeep.</summary>
internal sealed class KeyNames
{
    private const int MaxNames = 65_536;

    private readonly ConcurrentDictionary<long, string> _names = new();

    /// <summary>The names of the ids, which may repeat; those that are not known are read by one statement.</summary>
    public async ValueTask<Dictionary<long, string>> FindAsync(SqlSession session, IEnumerable<long> ids, CancellationToken cancellationToken)
    {
        var found = new Dictionary<long, string>();
        HashSet<long>? unknown = null;
        foreach (var id in ids)
        {
            if (found.ContainsKey(id))
                continue;
            if (_names.TryGetValue(id, out var name))
                found.Add(id, name);
            else
                (unknown ??= []).Add(id);
        }

        if (unknown is not null)
            await ReadAsync(session, unknown, found, cancellationToken);
        return found;
    }

    private async ValueTask ReadAsync(SqlSession session, HashSet<long> ids, Dictionary<long, string> found, CancellationToken cancellationToken)
    {
        var query = SqlText.Fixed($"{RunSql.KeyNames} where {session.Dialect.InNumbers("id", "@ids")}", session.Dialect.List(ids));
        if (_names.Count + ids.Count > MaxNames)
            _names.Clear();
        foreach (var (id, name) in await session.QueryAsync(query, row => (row.Int64(0), row.Text(1)), cancellationToken))
        {
            found.Add(id, name);
            if (ids.Count <= MaxNames)
                _names[id] = name;
        }
    }
}
