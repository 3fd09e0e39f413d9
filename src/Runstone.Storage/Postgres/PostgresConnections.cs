using System.Data.Common;
using Npgsql;
using Runstone.Core.Errors;

namespace Runstone.Storage.Postgres;

/// <summary>
/// The connections of one node: a pool without session state, so that a pooler which gives a connection for a transaction may
/// stand between, and connections beside it for what needs one of its own.
/// </summary>
internal sealed class PostgresConnections : IAsyncDisposable
{
    // What an operator did not choose. Dead peers are noticed within seconds; a promotion is found at the next look at the hosts.
    private static readonly (string Key, object Value)[] Defaults =
    [
        ("Application Name", "runstone"), ("Timeout", 5), ("Command Timeout", 30), ("Tcp Keepalive", true), ("Tcp Keepalive Time", 5),
        ("Tcp Keepalive Interval", 1), ("Host Recheck Seconds", 1), ("No Reset On Close", true),
    ];

    // Npgsql's own preparing is off unless an operator chose it. It takes every text, and each connection keeps 100 as candidates beside
    // those that it prepared; the text of one search may have a hundred thousand characters. So fixed statements are prepared by
    // name, and searches never (docs/design/accepted/0007).
    private const string AutoPrepare = "Max Auto Prepare";

    /// <summary>What the connection calls itself on which a node hears of others, as long as the node runs.</summary>
    public const string Listener = "runstone-node";

    private readonly NpgsqlDataSource _root;
    private readonly NpgsqlConnectionStringBuilder _alone;
    private readonly TargetSessionAttributes _target;

    private PostgresConnections(NpgsqlConnectionStringBuilder pool, bool prepares, NpgsqlConnectionStringBuilder alone, TargetSessionAttributes target)
    {
        (_root, Pool) = Build(pool, target);
        (Prepares, _alone, _target) = (prepares, alone, target);
        (Place, ApartPlace) = (Name(pool), Name(alone));
    }

    /// <summary>Hosts and database, for people: no secrets.</summary>
    public string Place { get; }

    /// <summary>The same of the connections beside the pool, which may go past a pooler.</summary>
    public string ApartPlace { get; }

    /// <summary>The pool; of several hosts, those that accept writes.</summary>
    public NpgsqlDataSource Pool { get; }

    /// <summary>Whether a connection of the pool may keep statements for its next user.</summary>
    public bool Prepares { get; }

    /// <summary>
    /// Reads the options; nothing is opened. <paramref name="pooled"/> says that a pooler stands between, which may not know the
    /// statements that another connection prepared.
    /// </summary>
    public static PostgresConnections Create(PostgresStoreOptions options, bool pooled)
    {
        var pool = Read(options.ConnectionString, "database", out var target);
        var alone = options.ListenConnectionString is { } listen ? Read(listen, "database-listen", out target) : Copy(pool);
        alone.ApplicationName = Listener;
        alone.Pooling = false;
        alone.KeepAlive = 10;
        alone.MaxAutoPrepare = 0;
        var chosen = new DbConnectionStringBuilder { ConnectionString = pool.ConnectionString }.ContainsKey(AutoPrepare);
        return new PostgresConnections(pool, chosen ? pool.MaxAutoPrepare > 0 : !pooled, alone, target);
    }

    /// <summary>A data source for connections that are opened for one purpose and closed after it, past any pooler.</summary>
    public NpgsqlDataSource Apart() => Build(_alone, _target).Root;

    /// <summary>The same from a data source that <see cref="Apart"/> gave.</summary>
    public ValueTask<NpgsqlConnection> OpenApartAsync(NpgsqlDataSource apart, CancellationToken cancellationToken) =>
        apart is NpgsqlMultiHostDataSource many ? many.OpenConnectionAsync(_target, cancellationToken) : apart.OpenConnectionAsync(cancellationToken);

    public async ValueTask DisposeAsync() => await _root.DisposeAsync();

    private static NpgsqlConnectionStringBuilder Read(string text, string option, out TargetSessionAttributes target)
    {
        var address = DatabaseAddress.Parse(text, out var fault)
            ?? throw new RunstoneException(Error.Invalid(option, $"--{option}: {fault}. Write it as in {DatabaseAddress.Example}"));
        var parts = new NpgsqlConnectionStringBuilder(address.ConnectionString);
        var given = new DbConnectionStringBuilder { ConnectionString = address.ConnectionString };
        foreach (var (key, value) in Defaults)
        {
            if (!given.ContainsKey(key))
                parts[key] = value;
        }

        target = Target(parts.TargetSessionAttributes, option);
        parts.TargetSessionAttributes = null;
        parts.Remove("Target Session Attributes");
        return parts;
    }

    /// <summary>Only a host that accepts writes serves: every read sees the writes acknowledged before it.</summary>
    private static TargetSessionAttributes Target(string? given, string option) => given?.Replace("-", "", StringComparison.Ordinal).ToUpperInvariant() switch
    {
        null or "PRIMARY" => TargetSessionAttributes.Primary,
        "READWRITE" => TargetSessionAttributes.ReadWrite,
        "ANY" => TargetSessionAttributes.Any,
        _ => throw new RunstoneException(Error.Invalid(
            option, $"--{option}: Target Session Attributes is '{given}'. Leave it out, or use 'primary' or 'read-write': a node writes to the host it reads from.")),
    };

    private static (NpgsqlDataSource Root, NpgsqlDataSource Target) Build(NpgsqlConnectionStringBuilder parts, TargetSessionAttributes target)
    {
        var builder = new NpgsqlDataSourceBuilder(parts.ConnectionString);
        if (!parts.Host!.Contains(',', StringComparison.Ordinal))
        {
            var single = builder.Build();
            return (single, single);
        }

        var root = builder.BuildMultiHost();
        return (root, root.WithTargetSession(target));
    }

    private static NpgsqlConnectionStringBuilder Copy(NpgsqlConnectionStringBuilder parts) => new(parts.ConnectionString);

    private static string Name(NpgsqlConnectionStringBuilder parts) => DatabaseAddress.Parse(parts.ConnectionString, out _)!.ToString();
}
