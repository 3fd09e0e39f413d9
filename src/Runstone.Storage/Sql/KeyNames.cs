using System.Collections.Concurrent;

namespace Runstone.Storage.Sql;

/// <summary>Names by key id for readers. A committed id never changes its name, so forgetting is the only upkeep.</summary>
internal sealed class KeyNames
{
    private const int MaxNames = 65_536;

    private readonly ConcurrentDictionary<long, string> _names = new();

    /// <summary>The name when it is remembered; else null.</summary>
    public string? Known(long id) => _names.GetValueOrDefault(id);

    /// <summary>Reads the names of the ids by one statement.</summary>
    public async ValueTask<Dictionary<long, string>> ReadAsync(SqlSession session, IReadOnlyCollection<long> ids, CancellationToken cancellationToken)
    {
        var query = SqlText.Fixed($"{RunSql.KeyNames} where {session.Dialect.InNumbers("id", "@ids")}", session.Dialect.List(ids));
        var found = (await session.QueryAsync(query, row => (Id: row.Int64(0), Name: row.Text(1)), cancellationToken)).ToDictionary(k => k.Id, k => k.Name);
        if (_names.Count + found.Count > MaxNames)
            _names.Clear();
        foreach (var (id, name) in found.Take(MaxNames))
            _names[id] = name;
        return found;
    }
}
