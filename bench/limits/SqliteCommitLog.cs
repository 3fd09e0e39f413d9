using SQLitePCL;

namespace Runstone.Limits;

/// <summary>One SQLite file (WAL, synchronous=FULL), a statement a payload.</summary>
internal sealed class SqliteCommitLog : CommitLog
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _insert;
    private readonly sqlite3_stmt _begin;
    private readonly sqlite3_stmt _commit;

    public SqliteCommitLog(string file)
    {
        Batteries_V2.Init();
        Check(raw.sqlite3_open(file, out _database));
        Check(raw.sqlite3_exec(_database, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE IF NOT EXISTS log(id INTEGER PRIMARY KEY, payload BLOB)"));
        _insert = Prepare("INSERT INTO log(payload) VALUES (?)");
        _begin = Prepare("BEGIN IMMEDIATE");
        _commit = Prepare("COMMIT");
    }

    protected override ValueTask CommitAsync(IReadOnlyList<ReadOnlyMemory<byte>> payloads)
    {
        Step(_begin);
        foreach (var payload in payloads)
        {
            Check(raw.sqlite3_bind_blob(_insert, 1, payload.Span));
            Step(_insert);
        }

        Step(_commit);
        return ValueTask.CompletedTask;
    }

    protected override ValueTask CloseAsync()
    {
        foreach (var statement in (sqlite3_stmt[])[_insert, _begin, _commit])
            statement.Dispose();
        _database.Dispose();
        return ValueTask.CompletedTask;
    }

    private sqlite3_stmt Prepare(string sql)
    {
        Check(raw.sqlite3_prepare_v2(_database, sql, out var statement));
        return statement;
    }

    private void Step(sqlite3_stmt statement)
    {
        Check(raw.sqlite3_step(statement));
        Check(raw.sqlite3_reset(statement));
    }

    private void Check(int code)
    {
        if (code is not (raw.SQLITE_OK or raw.SQLITE_DONE or raw.SQLITE_ROW))
            throw new InvalidOperationException($"SQLite: {raw.sqlite3_errmsg(_database).utf8_to_string()} ({code})");
    }
}
