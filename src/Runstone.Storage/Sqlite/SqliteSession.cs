using Microsoft.Data.Sqlite;
using Runstone.Storage.Sql;

namespace Runstone.Storage.Sqlite;

/// <summary>One connection with its functions registered and its prepared statements. Used by one caller at a time.</summary>
internal sealed class SqliteSession : IDisposable
{
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

    /// <summary>Runs a statement that was put together for one search and reads its rows.</summary>
    public List<T> Query<T>(SqlText query, Func<SqliteStatement, T> read)
    {
        using var statement = new SqliteStatement(Connection.Handle!, query.Sql);
        for (var i = 0; i < query.Values.Count; i++)
            statement.Bind(SqlParameters.Name(i), query.Values[i]!);
        return ReadAll(statement, read);
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
}
