using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using Runstone.Core.Errors;
using Runstone.Storage.Sql;

namespace Runstone.Storage.Sqlite;

/// <summary>
/// The connections to one file: one that writes, behind a lock, and a few that only read. A reader sees every commit that
/// was acknowledged before it was taken (WAL).
/// </summary>
internal sealed class SqliteDatabase : SqlDatabase, IDisposable
{
    // FULL: a commit returns after its fsync. A larger WAL lets a page that many commits touch be copied back once.
    private static readonly string[] CommonPragmas = ["busy_timeout = 10000", "foreign_keys = ON", "temp_store = MEMORY"];
    private static readonly string[] WriterPragmas =
        ["journal_mode = WAL", "synchronous = FULL", "wal_autocheckpoint = 4000", "journal_size_limit = 67108864", "cache_size = -32768"];

    private readonly string _path;
    private readonly SqliteSession? _writer;
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly SemaphoreSlim _reading;
    private readonly ConcurrentBag<SqliteSession> _idle = [];

    public SqliteDatabase(string path, int readers, int? maxPages = null)
    {
        _path = path;
        _reading = new SemaphoreSlim(readers, readers);
        var limit = maxPages is { } pages ? [$"max_page_count = {pages.ToString(System.Globalization.CultureInfo.InvariantCulture)}"] : Array.Empty<string>();
        _writer = Guard(() => new SqliteSession(ConnectionString(SqliteOpenMode.ReadWriteCreate), [.. CommonPragmas, .. WriterPragmas, .. limit]), SqliteErrors.Describe);
    }

    private SqliteDatabase(string path, int readers)
    {
        _path = path;
        _reading = new SemaphoreSlim(readers, readers);
    }

    /// <summary>Opens a file that exists for reading only, beside the process that writes it.</summary>
    public static SqliteDatabase OpenForReading(string path, int readers) => new(path, readers);

    private SqliteSession Writer => _writer ?? throw new InvalidOperationException($"'{_path}' was opened for reading only.");

    public override SqlDialect Dialect => SqliteDialect.Instance;

    /// <summary>Runs a write while no other one runs. What the work throws as an engine error becomes a domain error.</summary>
    public async Task<T> WriteAsync<T>(Func<SqliteSession, T> work, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            return Guard(() => work(Writer), SqliteErrors.DescribeWrite);
        }
        finally
        {
            _writing.Release();
        }
    }

    public override async Task<T> TransactAsync<T>(Func<SqlSession, ValueTask<T>> work, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            return await TransactAsync(work);
        }
        catch (SqliteException e)
        {
            throw SqliteErrors.DescribeWrite(e, _path);
        }
        finally
        {
            _writing.Release();
        }
    }

    public override async Task<T> ReadAsync<T>(Func<SqlSession, ValueTask<T>> work, CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken);
        try
        {
            return await ReadAsync(work);
        }
        catch (SqliteException e)
        {
            throw SqliteErrors.Describe(e, _path);
        }
        finally
        {
            _reading.Release();
        }
    }

    /// <summary>A statement is a transaction by itself.</summary>
    public override async Task<List<T>> QueryAsync<T>(SqlText query, Func<SqlRow, T> read, CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken);
        try
        {
            return Guard(() => Query(query, read), SqliteErrors.Describe);
        }
        finally
        {
            _reading.Release();
        }
    }

    public void Dispose()
    {
        while (_idle.TryTake(out var session))
            session.Dispose();
        _writer?.Dispose();
        _writing.Dispose();
        _reading.Dispose();
    }

    /// <summary>BEGIN IMMEDIATE, the work, COMMIT; when anything fails, nothing is kept and the connection is usable again.</summary>
    internal static T Transact<T>(SqliteSession session, Func<SqliteSession, T> work)
    {
        session.Execute("BEGIN IMMEDIATE");
        try
        {
            var result = work(session);
            session.Execute("COMMIT");
            return result;
        }
        catch
        {
            Rollback(session);
            throw;
        }
    }

    private static void Rollback(SqliteSession session)
    {
        // A full disk or an I/O error may have rolled back already.
        if (SQLitePCL.raw.sqlite3_get_autocommit(session.Connection.Handle!) == 0)
            session.Execute("ROLLBACK");
    }

    private async ValueTask<T> TransactAsync<T>(Func<SqlSession, ValueTask<T>> work)
    {
        Writer.Execute("BEGIN IMMEDIATE");
        try
        {
            var result = await work(Writer);
            Writer.Execute("COMMIT");
            return result;
        }
        catch
        {
            Rollback(Writer);
            throw;
        }
    }

    private async ValueTask<T> ReadAsync<T>(Func<SqlSession, ValueTask<T>> work)
    {
        var session = TakeReader();
        try
        {
            session.Execute("BEGIN");
            return await work(session);
        }
        finally
        {
            Rollback(session);
            _idle.Add(session);
        }
    }

    private List<T> Query<T>(SqlText query, Func<SqlRow, T> read)
    {
        var session = TakeReader();
        try
        {
            return session.Query(query, read);
        }
        finally
        {
            _idle.Add(session);
        }
    }

    private SqliteSession TakeReader() =>
        _idle.TryTake(out var session) ? session : new SqliteSession(ConnectionString(SqliteOpenMode.ReadOnly), [.. CommonPragmas, "cache_size = -32768"]);

    private string ConnectionString(SqliteOpenMode mode) =>
        new SqliteConnectionStringBuilder { DataSource = _path, Mode = mode, Pooling = false, ForeignKeys = true }.ToString();

    private T Guard<T>(Func<T> work, Func<SqliteException, string, RunstoneException> describe)
    {
        try
        {
            return work();
        }
        catch (SqliteException e)
        {
            throw describe(e, _path);
        }
    }
}
