using Runstone.Core.Errors;
using Runstone.Core.Experiments;
using Runstone.Core.Ingest;
using Runstone.Core.Query;

namespace Runstone.Core.Runs;

/// <summary>Use cases of runs. Writes go through <see cref="IngestService"/>; a missing run is <see cref="RunNotFound"/>.</summary>
public sealed class RunService(IRunStore store, IngestService ingest, TimeProvider time)
{
    public const int MaxLimit = 50_000;

    /// <summary>A new run id: a version 7 UUID as 32 hex digits.</summary>
    public string NewId() => Guid.CreateVersion7(time.GetUtcNow()).ToString("N");

    /// <summary>
    /// Creates the run of the batch, whose experiment must exist and not be deleted, which the commit finds out. An empty name is replaced
    /// by <see cref="RunNames.Random"/>, a start time of 0 by the present.
    /// </summary>
    public async Task<Run> CreateAsync(IngestBatch batch, CancellationToken cancellationToken)
    {
        var run = batch.Create ?? throw new ArgumentException("The batch creates no run.", nameof(batch));
        run = run with
        {
            Name = run.Name.Length == 0 ? RunNames.Random() : run.Name,
            StartTime = run.StartTime == 0 ? time.GetUtcNow().ToUnixTimeMilliseconds() : run.StartTime,
        };
        return await ingest.WriteAsync(batch with { Create = run }, cancellationToken);
    }

    public async Task<Run> GetAsync(string runId, CancellationToken cancellationToken) =>
        await store.GetAsync(runId, cancellationToken) ?? throw new RunstoneException(new RunNotFound(runId));

    public async Task<RunDetails> GetDetailsAsync(string runId, CancellationToken cancellationToken) =>
        await store.GetDetailsAsync(runId, cancellationToken) ?? throw new RunstoneException(new RunNotFound(runId));

    /// <summary>The run, which must not be deleted: for work that is worth refusing before it begins.</summary>
    public async Task<Run> GetWritableAsync(string runId, CancellationToken cancellationToken)
    {
        var run = await GetAsync(runId, cancellationToken);
        return run.Lifecycle != Lifecycle.Deleted ? run : throw new RunstoneException(new RunNotActive(runId));
    }

    public Task<FoundRuns> SearchAsync(RunQuery query, CancellationToken cancellationToken)
    {
        CheckLimit(query);
        return store.SearchAsync(query, cancellationToken);
    }

    /// <summary>A page as columns. More than <see cref="RunTable.MaxCells"/> cells are <see cref="ErrorCode.TooLarge"/>.</summary>
    public Task<RunTable> ReadTableAsync(RunQuery query, IReadOnlyList<Field> columns, CancellationToken cancellationToken)
    {
        CheckLimit(query);
        if ((long)query.Limit * columns.Count > RunTable.MaxCells)
            throw new RunstoneException(new Error(ErrorCode.TooLarge, $"{query.Limit} runs of {columns.Count} columns are more than {RunTable.MaxCells} cells; ask for fewer runs or columns.", "columns"));
        return store.ReadTableAsync(query, columns, cancellationToken);
    }

    public Task<long> CountAsync(RunQuery query, long ceiling, CancellationToken cancellationToken) =>
        store.CountAsync(query, ceiling, cancellationToken);

    public Task<IReadOnlyList<string>> ListKeysAsync(
        IReadOnlyList<long> experimentIds, FieldKind kind, string contains, int limit, CancellationToken cancellationToken) =>
        store.ListKeysAsync(experimentIds, kind, contains, limit, cancellationToken);

    public Task<IReadOnlyList<Run>> ListChildrenAsync(string runId, CancellationToken cancellationToken) =>
        store.ListChildrenAsync(runId, cancellationToken);

    private static void CheckLimit(RunQuery query)
    {
        if (query.Limit is < 1 or > MaxLimit)
            throw new RunstoneException(Error.Invalid("limit", $"{query.Limit} is not a page size: use 1 to {MaxLimit}."));
    }
}
