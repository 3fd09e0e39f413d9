using Runstone.Core.Errors;
using Runstone.Core.Metrics;
using Runstone.Core.Runs;

namespace Runstone.Core.Media;

/// <summary>
/// Reads media of runs: what was logged as such, and what clients put among the files by names of their own. Both come in one order.
/// </summary>
public sealed class MediaService(IMediaStore store, IRunStore runs, NamedMediaReader named)
{
    public const int MaxLimit = 1000;

    /// <summary>Steps of a sample.</summary>
    public const int MaxSamples = 200;

    /// <summary>Runs of a request about several.</summary>
    public const int MaxRuns = 100;

    /// <summary>Bytes of data that a page is filled up to.</summary>
    public const long PageBytes = 8 << 20;

    /// <summary>Bytes of data of an answer that cannot be split.</summary>
    public const long AnswerBytes = 16 << 20;

    private const int MaxSteps = 1_000_000;

    /// <summary>The keys of the runs, ordered by run as given, then by key and type; at most <see cref="MaxRuns"/>. Unknown runs have none.</summary>
    public async Task<IReadOnlyList<MediaKey>> ListKeysAsync(IReadOnlyList<string> runIds, CancellationToken cancellationToken)
    {
        RequireRuns(runIds);
        var stored = (await store.ListKeysAsync(runIds, cancellationToken)).ToLookup(k => k.RunId, StringComparer.Ordinal);
        var files = await named.ReadAsync(runIds, cancellationToken);
        return [.. runIds.SelectMany((run, i) => stored[run].Concat(KeysOf(run, files[i]))
            .GroupBy(k => (k.Key, k.Type)).Select(Join)
            .OrderBy(k => k.Key, StringComparer.Ordinal).ThenBy(k => k.Type))];
    }

    /// <summary>Throws <see cref="RunNotFound"/> when there is no such run.</summary>
    public async Task<IReadOnlyList<MediaKey>> ListKeysAsync(string runId, CancellationToken cancellationToken)
    {
        await RequireAsync(runId, cancellationToken);
        return await ListKeysAsync([runId], cancellationToken);
    }

    /// <summary>A page of items by position, bounded by their number and by <see cref="PageBytes"/>.</summary>
    public async Task<MediaPage> ListAsync(MediaQuery query, MediaPosition? after, int limit, CancellationToken cancellationToken)
    {
        await RequireAsync(query.RunId, cancellationToken);
        var stored = await store.ListAsync(query, after, limit, PageBytes, cancellationToken);
        var files = (await FilesAsync(query, cancellationToken)).Where(m => !(m.Position <= after)).ToList();
        var whole = stored.HasMore ? files.Where(m => m.Position < stored.Items[^1].Position) : files;
        var items = stored.Items.Concat(whole).OrderBy(m => m.Position).Take(limit).ToList();
        return new MediaPage(items, stored.HasMore || items.Count < stored.Items.Count + files.Count);
    }

    /// <summary>
    /// The items at <paramref name="count"/> of the steps at which there are any, evenly among them, the first and the last included; with 1
    /// the last. Of a step come the first <see cref="IMediaStore.MaxOfStep"/>.
    /// </summary>
    public async Task<MediaSample> SampleAsync(MediaQuery query, int count, CancellationToken cancellationToken)
    {
        await RequireAsync(query.RunId, cancellationToken);
        var steps = await store.ListStepsAsync(query, MaxSteps + 1, cancellationToken);
        if (steps.Count > MaxSteps)
            throw new RunstoneException(new Error(ErrorCode.TooLarge, $"'{query.Key}' has items at more than {MaxSteps} steps. Give 'from' and 'to'.", "samples"));
        var files = await FilesAsync(query, cancellationToken);
        var all = steps.Concat(files.Select(f => new MediaStep(f.Item.Step, 1))).GroupBy(s => s.Step)
            .Select(g => new MediaStep(g.Key, g.Sum(s => s.Count))).OrderBy(s => s.Step).ToList();
        var picked = Pick(all.Count, count).Select(i => all[i].Step).ToList();
        var found = await ReadAsync([.. picked.Select(step => new MediaPlace(query.RunId, step))], query.Key, _ => files, cancellationToken);
        return new MediaSample([.. found.SelectMany(items => items)], all.Count, all.Sum(s => s.Count));
    }

    /// <summary>
    /// Of each run the items at the greatest step not above <paramref name="at"/> (null: the greatest), in the order of the runs; nothing
    /// where there is no such step.
    /// </summary>
    public async Task<IReadOnlyList<IReadOnlyList<StoredMedia>>> CompareAsync(
        IReadOnlyList<string> runIds, string key, Step? at, CancellationToken cancellationToken)
    {
        RequireRuns(runIds);
        var steps = await store.FindStepsAsync(runIds, key, at, cancellationToken);
        var files = (await named.ReadAsync(runIds, cancellationToken)).Select(items => items.Where(m => HasKey(m, key)).ToList()).ToList();
        var places = new List<MediaPlace>();
        var indices = new List<int>();
        for (var i = 0; i < runIds.Count; i++)
        {
            var last = files[i].LastOrDefault(m => !(m.Item.Step > at))?.Item.Step;
            if ((last is null || steps[i] >= last ? steps[i] : last) is not { } step)
                continue;
            places.Add(new MediaPlace(runIds[i], step));
            indices.Add(i);
        }

        var found = await ReadAsync(places, key, i => files[indices[i]], cancellationToken);
        var items = runIds.Select(_ => (IReadOnlyList<StoredMedia>)[]).ToArray();
        for (var i = 0; i < found.Count; i++)
            items[indices[i]] = found[i];
        return items;
    }

    /// <summary>The places of <paramref name="wanted"/> of <paramref name="count"/> things, evenly, ascending; the first and the last among them.</summary>
    public static IReadOnlyList<int> Pick(int count, int wanted) => (count, wanted) switch
    {
        (0, _) => [],
        (_, 1) => [count - 1],
        _ when count <= wanted => [.. Enumerable.Range(0, count)],
        _ => [.. Enumerable.Range(0, wanted).Select(i => (int)(((2L * i * (count - 1)) + wanted - 1) / (2L * (wanted - 1))))],
    };

    private async Task<IReadOnlyList<IReadOnlyList<StoredMedia>>> ReadAsync(
        IReadOnlyList<MediaPlace> places, string key, Func<int, IReadOnlyList<StoredMedia>> files, CancellationToken cancellationToken)
    {
        var stored = await store.ReadAsync(places, key, AnswerBytes, cancellationToken);
        return [.. places.Select((place, i) => stored[i].Concat(files(i).Where(m => m.Item.Step == place.Step)).Take(IMediaStore.MaxOfStep).ToList())];
    }

    private async Task<IReadOnlyList<StoredMedia>> FilesAsync(MediaQuery query, CancellationToken cancellationToken) =>
        [.. (await named.ReadAsync([query.RunId], cancellationToken))[0].Where(m => HasKey(m, query.Key) && query.Holds(m.Item.Step))];

    private async Task RequireAsync(string runId, CancellationToken cancellationToken)
    {
        if (await runs.GetAsync(runId, cancellationToken) is null)
            throw new RunstoneException(new RunNotFound(runId));
    }

    private static bool HasKey(StoredMedia media, string key) => string.Equals(media.Item.Key, key, StringComparison.Ordinal);

    private static IEnumerable<MediaKey> KeysOf(string runId, IReadOnlyList<StoredMedia> files) => files
        .Select(f => new MediaKey(runId, f.Item.Key, f.Item.Type, 1, f.Item.Step, f.Item.Step, f.Item.Time));

    private static MediaKey Join(IEnumerable<MediaKey> parts) => parts.Aggregate((a, b) => a with
    {
        Count = a.Count + b.Count,
        First = a.First < b.First ? a.First : b.First,
        Last = a.Last > b.Last ? a.Last : b.Last,
        LastTime = Math.Max(a.LastTime, b.LastTime),
    });

    private static void RequireRuns(IReadOnlyList<string> runIds)
    {
        if (runIds.Count is < 1 or > MaxRuns)
            throw new RunstoneException(Error.Invalid("run_ids", $"{runIds.Count} runs are not allowed: give 1 to {MaxRuns}."));
        if (runIds.Distinct(StringComparer.Ordinal).Count() < runIds.Count)
            throw new RunstoneException(Error.Invalid("run_ids", "A run is named twice."));
    }
}

/// <summary>Items of some steps, and of how many steps and items these were taken.</summary>
public sealed record MediaSample(IReadOnlyList<StoredMedia> Items, long Steps, long AllItems);
