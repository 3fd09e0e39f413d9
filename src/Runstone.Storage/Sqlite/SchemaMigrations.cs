using System.Reflection;
using DbUp;
using DbUp.Engine;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Runstone.Core.Errors;

namespace Runstone.Storage.Sqlite;

/// <summary>
/// Brings the schema up to this program's version: numbered scripts, forward only, each in a transaction. Runs while the data
/// folder is locked, so never twice at once.
/// </summary>
internal sealed partial class SchemaMigrations(string path, ILogger logger)
{
    private const string Prefix = "Runstone.Storage.Sqlite.Migrations.";
    private static readonly Assembly Assembly = typeof(SchemaMigrations).Assembly;

    /// <summary>The scripts of this program, oldest first: "0001-initial".</summary>
    public static IReadOnlyList<string> Known { get; } =
        [.. Assembly.GetManifestResourceNames().Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)).Select(NameOf).Order(StringComparer.Ordinal)];

    public static string ProgramVersion { get; } =
        Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0.0.0";

    /// <summary>Runs what is missing; <paramref name="now"/> (Unix ms) is when the experiment 0 of a new store was made.</summary>
    public void Run(long now)
    {
        var connectionString = new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString();
        var applied = ReadApplied(connectionString);
        RefuseNewer(connectionString, applied);
        if (applied.Count < Known.Count)
            Upgrade(connectionString);
        if (applied.Count == 0)
            WriteFirstExperiment(connectionString, now);
        if (applied.Count < Known.Count || !string.Equals(ReadProgramVersion(connectionString), ProgramVersion, StringComparison.Ordinal))
            WriteProgramVersion(connectionString);
    }

    private void Upgrade(string connectionString)
    {
        var result = DeployChanges.To.SqliteDatabase(connectionString)
            .WithScripts(Known.Select(name => new SqlScript(name, ReadScript(name))))
            .WithTransactionPerScript()
            .LogToNowhere()
            .Build()
            .PerformUpgrade();
        if (!result.Successful)
        {
            throw new RunstoneException(
                new Error(ErrorCode.Unavailable, $"The schema of '{path}' could not be brought to {Known[^1]}: {result.Error.Message}"), result.Error);
        }

        LogUpgraded(path, Known[^1]);
    }

    private void RefuseNewer(string connectionString, IReadOnlyList<string> applied)
    {
        var unknown = applied.Except(Known, StringComparer.Ordinal).Order(StringComparer.Ordinal).LastOrDefault();
        if (unknown is null)
            return;
        var writer = ReadProgramVersion(connectionString) ?? "a newer version";
        throw new RunstoneException(new Error(
            ErrorCode.Unavailable,
            $"'{path}' was written by Runstone {writer} (schema {unknown}); this is Runstone {ProgramVersion} (schema {Known[^1]}). "
            + "Start the newer version, or use another data folder."));
    }

    private static List<string> ReadApplied(string connectionString) =>
        Query(connectionString, "SchemaVersions", "select ScriptName from SchemaVersions");

    private static string? ReadProgramVersion(string connectionString) =>
        Query(connectionString, "store_info", "select value from store_info where name = 'program_version'").FirstOrDefault();

    private static void WriteProgramVersion(string connectionString)
    {
        using var connection = new SqliteConnection(connectionString);
        connection.Open();
        using var statement = new SqliteStatement(
            connection.Handle!, "insert into store_info (name, value) values ('program_version', @version) on conflict (name) do update set value = excluded.value");
        statement.Bind(1, ProgramVersion).Execute();
    }

    private static void WriteFirstExperiment(string connectionString, long now)
    {
        using var connection = new SqliteConnection(connectionString);
        connection.Open();
        using var statement = new SqliteStatement(
            connection.Handle!,
            "insert into experiment (id, name, lifecycle, created_at, updated_at) values (0, 'Default', 0, @now, @now) on conflict (id) do nothing");
        statement.Bind(1, now).Execute();
    }

    private static List<string> Query(string connectionString, string table, string sql)
    {
        using var connection = new SqliteConnection(connectionString);
        connection.Open();
        using (var exists = new SqliteStatement(connection.Handle!, "select 1 from sqlite_master where type = 'table' and name = @table"))
        {
            if (SqliteSession.ReadAll(exists.Bind(1, table), _ => true).Count == 0)
                return [];
        }

        using var statement = new SqliteStatement(connection.Handle!, sql);
        return SqliteSession.ReadAll(statement, row => row.Text(0));
    }

    private static string ReadScript(string name)
    {
        using var reader = new StreamReader(Assembly.GetManifestResourceStream($"{Prefix}{name}.sql")!);
        return reader.ReadToEnd();
    }

    private static string NameOf(string resource) => resource[Prefix.Length..^".sql".Length];

    [LoggerMessage(2001, LogLevel.Information, "The schema of {Path} is now {Schema}.")]
    private partial void LogUpgraded(string path, string schema);
}
