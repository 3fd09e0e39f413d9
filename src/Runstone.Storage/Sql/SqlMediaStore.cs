using Runstone.Core.Errors;
using Runstone.Core.Media;
using Runstone.Core.Metrics;

namespace Runstone.Storage.Sql;

/// <summary>
/// Finds items by the index, then reads the data of those that are answered: an answer is bounded by the length of its data, which is known
/// before any of it is read.
/// </summary>
internal sealed class SqlMediaStore(SqlDatabase database) : IMediaStore
{
    private const int MaxMicros = 999_999;

    public async Task<IReadOnlyList<MediaKey>> ListKeysAsync(IReadOnlyList<string> runIds, CancellationToken cancellationToken) =>
        await database.QueryAsync(
            SqlText.Fixed(MediaSql.Keys(database.Dialect), database.Dialect.List(runIds)),
            row => new MediaKey(row.Text(0), row.Text(1), (MediaType)row.Int64(2), row.Int64(3), StepAt(row, 4), StepAt(row, 6), row.Int64(8)),
            cancellationToken);

    public Task<MediaPage> ListAsync(MediaQuery query, MediaPosition? after, int limit, long maxBytes, CancellationToken cancellationToken)
    {
        var from = query.From is { } least ? new MediaPosition(least, -1) : new MediaPosition(new Step(long.MinValue), -1);
        var (step, id) = after > from ? after.Value : from;
        var to = query.To ?? new Step(long.MaxValue, MaxMicros);
        var page = SqlText.Fixed(
            MediaSql.Page, query.RunId, query.Key, step.Whole, (long)step.Micros, id, to.Whole, (long)to.Micros, (long)limit + 1);
        return database.ReadAsync(
            async session =>
            {
                var found = await session.QueryAsync(page, row => Found(row, query.Key), cancellationToken);
                var taken = Math.Min(found.Count, limit);
                var bytes = 0L;
                for (var i = 0; i < taken; i++)
                {
                    bytes += found[i].Length;
                    if (i > 0 && bytes > maxBytes)
                        taken = i;
                }

                return new MediaPage(await WithDataAsync(session, found[..taken], cancellationToken), taken < found.Count);
            },
            cancellationToken);
    }

    public async Task<IReadOnlyList<MediaStep>> ListStepsAsync(MediaQuery query, int limit, CancellationToken cancellationToken)
    {
        var (from, to) = (query.From ?? new Step(long.MinValue), query.To ?? new Step(long.MaxValue, MaxMicros));
        return await database.QueryAsync(
            SqlText.Fixed(MediaSql.Steps, query.RunId, query.Key, from.Whole, (long)from.Micros, to.Whole, (long)to.Micros, (long)limit),
            row => new MediaStep(StepAt(row, 0), row.Int64(2)), cancellationToken);
    }

    public Task<IReadOnlyList<Step?>> FindStepsAsync(IReadOnlyList<string> runIds, string key, Step? at, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<Step?>>(
            async session =>
            {
                var to = at ?? new Step(long.MaxValue, MaxMicros);
                var steps = new Step?[runIds.Count];
                await session.VisitLastAsync(
                    [.. runIds.Select((run, i) => new SqlVisit(
                        SqlText.Fixed(MediaSql.LastStep, run, key, to.Whole, (long)to.Micros), row => steps[i] = StepAt(row, 0)))],
                    cancellationToken);
                return steps;
            },
            cancellationToken);

    public Task<IReadOnlyList<IReadOnlyList<StoredMedia>>> ReadAsync(
        IReadOnlyList<MediaPlace> places, string key, long maxBytes, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<IReadOnlyList<StoredMedia>>>(
            async session =>
            {
                var found = places.Select(_ => new List<FoundMedia>()).ToArray();
                await session.VisitAllAsync(
                    [.. places.Select((place, i) => new SqlVisit(
                        SqlText.Fixed(MediaSql.At, place.RunId, key, place.Step.Whole, (long)place.Step.Micros), row => found[i].Add(Found(row, key))))],
                    cancellationToken);
                var bytes = found.Sum(items => items.Sum(item => item.Length));
                if (bytes > maxBytes)
                    throw new RunstoneException(new MediaTooLarge(bytes, maxBytes));
                var whole = await WithDataAsync(session, [.. found.SelectMany(items => items)], cancellationToken);
                var at = 0;
                return [.. found.Select(items => whole[at..(at += items.Count)])];
            },
            cancellationToken);

    private static async ValueTask<StoredMedia[]> WithDataAsync(SqlSession session, List<FoundMedia> found, CancellationToken cancellationToken)
    {
        var data = new Dictionary<long, string>();
        if (found.Any(f => f.Length > 0))
        {
            await session.VisitAsync(
                SqlText.Fixed(MediaSql.Data(session.Dialect), session.Dialect.List(found.Where(f => f.Length > 0).Select(f => f.Media.Id))),
                row => data[row.Int64(0)] = row.Text(1), cancellationToken);
        }

        return [.. found.Select(f => f.Media with { Item = f.Media.Item with { Data = data.GetValueOrDefault(f.Media.Id) } })];
    }

    private static FoundMedia Found(SqlRow row, string key)
    {
        var item = new MediaItem(key, StepAt(row, 1), row.Int64(3), (MediaType)row.Int64(4)) { Path = row.NullableText(5), Caption = row.NullableText(6) };
        return new FoundMedia(new StoredMedia(row.Int64(0), item), row.NullableInt64(7) ?? 0);
    }

    private static Step StepAt(SqlRow row, int column) => new(row.Int64(column), (int)row.Int64(column + 1));

    /// <summary>An item without its data, and how many bytes these have.</summary>
    private readonly record struct FoundMedia(StoredMedia Media, long Length);
}
