using Runstone.Core.Errors;
using Runstone.Core.Experiments;
using Runstone.Core.Ingest;
using Runstone.Core.Query;

namespace Runstone.Core.Runs;

/// <summary>
/// Changes many runs alike. Each is a batch of its own on the one ingest path, validated, committed and announced as a single call would be, so that a run that
/// refuses keeps none of the others from being changed.
/// </summary>
public sealed class BulkEditService(IRunStore store, IngestService ingest)
{
    /// <summary>Runs of one call.</summary>
    public const int MaxRuns = 5000;

    /// <summary>Batches that wait at the same time: they share commits, and others find room beside them.</summary>
    private const int AtOnce = 512;

    /// <summary>The runs of these ids, at most <see cref="MaxRuns"/>; one that is not there is a failure.</summary>
    public async Task<BulkOutcome> ApplyAsync(IReadOnlyList<string> runIds, BulkEdit edit, CancellationToken cancellationToken)
    {
        if (runIds.Count is < 1 or > MaxRuns)
            throw new RunstoneException(Error.Invalid("runIds", $"{runIds.Count} runs were named; 1 to {MaxRuns} are possible."));
        var byId = new Filter.In(new Field(FieldKind.Attribute, RunFields.Id), runIds, Negated: false);
        var table = await ReadAsync(new RunQuery { Filter = byId, Lifecycle = LifecycleView.All, Limit = runIds.Count }, edit, cancellationToken);
        var outcome = await ApplyAsync(table, edit, cancellationToken);
        var missing = runIds.Except(table.Ids, StringComparer.Ordinal).Select(id => new BulkFailure(id, new RunNotFound(id)));
        return outcome with { Failures = [.. outcome.Failures, .. missing], Next = null };
    }

    /// <summary>
    /// The first runs that match after the position, newest first, at most as many as the limit says. When the store refuses to write, the call fails: part of its runs
    /// may be changed, and the same call again changes the rest.
    /// </summary>
    public async Task<BulkOutcome> ApplyAsync(RunQuery query, BulkEdit edit, CancellationToken cancellationToken)
    {
        if (query.Limit is < 1 or > MaxRuns)
            throw new RunstoneException(Error.Invalid("limit", $"{query.Limit} is not a number of runs: use 1 to {MaxRuns}."));
        return await ApplyAsync(await ReadAsync(query, edit, cancellationToken), edit, cancellationToken);
    }

    /// <summary>The runs, with a column for each tag that is to be removed.</summary>
    private Task<RunTable> ReadAsync(RunQuery query, BulkEdit edit, CancellationToken cancellationToken) =>
        store.ReadTableAsync(query, [.. edit.RemoveTags.Select(key => new Field(FieldKind.Tag, key))], cancellationToken);

    private async Task<BulkOutcome> ApplyAsync(RunTable table, BulkEdit edit, CancellationToken cancellationToken)
    {
        var failures = new List<BulkFailure>();
        for (var from = 0; from < table.Ids.Count; from += AtOnce)
        {
            var to = Math.Min(table.Ids.Count, from + AtOnce);
            var waiting = Enumerable.Range(from, to - from).Select(row => SubmitAsync(table, row, edit, cancellationToken)).ToArray();
            var outcomes = await Task.WhenAll(waiting);
            for (var i = 0; i < outcomes.Length; i++)
            {
                if (outcomes[i].Error is not { } error)
                    continue;
                failures.Add(IsOfTheStore(error) ? throw new RunstoneException(error) : new BulkFailure(table.Ids[from + i], error));
            }
        }

        return new BulkOutcome(table.Ids.Count - failures.Count, failures, table.Next);
    }

    private async Task<IngestOutcome> SubmitAsync(RunTable table, int row, BulkEdit edit, CancellationToken cancellationToken)
    {
        var removed = edit.RemoveTags.Where((_, column) => table.Columns[column].Has(row)).ToArray();
        if (edit.Lifecycle is null && edit.Tags.Count == 0 && removed.Length == 0)
            return default;
        return await ingest.SubmitAsync(
            new IngestBatch(table.Ids[row])
            {
                Patch = edit.Lifecycle is { } lifecycle ? new RunPatch { Lifecycle = lifecycle } : null,
                Tags = edit.Tags,
                RemoveTags = removed,
            },
            cancellationToken);
    }

    private static bool IsOfTheStore(Error error) => error.Code is ErrorCode.Busy or ErrorCode.Unavailable or ErrorCode.StorageFull;
}
