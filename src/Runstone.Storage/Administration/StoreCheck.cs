using Runstone.Core.Errors;
using Runstone.Storage.Sql;

namespace Runstone.Storage.Administration;

/// <summary>Reads a whole store, which servers may use meanwhile, and compares what must agree. Nothing is changed.</summary>
internal sealed class StoreCheck(StoreParts store)
{
    private readonly Findings _findings = new();

    /// <param name="fast">Blobs must be there with their size; their content is not read.</param>
    /// <param name="progress">Hears how far it is.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<CheckReport> RunAsync(bool fast, IProgress<AdminProgress>? progress, CancellationToken cancellationToken)
    {
        await GuardAsync("The database", () => ExamineEngineAsync(cancellationToken));
        await GuardAsync("The table store_info or condemned_blob", () => ExamineMarksAsync(cancellationToken));
        await ExamineOrphansAsync(cancellationToken);
        var runs = new RunCheck(store.Database, _findings);
        await GuardAsync("The table runs", () => runs.RunAsync(progress, cancellationToken));
        await GuardAsync("The table run_text", () => store.Database.ReadAsync(
            async session =>
            {
                await new TextCheck(session, _findings).RunAstrayAsync(cancellationToken);
                return true;
            },
            cancellationToken));
        var blobs = new BlobCheck(store, _findings);
        await GuardAsync("The table artifact or logged_model_file", () => blobs.RunAsync(fast, progress, cancellationToken));
        return new CheckReport
        {
            Runs = runs.Runs,
            LogRows = runs.LogRows,
            Chunks = runs.Chunks,
            Points = runs.Points,
            Repeats = runs.Repeats,
            Series = runs.Series,
            ConsoleLines = runs.ConsoleLines,
            Blobs = blobs.Present,
            BlobsInUse = blobs.Used,
            Findings = _findings.List,
            FindingCount = _findings.Count,
        };
    }

    /// <summary>The report about a database that is too damaged to be opened.</summary>
    public static CheckReport Unreadable(RunstoneException refusal) => new()
    {
        Blobs = new BlobTotals(0, 0),
        BlobsInUse = new BlobTotals(0, 0),
        Findings = [new CheckFinding("database", refusal.Message, Damage.Advice)],
        FindingCount = 1,
    };

    /// <summary>What is damaged stops only the part that reads it.</summary>
    private async Task GuardAsync(string part, Func<Task> examine)
    {
        try
        {
            await examine();
        }
        catch (RunstoneException e) when (Damage.Is(store.Database, e))
        {
            _findings.Add("database", $"{part} cannot be read to the end: {e.Message}", Damage.Advice);
        }
    }

    private async Task ExamineEngineAsync(CancellationToken cancellationToken)
    {
        if (store.Database.Dialect.SelfCheck is not { } query)
            return;
        var answers = await store.Database.QueryAsync(SqlText.Fixed(query), row => row.Text(0), cancellationToken);
        var lines = answers.SelectMany(a => a.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        foreach (var line in lines.Where(l => l is not "ok" && !l.StartsWith("***", StringComparison.Ordinal)))
            _findings.Add("database", $"The engine reports: {line}", Damage.Advice);
    }

    private async Task ExamineMarksAsync(CancellationToken cancellationToken)
    {
        try
        {
            await CopyMark.RefuseIncompleteAsync(store.Database, store.Place, cancellationToken);
        }
        catch (RunstoneException e)
        {
            _findings.Add("store", e.Message, "Complete the copy.");
        }

        var references = new SqlBlobReferenceStore(store.Database);
        var marks = await references.ListCondemnedAsync("", cancellationToken);
        if (marks.Count(m => m.RemovedAt is null) is var left and > 0)
        {
            _findings.Add(
                "store", $"{left} unused blobs are marked for removal by a collection that was interrupted or is under way; their content cannot be linked until then.",
                "Run 'runstone admin gc --delete', which finishes it.");
        }
    }

    private async Task ExamineOrphansAsync(CancellationToken cancellationToken)
    {
        foreach (var (table, column, owner, key) in OwnedRows.All(store.Database.Dialect))
            await GuardAsync($"The table {table} or {owner}", () => ExamineOrphansAsync(table, column, owner, key, cancellationToken));
    }

    private async Task ExamineOrphansAsync(string table, string column, string owner, string key, CancellationToken cancellationToken)
    {
        var query = $"select count(*), min({column}) from {table} t where {column} is not null and not exists (select 1 from {owner} o where o.{key} = {column})";
        var (count, first) = (await store.Database.QueryAsync(SqlText.Fixed(query), row => (row.Int64(0), row.NullableInt64(1)), cancellationToken))[0];
        if (count > 0)
        {
            _findings.Add(
                "table", FormattableString.Invariant($"{count} rows of {table} belong to a row of {owner} that is not there, the first to {first}."),
                "Restore the store from a backup; what belongs to nothing is never shown, so it can also be left.");
        }
    }
}
