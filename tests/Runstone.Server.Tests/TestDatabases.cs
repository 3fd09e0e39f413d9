using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using Npgsql;

namespace Runstone.Server.Tests;

/// <summary>
/// Databases for tests, each for one at a time. One that a test is done with gets the rows back that a new one has, instead of several hundred files being
/// made and removed. One whose tables are no longer those of a new one is dropped.
/// </summary>
/// <param name="connect">A connection string to a database by its name.</param>
/// <param name="migrate">Brings a new database up to date.</param>
internal sealed class TestDatabases(Func<string, string> connect, Func<string, Task> migrate)
{
    /// <summary>What a new database has: its rows, and where its sequences stand, in a schema that the server does not look into.</summary>
    private const string Remember =
        """
        create schema pristine;
        create function pristine.tables() returns table (name text) language sql as $$
            select c.relname::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition order by 1 $$;
        create function pristine.shape() returns text language sql as $$
            select md5(string_agg(concat_ws(' ', c.relname, c.relkind, a.attname, a.atttypid, a.attnotnull), ',' order by c.relname, a.attnum))
            from pg_class c join pg_namespace n on n.oid = c.relnamespace left join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
            where n.nspname = 'public' $$;
        do $$
        declare t text; found boolean;
        begin
            for t in select name from pristine.tables() loop
                execute format('select exists (select 1 from public.%I)', t) into found;
                if found then execute format('create table pristine.%I as table public.%I', t, t); end if;
            end loop;
        end $$;
        create table pristine.seen as select pristine.shape() as shape;
        create table pristine.sequences as select sequencename::text as name, last_value, start_value from pg_sequences where schemaname = 'public';
        """;

    /// <summary>Foreign keys are not looked at meanwhile: what is left has none that lead nowhere.</summary>
    private const string Restore =
        """
        do $$
        declare t text; found boolean; s record;
        begin
            if pristine.shape() <> (select shape from pristine.seen) then raise exception 'the tables are others by now'; end if;
            perform set_config('session_replication_role', 'replica', true);
            for t in select name from pristine.tables() loop
                execute format('select exists (select 1 from public.%I)', t) into found;
                if found then execute format('delete from public.%I', t); end if;
                if to_regclass(format('pristine.%I', t)) is not null and t not in ('sequences', 'seen') then
                    execute format('insert into public.%I overriding system value select * from pristine.%I', t, t);
                end if;
            end loop;
            for s in select * from pristine.sequences loop
                perform setval(format('public.%I', s.name)::regclass, coalesce(s.last_value, s.start_value), s.last_value is not null);
            end loop;
        end $$;
        """;

    private const string SendAway = "select count(pg_terminate_backend(pid, 5000)) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()";

    private readonly ConcurrentBag<string> _clean = [];
    private readonly ConcurrentDictionary<string, bool> _all = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _one = new(1);
    private string? _template;

    /// <summary>The name of a database that has what a new one has.</summary>
    public async Task<string> TakeAsync()
    {
        if (_clean.TryTake(out var clean))
            return clean;
        await _one.WaitAsync();
        try
        {
            _template ??= await MakeTemplateAsync();
            var name = NewName();
            await ExecuteAsync(null, $"CREATE DATABASE {name} TEMPLATE {_template}");
            _all[name] = true;
            return name;
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Takes a database back.</summary>
    public async Task ReturnAsync(string name)
    {
        try
        {
            await ExecuteAsync(name, SendAway);
            await ExecuteAsync(name, Restore);
            _clean.Add(name);
        }
        catch (PostgresException)
        {
            await DropAsync(name);
        }
    }

    private async Task<string> MakeTemplateAsync()
    {
        var name = NewName();
        await ExecuteAsync(null, $"CREATE DATABASE {name}");
        _all[name] = true;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => DropAllAsync().GetAwaiter().GetResult();
        await migrate(name);
        await ExecuteAsync(name, SendAway);
        await ExecuteAsync(name, Remember);
        return name;
    }

    private async Task DropAllAsync()
    {
        foreach (var name in _all.Keys)
            await DropAsync(name);
    }

    private async Task DropAsync(string name)
    {
        _all.TryRemove(name, out _);
        await ExecuteAsync(null, $"DROP DATABASE IF EXISTS {name} WITH (FORCE)");
    }

    private static string NewName() => string.Create(CultureInfo.InvariantCulture, $"t{Environment.ProcessId}_{RandomNumberGenerator.GetHexString(12, lowercase: true)}");

    /// <summary>Executes in the database, or (null) in the one that the server was named with.</summary>
    private async Task ExecuteAsync(string? database, string sql)
    {
        var named = new NpgsqlConnectionStringBuilder(connect(database ?? "")) { Pooling = false, CommandTimeout = 120 };
        await using var connection = new NpgsqlConnection(named.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
