using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Runstone.Load;
using Runstone.Storage;

namespace Runstone.MetricsBench;

/// <summary>A database engine: makes new stores on it.</summary>
/// <param name="Name">"SQLite" or "PostgreSQL".</param>
/// <param name="Folder">Where data folders are made.</param>
/// <param name="Database">For PostgreSQL a database whose user may create others.</param>
internal sealed record Engine(string Name, string Folder, string? Database)
{
    private readonly PostgresTime? _time = Database is null ? null : PostgresTime.Find(Database);
    private int _places;

    public bool IsPostgres => Database is not null;

    /// <summary>Processor time of the database server so far; zero where there is none.</summary>
    public TimeSpan DatabaseTime => _time?.Total ?? default;

    /// <summary>A new, empty store; gone when disposed of.</summary>
    public Place NewPlace()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"runstone_bench_{Environment.ProcessId}_{++_places}");
        var folder = Directory.CreateDirectory(Path.Combine(Folder, name)).FullName;
        if (Database is null)
            return new Place(folder, null, null);
        Execute($"create database {name}");
        var address = new NpgsqlConnectionStringBuilder(Database) { Database = name }.ConnectionString;
        return new Place(folder, address, () => Execute($"drop database {name} with (force)"));
    }

    private void Execute(string sql)
    {
        using var connection = new NpgsqlConnection(Database);
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 60 };
        command.ExecuteNonQuery();
    }
}

/// <summary>One store: a data folder, and on PostgreSQL a database.</summary>
internal sealed class Place(string folder, string? database, Action? drop) : IDisposable
{
    public string Folder => folder;

    public string? Database => database;

    public Task<RunstoneStorage> OpenAsync() => RunstoneStorage.OpenAsync(
        new StorageOptions { Data = folder, Database = database is null ? null : DatabaseAddress.Parse(database, out _) },
        TimeProvider.System, NullLoggerFactory.Instance, default);

    /// <summary>Starts a server on the store.</summary>
    public ServerProcess Start(string server, params string[] options) =>
        ServerProcess.Start(server, folder, database is null ? options : ["--database", database, .. options]);

    public void Dispose()
    {
        if (drop is not null)
        {
            NpgsqlConnection.ClearAllPools();
            drop();
        }

        Directory.Delete(folder, recursive: true);
    }
}
