using DbUp;
using DbUp.Engine;
using DbUp.Postgresql;
using Microsoft.Extensions.Logging;
using Npgsql;
using Runstone.Core.Errors;
using Runstone.Storage.Sql;

namespace Runstone.Storage.Postgres;

/// <summary>
/// Brings the schema up to this program's version: numbered scripts, forward only, each in a transaction, while a second
/// connection holds a lock in a transaction of its own, so that nodes which start together run them once and no pooler is in
/// the way.
/// </summary>
internal sealed partial class PostgresMigrations(NpgsqlDataSource source, string place, ILogger logger)
{
    // At once: the first script makes store_info in the transaction of all its tables. Extensions may have tables of their own.
    private const string Foreign =
        """
        select c.relname::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where n.nspname = current_schema() and c.relkind in ('r', 'p') and c.relname <> 'schemaversions'
           and not exists (select 1 from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
           and not exists (select 1 from pg_class i where i.relnamespace = c.relnamespace and i.relname = 'store_info')
         order by 1 limit 4
        """;

    private static readonly SchemaRule Rule = new("Postgres");

    public static IReadOnlyList<string> Known => Rule.Known;

    public async Task RunAsync(SchemaUse use, CancellationToken cancellationToken)
    {
        if (use is not SchemaUse.Require)
            SchemaRule.RefuseForeign(await ReadAsync(Foreign, cancellationToken), place);
        var applied = await ReadAppliedAsync(cancellationToken);
        if (use is not SchemaUse.Upgrade)
        {
            // Written last: without it the store was never made to the end.
            var writer = await ReadInfoAsync("program_version", cancellationToken);
            if (use is SchemaUse.Require || writer is not null)
                Rule.RequireCurrent(applied, writer, place);
            if (use is SchemaUse.Require)
                return;
        }

        await RefuseIncompatibleAsync(applied, cancellationToken);
        if (IsCurrent(applied))
            return;
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var command = new NpgsqlCommand(PostgresLocks.Upgrade, connection) { CommandTimeout = 0 })
            await command.ExecuteNonQueryAsync(cancellationToken);

        // Another node may have run them while this one waited.
        applied = await ReadAppliedAsync(cancellationToken);
        await RefuseIncompatibleAsync(applied, cancellationToken);
        if (!IsCurrent(applied))
        {
            Upgrade();
            await WriteVersionAsync(cancellationToken);
        }
    }

    private static bool IsCurrent(List<string> applied) => Known.All(applied.Contains);

    private async Task RefuseIncompatibleAsync(List<string> applied, CancellationToken cancellationToken)
    {
        if (Rule.IsNewer(applied))
        {
            Rule.RefuseIncompatible(
                applied, await ReadInfoAsync("oldest_schema", cancellationToken), await ReadInfoAsync("program_version", cancellationToken), place,
                "Start the newer version, or use another database.");
        }
    }

    private void Upgrade()
    {
        var result = DeployChanges.To.PostgresqlDatabase(new PostgresqlConnectionManager(source))
            .WithScripts(Known.Select(name => new SqlScript(name, Rule.ReadScript(name))))
            .WithTransactionPerScript()
            .WithVariablesDisabled()
            .WithExecutionTimeout(TimeSpan.FromHours(12))
            .LogToNowhere()
            .Build()
            .PerformUpgrade();
        if (!result.Successful)
        {
            throw new RunstoneException(
                new Error(ErrorCode.Unavailable, $"The schema of '{place}' could not be brought to {Known[^1]}: {result.Error.Message}"), result.Error);
        }

        LogUpgraded(place, Known[^1]);
    }

    private async Task<List<string>> ReadAppliedAsync(CancellationToken cancellationToken) =>
        await ExistsAsync("schemaversions", cancellationToken) ? await ReadAsync("select scriptname::text from schemaversions", cancellationToken) : [];

    private async Task<string?> ReadInfoAsync(string name, CancellationToken cancellationToken) =>
        await ExistsAsync("store_info", cancellationToken)
            ? (await ReadAsync("select value from store_info where name = $1", cancellationToken, name)).FirstOrDefault()
            : null;

    private async Task<bool> ExistsAsync(string table, CancellationToken cancellationToken) =>
        (await ReadAsync("select coalesce(to_regclass($1)::text, '')", cancellationToken, table))[0].Length > 0;

    private async Task WriteVersionAsync(CancellationToken cancellationToken) => await ReadAsync(
        "insert into store_info (name, value) values ('program_version', $1) on conflict (name) do update set value = excluded.value",
        cancellationToken, SchemaRule.ProgramVersion);

    private async Task<List<string>> ReadAsync(string sql, CancellationToken cancellationToken, params string[] values)
    {
        await using var command = source.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter<string>(null!, value));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
            rows.Add(reader.GetString(0));
        return rows;
    }

    [LoggerMessage(2101, LogLevel.Information, "The schema of {Place} is now {Schema}.")]
    private partial void LogUpgraded(string place, string schema);
}
