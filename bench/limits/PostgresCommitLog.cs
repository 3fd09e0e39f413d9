using Npgsql;

namespace Runstone.Limits;

/// <summary>One table of a PostgreSQL database, a statement a group: the implicit transaction of the statement is the commit.</summary>
internal sealed class PostgresCommitLog : CommitLog
{
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlCommand _insert;
    private readonly NpgsqlParameter<byte[][]> _payloads = new();

    private PostgresCommitLog(NpgsqlConnection connection)
    {
        _connection = connection;
        _insert = new NpgsqlCommand("insert into limit_log(payload) select unnest($1)", connection);
        _insert.Parameters.Add(_payloads);
    }

    public static async Task<CommitLog> ConnectAsync(string database)
    {
        var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        await using var create = new NpgsqlCommand(
            "create table if not exists limit_log(id bigint generated always as identity primary key, payload bytea not null); alter table limit_log alter column payload set storage external",
            connection);
        await create.ExecuteNonQueryAsync();
        return new PostgresCommitLog(connection);
    }

    protected override async ValueTask CommitAsync(IReadOnlyList<ReadOnlyMemory<byte>> payloads)
    {
        _payloads.TypedValue = [.. payloads.Select(p => p.ToArray())];
        if (!_insert.IsPrepared)
            await _insert.PrepareAsync();
        await _insert.ExecuteNonQueryAsync();
    }

    protected override async ValueTask CloseAsync()
    {
        await _insert.DisposeAsync();
        await _connection.DisposeAsync();
    }
}
