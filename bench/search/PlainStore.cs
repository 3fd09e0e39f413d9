using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Npgsql;
using Runstone.Storage;

namespace Runstone.SearchBench;

/// <summary>
/// The limit: the engine's own driver, one connection, statements written for the one question, in the process of the measurement, without
/// HTTP, JSON or the run's other facts. It goes from the index of the order to the runs and looks up what is asked of each.
/// </summary>
internal sealed class PlainStore : IDisposable
{
    private readonly DbConnection _connection;

    private PlainStore(DbConnection connection) => _connection = connection;

    public static async Task<PlainStore> OpenAsync(DatabaseAddress? database, string file)
    {
        DbConnection connection = database is null
            ? new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString())
            : new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync();
        return new PlainStore(connection);
    }

    public void Dispose() => _connection.Dispose();

    /// <summary>The milliseconds it takes to read all rows of the statements, the numbers of the first one's rows put into the next at {0}.</summary>
    public async Task<double> TimeAsync(string find, params string[] read)
    {
        var started = Stopwatch.GetTimestamp();
        var numbers = new List<string>();
        await VisitAsync(find, row => numbers.Add(row.GetInt64(0).ToString(CultureInfo.InvariantCulture)));
        var listed = numbers.Count == 0 ? "-1" : string.Join(',', numbers);
        foreach (var statement in read)
            await VisitAsync(string.Format(CultureInfo.InvariantCulture, statement, listed), row => row.GetInt64(0));
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    private async Task VisitAsync(string sql, Action<DbDataReader> visit)
    {
        await using var command = _connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync();
        var values = new object[reader.FieldCount];
        while (await reader.ReadAsync())
        {
            visit(reader);
            reader.GetValues(values);
        }
    }
}
