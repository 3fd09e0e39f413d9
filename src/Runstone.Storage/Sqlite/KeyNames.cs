using System.Collections.Concurrent;
using Runstone.Storage.Sql;

namespace Runstone.Storage.Sqlite;

/// <summary>Names by key id for readers. A committed id never changes its name, so forgetting is the only upkeep.</summary>
internal sealed class KeyNames
{
    private const int MaxNames = 65_536;

    private readonly ConcurrentDictionary<long, string> _names = new();

    public string Get(SqliteSession session, long id)
    {
        if (_names.TryGetValue(id, out var name))
            return name;
        name = SqliteSession.ReadFirst(session.Prepare(RunSql.KeyName).Bind(1, id), row => row.Text(0))
            ?? throw new InvalidDataException($"The key {id} has no name.");
        if (_names.Count >= MaxNames)
            _names.Clear();
        return _names[id] = name;
    }
}
