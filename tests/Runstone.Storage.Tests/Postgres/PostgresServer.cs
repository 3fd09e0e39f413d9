using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Runstone.Storage.Postgres;

namespace Runstone.Storage.Tests.Postgres;

/// <summary>
/// The server that RUNSTONE_TEST_POSTGRES names. Each test takes a database of its own, made from a template that was migrated
/// once a process.
/// </summary>
internal static class PostgresServer
{
    private static readonly string Prefix = $"rs_{Environment.ProcessId}_{Random.Shared.Next(0x1000000):x}";
    private static readonly Lazy<Task<string>> Template = new(MakeTemplateAsync);
    private static int _databases;

    private static string? Address => Environment.GetEnvironmentVariable("RUNSTONE_TEST_POSTGRES") is { Length: > 0 } address ? address : null;

    /// <summary>Skips the test when there is no server; where everything must run, it fails.</summary>
    public static void Require()
    {
        if (Address is not null)
            return;
        const string Reason = "RUNSTONE_TEST_POSTGRES names no server.";
        Assert.SkipUnless(string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase), Reason);
        Assert.Fail(Reason);
    }

    /// <summary>A database with an empty store.</summary>
    public static async Task<PostgresTestDatabase> CreateAsync()
    {
        Require();
        var template = await Template.Value;
        return await CreateAsync($"template {template} encoding 'UTF8'");
    }

    /// <summary>A database as the options of CREATE DATABASE make it.</summary>
    public static async Task<PostgresTestDatabase> CreateAsync(string options)
    {
        Require();
        var name = $"{Prefix}_{Interlocked.Increment(ref _databases)}";
        await ExecuteAsync($"create database {name} {options}");
        return new PostgresTestDatabase(name, ConnectionString(name));
    }

    public static Task DropAsync(string name) => ExecuteAsync($"drop database if exists {name} with (force)");

    public static string ConnectionString(string database) =>
        new NpgsqlConnectionStringBuilder(Address) { Database = database, MaxPoolSize = 12, ConnectionIdleLifetime = 5, ConnectionPruningInterval = 2 }.ConnectionString;

    private static async Task<string> MakeTemplateAsync()
    {
        var database = await CreateAsync("template template0 encoding 'UTF8' locale 'C.UTF-8'");
        await using (await database.OpenAsync())
        {
        }

        await using var connection = new NpgsqlConnection(database.ConnectionString);
        NpgsqlConnection.ClearPool(connection);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => DropAsync(database.Name).Wait(TimeSpan.FromSeconds(5));
        return database.Name;
    }

    private static async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(Address) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 60 };
        await command.ExecuteNonQueryAsync();
    }
}

/// <summary>A database that is dropped with the test.</summary>
internal sealed class PostgresTestDatabase(string name, string connectionString) : IAsyncDisposable
{
    public string Name => name;

    public string ConnectionString => connectionString;

    public Task<PostgresStore> OpenAsync() => PostgresStore.OpenAsync(
        new PostgresStoreOptions { ConnectionString = connectionString }, TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None);

    /// <summary>The first column of all rows.</summary>
    public async Task<List<T>> QueryAsync<T>(string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync())
            rows.Add(reader.GetFieldValue<T>(0));
        return rows;
    }

    public async ValueTask DisposeAsync() => await PostgresServer.DropAsync(name);
}
