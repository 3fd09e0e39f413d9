using DbUp;
using DbUp.Engine;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Runstone.Core.Errors;
using Runstone.Storage.Sql;

namespace Runstone.Storage.Sqlite;

/// <summary>
/// Brings the schema up to this program's version: numbered scripts, forward only, each in a transaction. Runs while the data
/// folder is locked, so never twice at once.
/// </summary>
internal sealed partial class SchemaMigrations(string path, ILogger logger)
{
    // At once: the first script makes store_info in the transaction of all its tables.
    private const string Foreign =
        """
        select name from sqlite_master where type = 'table' and name not like 'sqlite\_%' escape '\' and name <> 'SchemaVersions'
           and not exists (select 1 from sqlite_master where name = 'store_info')
         order by name limit 4
        """;

    private static readonly SchemaRule Rule = new("Sqlite");

    /// <summary>The scripts of this program, oldest first: "0001-initial".</summary>
    public static IReadOnlyList<string> Known => Rule.Known;

    /// <summary>Runs what is missing; <paramref name="now"/> (Unix ms) is when the experiment 0 of a new store was made.</summary>
    public void Run(SchemaUse use, long now)
    {
        var connectionString = new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString();
        SchemaRule.RefuseForeign(Read(connectionString, Foreign), path);
        var applied = ReadApplied(connectionString);
        // Written last: without it the store was never made to the end.
        var writer = ReadInfo(connectionString, "program_version");
        if (use is not SchemaUse.Upgrade && writer is not null)
            Rule.RequireCurrent(applied, writer, path);
        Rule.RefuseIncompatible(
            applied, ReadInfo(connectionString, "oldest_schema"), writer, path,
            "Start the newer version, or use another data folder.");
        if (Rule.IsNewer(applied))
            return;
        if (applied.Count < Known.Count)
            Upgrade(connectionString);
        if (writer is null)
            WriteFirstExperiment(connectionString, now);
        if (applied.Count < Known.Count || !string.Equals(writer, SchemaRule.ProgramVersion, StringComparison.Ordinal))
            WriteProgramVersion(connectionString);
    }

    /// <summary>Throws when the backup in the place was made by a program with a newer schema.</summary>
    public static void RefuseNewer(string schema, string writer, string place) => Rule.RefuseNewer(schema, writer, place);

    /// <summary>Throws when the file, which is only read, has not the schema of this program.</summary>
    public static void RequireCurrent(string path)
    {
        var connectionString = new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, Mode = SqliteOpenMode.ReadOnly }.ToString();
        Rule.RequireCurrent(ReadApplied(connectionString), ReadInfo(connectionString, "program_version"), path);
    }

    private void Upgrade(string connectionString)
    {
        var result = DeployChanges.To.SqliteDatabase(connectionString)
            .WithScripts(Known.Select(name => new SqlScript(name, Rule.ReadScript(name))))
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

    private static List<string> ReadApplied(string connectionString) =>
        Query(connectionString, "SchemaVersions", "select ScriptName from SchemaVersions");

    private static string? ReadInfo(string connectionString, string name) =>
        Query(connectionString, "store_info", "select value from store_info where name = @name", name).FirstOrDefault();

    private static void WriteProgramVersion(string connectionString)
    {
        using var connection = new SqliteConnection(connectionString);
        connection.Open();
        using var statement = new SqliteStatement(
            connection.Handle!, "insert into store_info (name, value) values ('program_version', @version) on conflict (name) do update set value = excluded.value");
        statement.Bind(1, SchemaRule.ProgramVersion).Execute();
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

    private static List<string> Query(string connectionString, string table, string sql, string? value = null) =>
        Read(connectionString, "select name from sqlite_master where type = 'table' and name = @table", table).Count == 0
            ? []
            : Read(connectionString, sql, value);

    private static List<string> Read(string connectionString, string sql, string? value = null)
    {
        using var connection = new SqliteConnection(connectionString);
        connection.Open();
        using var statement = new SqliteStatement(connection.Handle!, sql);
        if (value is not null)
            statement.Bind(1, value);
        return SqliteSession.ReadAll(statement, row => row.Text(0));
    }

    [LoggerMessage(2001, LogLevel.Information, "The schema of {Path} is now {Schema}.")]
    private partial void LogUpgraded(string path, string schema);
}
