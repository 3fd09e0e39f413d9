using Microsoft.Data.Sqlite;
using Runstone.Storage.Sql;

namespace Runstone.Storage.Sqlite;

/// <summary>
/// One connection with its functions registered and its prepared statements. Used by one caller at a time. Nothing here waits:
/// each task is complete when it is returned.
/// </summary>
internal sealed class SqliteSession : SqlSession, IDisposable
{
    private const string InsertLog = "insert into metric_log (position, payload, digest) values ((@run_no << 32) + @seq, @payload, @digest)";

    private readonly Dictionary<string, SqliteStatement> _statements = new(StringComparer.Ordinal);

    public SqliteSession(string connectionString, IEnumerable<string> pragmas)
    {
        Connection = new SqliteConnection(connectionString);
        try
        {
            Connection.Open();
            SqliteFunctions.Register(Connection);
            foreach (var pragma in pragmas)
                Execute($"PRAGMA {pragma}");
        }
        catch
        {
            Connection.Dispose();
            throw;
        }
    }

    public SqliteConnection Connection { get; }

    /// <summary>The prepared statement of a fixed text.</summary>
    public SqliteStatement Prepare(string sql)
    {
        if (!_statements.TryGetValue(sql, out var statement))
            _statements[sql] = statement = new SqliteStatement(Connection.Handle!, sql);
        return statement;
    }

    public override SqlDialect Dialect => SqliteDialect.Instance;

    public override ValueTask<List<T>> QueryAsync<T>(SqlText query, Func<SqlRow, T> read, CancellationToken cancellationToken) =>
        new(Query(query, read));

    public override ValueTask<T?> FirstAsync<T>(SqlText query, Func<SqlRow, T> read, CancellationToken cancellationToken)
        where T : default
    {
        var statement = Begin(query);
        try
        {
            return new(ReadFirst(statement, read));
        }
        finally
        {
            End(query, statement);
        }
    }

    public override ValueTask VisitAsync(SqlText query, Action<SqlRow> visit, CancellationToken cancellationToken)
    {
        var statement = Begin(query);
        try
        {
            while (statement.Step())
                visit(statement);
        }
        finally
        {
            statement.Reset();
            End(query, statement);
        }

        return ValueTask.CompletedTask;
    }

    public override ValueTask ExecuteAsync(SqlText statement, CancellationToken cancellationToken)
    {
        var prepared = Begin(statement);
        try
        {
            prepared.Execute();
        }
        finally
        {
            End(statement, prepared);
        }

        return ValueTask.CompletedTask;
    }

    public override ValueTask InsertAsync(SqlTable table, IReadOnlyList<object?[]> rows, CancellationToken cancellationToken)
    {
        var statement = Prepare(table.Name is SqlTable.MetricLog ? InsertLog : table.InsertText);
        foreach (var row in rows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (var i = 0; i < row.Length; i++)
                statement.Bind(i + 1, row[i]);
            statement.Execute();
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc cref="QueryAsync"/>
    public List<T> Query<T>(SqlText query, Func<SqlRow, T> read)
    {
        var statement = Begin(query);
        try
        {
            return ReadAll(statement, read);
        }
        finally
        {
            End(query, statement);
        }
    }

    /// <summary>Reads the rows of a prepared statement whose parameters are bound.</summary>
    public static List<T> ReadAll<T>(SqliteStatement statement, Func<SqliteStatement, T> read)
    {
        var rows = new List<T>();
        try
        {
            while (statement.Step())
                rows.Add(read(statement));
        }
        finally
        {
            statement.Reset();
        }

        return rows;
    }

    /// <summary>Reads the first row of a prepared statement whose parameters are bound; null when there is none.</summary>
    public static T? ReadFirst<T>(SqliteStatement statement, Func<SqliteStatement, T> read)
    {
        try
        {
            return statement.Step() ? read(statement) : default;
        }
        finally
        {
            statement.Reset();
        }
    }

    public void Execute(string sql) => Prepare(sql).Execute();

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
            statement.Dispose();
        Connection.Dispose();
    }

    /// <summary>The statement with its values; <see cref="End"/> follows.</summary>
    private SqliteStatement Begin(SqlText text)
    {
        var statement = text.IsFixed ? Prepare(text.Sql) : new SqliteStatement(Connection.Handle!, text.Sql);
        try
        {
            statement.Bind(text);
            return statement;
        }
        catch
        {
            End(text, statement);
            throw;
        }
    }

    private static void End(SqlText text, SqliteStatement statement)
    {
        if (!text.IsFixed)
            statement.Dispose();
    }
}
