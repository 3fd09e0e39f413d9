using Runstone.Cli.Output;
using Runstone.Core.Errors;
using Runstone.Server.Hosting;
using Runstone.Storage;
using Runstone.Storage.Postgres;

namespace Runstone.Cli.Diagnosis;

/// <summary>Whether nodes can work on a PostgreSQL database, and keep what they acknowledge.</summary>
internal static class DatabaseCheck
{
    private const string Check = "database";
    private const int OldestVersion = 150_000;

    private static readonly TimeSpan MostSkew = TimeSpan.FromSeconds(2);

    // The one on which a node listens for changes.
    private const int BesidePool = 1;

    public static async Task<IReadOnlyList<Finding>> RunAsync(ServerOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        if (options.Database is not { } address)
            return [];
        var (facts, failure) = await ReadAsync(address, time, cancellationToken);
        if (facts is null)
            return [failure!];
        var findings = new List<Finding>
        {
            Finding.Ok(Check, Say.Invariant($"{address} answers within {facts.RoundTrip.TotalMilliseconds:0} ms: PostgreSQL {facts.Version}, user {facts.User}")),
        };
        findings.AddRange(Judge(facts));
        findings.AddRange(Durability(facts));
        findings.Add(Connections(facts, address.PoolSize));
        findings.Add(await LiveChangesAsync(facts, options, time, cancellationToken));
        return findings;
    }

    /// <summary>Whether it is a database that a node accepts.</summary>
    internal static IEnumerable<Finding> Judge(DatabaseFacts facts)
    {
        if (facts.VersionNumber < OldestVersion)
            yield return Finding.Fail(Check, $"PostgreSQL {facts.Version} is too old", "Upgrade it to version 15 or newer.");
        if (facts.Encoding != "UTF8")
            yield return Finding.Fail(Check, $"the database has the encoding {facts.Encoding}", "Create another one: CREATE DATABASE ... ENCODING 'UTF8' TEMPLATE template0.");
        if (facts.IsStandby)
            yield return Finding.Fail(Check, "this is a standby: nothing can be written to it", "Name the primary in the connection string, or all hosts of the cluster: Host=a,b.");
        else if (facts.IsReadOnly)
            yield return Finding.Fail(Check, "transactions are read-only here", "Set default_transaction_read_only = off for the user and the database, or name the primary.");
        if (!facts.MayCreateTables)
            yield return Finding.Fail(Check, $"the user {facts.User} may not create tables", $"Make it the owner: ALTER DATABASE ... OWNER TO \"{facts.User}\".");
        yield return Schema(facts);
        if (facts.IncompleteCopyOf is { } source)
            yield return Finding.Fail(Check, $"this is an incomplete copy of '{source}'; no server opens it", "Run the same 'runstone admin copy' (or restore) again until it says that the copy is complete.");
        yield return facts.ClockSkew.Duration() - (facts.RoundTrip / 2) < MostSkew
            ? Finding.Ok("clock", "the database's clock agrees with this machine's")
            : Finding.Warn(
                "clock", Say.Invariant($"the database's clock is {facts.ClockSkew.Duration().TotalSeconds:0} seconds {(facts.ClockSkew > TimeSpan.Zero ? "ahead" : "behind")}"),
                "Set the clocks of all machines by the network (NTP): times of runs come from the nodes.");
    }

    /// <summary>Whether a commit that PostgreSQL reports survives a loss of power.</summary>
    internal static IEnumerable<Finding> Durability(DatabaseFacts facts)
    {
        if (!facts.Fsync)
            yield return Finding.Fail("durability", "fsync is off: a loss of power destroys the database", "Set fsync = on in postgresql.conf.");
        if (!facts.FullPageWrites)
            yield return Finding.Fail("durability", "full_page_writes is off: a loss of power can leave half a page", "Set full_page_writes = on in postgresql.conf.");
        if (facts.SynchronousCommit == "off")
            yield return Finding.Fail("durability", "synchronous_commit is off: what was acknowledged can be lost", "Set synchronous_commit = on for the database and the user.");
        if (facts is { Fsync: true, FullPageWrites: true, SynchronousCommit: not "off" })
            yield return Finding.Ok("durability", $"what is acknowledged is on disk (synchronous_commit is {facts.SynchronousCommit})");
    }

    /// <summary>Whether the pools of some nodes fit.</summary>
    internal static Finding Connections(DatabaseFacts facts, int pool)
    {
        var node = pool + BesidePool;
        var said = Say.Invariant($"a node uses up to {node} connections (Maximum Pool Size {pool}); {facts.MaxConnections} are allowed, {facts.Connections} open now");
        if (facts.IsPooled)
            return Finding.Ok("connections", $"{said}; a pooler stands between, whose own limits count");
        return node <= facts.MaxConnections
            ? Finding.Ok("connections", Say.Invariant($"{said}: room for {Say.Count(facts.MaxConnections / node, "node")}"))
            : Finding.Fail("connections", said, "Lower Maximum Pool Size in the connection string, or raise max_connections.");
    }

    private static Finding Schema(DatabaseFacts facts) => facts.Schema switch
    {
        null => Finding.Ok("schema", "there is none yet; the first node that starts makes it"),
        var schema when schema == DatabaseFacts.NewestSchema => Finding.Ok("schema", $"{schema}, the one of this program"),
        var schema when string.CompareOrdinal(schema, DatabaseFacts.NewestSchema) < 0 => Finding.Ok(
            "schema", $"{schema}; a node of this version brings it to {DatabaseFacts.NewestSchema} when it starts"),
        var schema => Finding.Warn(
            "schema", $"{schema} is newer than {DatabaseFacts.NewestSchema}, which this program knows", "Upgrade this node too; the newer version decides whether it may run until then."),
    };

    private static async Task<Finding> LiveChangesAsync(DatabaseFacts facts, ServerOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        const string check = "live changes";
        if (options.DatabaseListen is not { } listen)
        {
            return facts.IsPooled
                ? Finding.Warn(check, "a pooler stands between; in transaction mode pages do not see what other nodes write", "Name a direct address of the database with --database-listen.")
                : Finding.Ok(check, "nodes tell each other through the database");
        }

        var (direct, failure) = await ReadAsync(listen, time, cancellationToken);
        if (direct is null)
            return failure! with { Check = check };
        if (direct.IsPooled)
            return Finding.Fail(check, $"--database-listen ({listen}) leads through a pooler too", "Name the address of PostgreSQL itself.");
        return direct.Identity == facts.Identity
            ? Finding.Ok(check, $"nodes tell each other through {listen}")
            : Finding.Fail(check, $"--database-listen ({listen}) is another database than --database", "Name the same database, past the pooler.");
    }

    private static async Task<(DatabaseFacts? Facts, Finding? Failure)> ReadAsync(DatabaseAddress address, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            return (await DatabaseFacts.ReadAsync(address, time, cancellationToken), null);
        }
        catch (RunstoneException e)
        {
            return (null, Finding.Fail(Check, e.Message, "No node starts until this is put right."));
        }
    }
}
