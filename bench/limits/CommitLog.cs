using System.Threading.Channels;
using SQLitePCL;

namespace Runstone.Limits;

/// <summary>
/// The least that a durable write costs: payloads are appended to one SQLite table (WAL, synchronous=FULL), all that wait
/// share one transaction, and each call completes after the commit.
/// </summary>
public sealed class CommitLog : IAsyncDisposable
{
    private readonly record struct Pending(ReadOnlyMemory<byte> Payload, TaskCompletionSource Done);

    private readonly Channel<Pending> _queue = Channel.CreateBounded<Pending>(new BoundedChannelOptions(8192) { SingleReader = true });
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _insert;
    private readonly sqlite3_stmt _begin;
    private readonly sqlite3_stmt _commit;
    private readonly Task _writer;

    public CommitLog(string file)
    {
        Batteries_V2.Init();
        Check(raw.sqlite3_open(file, out _database));
        Check(raw.sqlite3_exec(_database, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE log(id INTEGER PRIMARY KEY, payload BLOB)"));
        _insert = Prepare("INSERT INTO log(payload) VALUES (?)");
        _begin = Prepare("BEGIN IMMEDIATE");
        _commit = Prepare("COMMIT");
        _writer = Task.Run(RunAsync);
    }

    /// <summary>Completes after the payload is durable.</summary>
    public async Task AppendAsync(ReadOnlyMemory<byte> payload)
    {
        var pending = new Pending(payload, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        await _queue.Writer.WriteAsync(pending);
        await pending.Done.Task;
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _writer;
        foreach (var statement in (sqlite3_stmt[])[_insert, _begin, _commit])
            statement.Dispose();
        _database.Dispose();
    }

    private async Task RunAsync()
    {
        var group = new List<Pending>(1024);
        while (await _queue.Reader.WaitToReadAsync())
        {
            while (group.Count < 1024 && _queue.Reader.TryRead(out var pending))
                group.Add(pending);
            Step(_begin);
            foreach (var pending in group)
            {
                Check(raw.sqlite3_bind_blob(_insert, 1, pending.Payload.Span));
                Step(_insert);
            }

            Step(_commit);
            foreach (var pending in group)
                pending.Done.SetResult();
            group.Clear();
        }
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
