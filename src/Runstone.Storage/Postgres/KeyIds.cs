using System.Collections.Concurrent;
using Npgsql;

namespace Runstone.Storage.Postgres;

/// <summary>
/// Ids of key names. A committed name never changes its id, so what was read from a finished statement may be remembered by all
/// lanes; forgetting is the only upkeep.
/// </summary>
internal sealed class KeyIds
{
    private const int MaxNames = 262_144;

    private readonly ConcurrentDictionary<string, long> _ids = new(StringComparer.Ordinal);

    /// <summary>
    /// Finds the ids of the names, those that have none are given one, in a transaction of its own; <paramref name="optional"/>
    /// ones may stay without. Nothing is asked when all are known.
    /// </summary>
    public async ValueTask FindAsync(
        PostgresDatabase database, IReadOnlySet<string> names, IReadOnlySet<string> optional, Dictionary<string, long> found, CancellationToken cancellationToken)
    {
        var missing = Take(names, found);
        var absent = Take(optional, found);
        if (missing.Count + absent.Count == 0)
            return;
        missing.Sort(StringComparer.Ordinal);
        var read = new List<(long Id, string Name)>();
        await using (var connection = await database.OpenAsync(cancellationToken))
        {
            await using var batch = new NpgsqlBatch(connection);
            if (missing.Count > 0)
                batch.BatchCommands.Add(new NpgsqlBatchCommand(PostgresIngestSql.InsertKeys) { Parameters = { Columns.Texts(missing) } });
            batch.BatchCommands.Add(new NpgsqlBatchCommand(PostgresIngestSql.FindKeys) { Parameters = { Columns.Texts([.. missing, .. absent]) } });
            await database.PrepareAsync(batch, cancellationToken);
            await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
                read.Add((reader.GetInt64(0), reader.GetString(1)));
        }

        // The batch is a transaction, and it is over.
        Remember(read, found);
    }

    private List<string> Take(IReadOnlySet<string> names, Dictionary<string, long> found)
    {
        var missing = new List<string>();
        foreach (var name in names)
        {
            if (found.ContainsKey(name))
                continue;
            if (_ids.TryGetValue(name, out var id))
                found.Add(name, id);
            else
                missing.Add(name);
        }

        return missing;
    }

    private void Remember(List<(long Id, string Name)> read, Dictionary<string, long> found)
    {
        if (_ids.Count + read.Count > MaxNames)
            _ids.Clear();
        foreach (var (id, name) in read)
        {
            found[name] = id;
            if (read.Count <= MaxNames)
                _ids[name] = id;
        }
    }
}
