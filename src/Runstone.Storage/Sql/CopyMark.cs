using Runstone.Core.Errors;

namespace Runstone.Storage.Sql;

/// <summary>
/// Notes in a store that it is the target of a copy. While <c>copying</c> stands there the store is incomplete and no server may
/// open it; <c>copied_from</c> says that it is complete, and that nothing was written to it since but by the copy.
/// </summary>
internal static class CopyMark
{
    private const string Copying = "copying";
    private const string CopiedFrom = "copied_from";
    private const string Copier = "copier";

    /// <summary>A query for the source of a copy that is not complete; no row in any other store.</summary>
    public const string FindIncomplete = $"select value from store_info where name = '{Copying}'";

    /// <summary>The lock under which a store is filled (<see cref="Core.Jobs.IJobLock"/>).</summary>
    public const string LockName = "fill-store";

    private static readonly string Me = FormattableString.Invariant($"process {Environment.ProcessId} on {Environment.MachineName}");

    private const string Find = "select value from store_info where name = @name";
    private const string Remove = "delete from store_info where name = @name";
    private const string Set = "insert into store_info (name, value) values (@name, @value) on conflict (name) do update set value = excluded.value";

    // What a store has that was just made.
    private const string Contents =
        "select (select count(*) from (select 1 from runs limit 1) r) + (select count(*) from registered_model) + (select count(*) from experiment where id <> 0)";

    /// <summary>Throws when the store is the target of a copy that is not complete.</summary>
    public static async Task RefuseIncompleteAsync(SqlDatabase database, string place, CancellationToken cancellationToken)
    {
        if (await FindAsync(database, Copying, cancellationToken) is { } source)
        {
            throw new RunstoneException(new Error(
                ErrorCode.Unavailable,
                $"'{place}' is an incomplete copy of '{source}'. Run the same 'runstone admin copy' (or restore) again until it says that the copy is complete."));
        }
    }

    /// <summary>From now on the store is written to by others and is no copy any more.</summary>
    public static async Task ForgetAsync(SqlDatabase database, CancellationToken cancellationToken)
    {
        if (await FindAsync(database, CopiedFrom, cancellationToken) is not null)
            await ExecuteAsync(database, [SqlText.Fixed(Remove, CopiedFrom)], cancellationToken);
    }

    /// <summary>Marks the store as incomplete. Throws when it is neither empty nor a copy of the same source.</summary>
    public static async Task BeginAsync(SqlDatabase database, string place, string source, CancellationToken cancellationToken)
    {
        var known = await FindAsync(database, Copying, cancellationToken) ?? await FindAsync(database, CopiedFrom, cancellationToken);
        if (known is not null && !string.Equals(known, source, StringComparison.Ordinal))
            throw Refusal(place, $"holds a copy of '{known}', not of '{source}'");
        if (known is null && (await database.QueryAsync(SqlText.Fixed(Contents), row => row.Int64(0), cancellationToken))[0] > 0)
            throw Refusal(place, "is not empty, and no copy that could be continued: either it was filled by a server, or a server has used it since it was copied");
        await ExecuteAsync(database, [SqlText.Fixed(Set, Copying, source), SqlText.Fixed(Set, Copier, Me), SqlText.Fixed(Remove, CopiedFrom)], cancellationToken);
    }

    /// <summary>Marks the store as complete, after what has to be done at the end.</summary>
    public static Task CompleteAsync(SqlDatabase database, string source, CancellationToken cancellationToken) => ExecuteAsync(
        database,
        [.. database.Dialect.AfterBulk.Select(s => SqlText.Fixed(s)), SqlText.Fixed(Remove, Copying), SqlText.Fixed(Remove, Copier), SqlText.Fixed(Set, CopiedFrom, source)],
        cancellationToken);

    /// <summary>Whether a server works on the store. One that opened it before it was marked is not kept away by the mark.</summary>
    public static async Task<bool> IsServedAsync(SqlDatabase database, CancellationToken cancellationToken) =>
        database.Dialect.CountServers is { } query
        && (await database.QueryAsync(SqlText.Fixed(query), row => row.Int64(0), cancellationToken))[0] > 0;

    /// <summary>A server works on the store, which only one copy may write to.</summary>
    public static RunstoneException Served(string place) => new(new Error(
        ErrorCode.Conflict, $"A server uses '{place}' at this moment, and what it keeps there would be lost. Stop it, and run the same command again."));

    /// <summary>Another one works on the store, which was left alone.</summary>
    public static async Task<RunstoneException> InUseAsync(SqlDatabase database, string place, CancellationToken cancellationToken)
    {
        if (await IsServedAsync(database, cancellationToken))
            return Served(place);
        var who = await FindAsync(database, Copier, cancellationToken) is { } copier ? $" ({copier})" : "";
        return new RunstoneException(new Error(
            ErrorCode.Conflict,
            $"Another copy or restore writes to '{place}' at this moment{who}. Wait until it has ended, or stop it, and run the same command again; nothing was changed."));
    }

    private static async Task<string?> FindAsync(SqlDatabase database, string name, CancellationToken cancellationToken) =>
        (await database.QueryAsync(SqlText.Fixed(Find, name), row => row.Text(0), cancellationToken)).FirstOrDefault();

    private static Task ExecuteAsync(SqlDatabase database, IReadOnlyList<SqlText> statements, CancellationToken cancellationToken) =>
        database.TransactAsync(
            async session =>
            {
                foreach (var statement in statements)
                    await session.ExecuteAsync(statement, cancellationToken);
                return true;
            },
            cancellationToken);

    private static RunstoneException Refusal(string place, string why) => new(new Error(
        ErrorCode.Conflict, $"'{place}' {why}. Choose an empty place; nothing was changed."));
}
