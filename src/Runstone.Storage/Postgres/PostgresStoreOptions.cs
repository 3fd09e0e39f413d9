namespace Runstone.Storage.Postgres;

/// <summary>How a node reaches the database that it shares with other nodes.</summary>
public sealed record PostgresStoreOptions
{
    /// <summary>
    /// A connection string of Npgsql. Several hosts are tried for the one that accepts writes. It may lead through a pooler, also
    /// one that gives a connection for a transaction only.
    /// </summary>
    public required string ConnectionString { get; init; }

    /// <summary>
    /// An address without a pooler between, for LISTEN, which needs a connection of its own; null when
    /// <see cref="ConnectionString"/> is one.
    /// </summary>
    public string? ListenConnectionString { get; init; }

    /// <summary>How long a request waits for a lost database to come back before it fails. Default 10 s.</summary>
    public TimeSpan RetryFor { get; init; } = TimeSpan.FromSeconds(10);
}
