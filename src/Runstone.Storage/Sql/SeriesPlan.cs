using Runstone.Core.Metrics.Chunks;
using Runstone.Core.Metrics.Reading;

namespace Runstone.Storage.Sql;

/// <summary>What is known of some series without the payloads of their chunks, read in one round trip whatever their number.</summary>
internal sealed class SeriesPlan
{
    /// <summary>What a summary takes of memory, in points.</summary>
    private const int PointsOfSummary = 80;

    private readonly Dictionary<(long Run, long Key), StoredSeries> _series = [];

    private SeriesPlan(IEnumerable<SeriesPlace> places)
    {
        foreach (var (run, key) in places)
            _series.TryAdd((run.Number, key), new StoredSeries(run, key));
    }

    /// <summary>Points that it holds, and what else it holds as so many points.</summary>
    public long Weight => _series.Values.Sum(s => (long)s.Tail.Count + s.Packed.Count + ((long)PointsOfSummary * s.Chunks.Count));

    /// <summary>A series that was asked for; it may have no points.</summary>
    public StoredSeries this[SeriesPlace place] => _series[(place.Run.Number, place.Key)];

    /// <summary>Reads series.</summary>
    public static async ValueTask<SeriesPlan> ReadAsync(SqlSession session, IEnumerable<SeriesPlace> places, CancellationToken cancellationToken)
    {
        var plan = new SeriesPlan(places);
        if (plan._series.Count > 0)
            await plan.LoadAsync(session, cancellationToken);
        return plan;
    }

    /// <summary>Reads one series, of whose points in the log no more are kept than <paramref name="tail"/> does.</summary>
    public static async ValueTask<StoredSeries> ReadAsync(SqlSession session, SeriesPlace place, LeastPoints? tail, CancellationToken cancellationToken)
    {
        var plan = new SeriesPlan([place]);
        plan[place].Limit(tail);
        await plan.LoadAsync(session, cancellationToken);
        return plan[place];
    }

    private async ValueTask LoadAsync(SqlSession session, CancellationToken cancellationToken)
    {
        var dialect = session.Dialect;
        var slots = _series.Keys.Concat(_series.Keys.Select(s => (s.Run, Key: SeriesSql.PackOf(s.Key))).Distinct()).ToArray();
        long[] runs = [.. slots.Select(s => s.Run)], places = [.. slots.Select(s => s.Key)];
        var packs = _series.Values.ToLookup(s => (s.Run.Number, SeriesSql.PackOf(s.Key)));
        using var decoder = new ChunkDecoder();
        using var tails = new TailReader(_series);
        var visits = new List<SqlVisit>
        {
            new(SeriesSql.Rollups(dialect, runs, places), row => _series[(row.Int64(0), row.Int64(1))].Add(ChunkRollup.Read(row.Blob(2)))),
            new(SeriesSql.Chunks(dialect, runs, places), row => AddChunk(row, packs, decoder)),
        };
        StoredRun[] open = [.. _series.Values.Select(s => s.Run).Where(r => r.NextSequence > r.SealedSequence).DistinctBy(r => r.Number).OrderBy(r => r.Number)];
        if (open.Length > 0)
            visits.Add(new(dialect.Tails([.. open.Select(r => r.Number)], [.. open.Select(r => r.SealedSequence)]), row => AddTail(row, tails, cancellationToken)));
        await session.VisitAllAsync(visits, cancellationToken);
    }

    private void AddChunk(SqlRow row, ILookup<(long, long), StoredSeries> packs, ChunkDecoder decoder)
    {
        var (run, slot) = (row.Int64(0), row.Int64(1));
        if (slot >= 0)
        {
            _series[(run, slot)].Add(row.Int64(2), row.Blob(3));
            return;
        }

        decoder.OpenPack(row.Blob(4));
        foreach (var series in packs[(run, slot)])
            decoder.ReadOpened(series.Key, series.Packed);
    }

    private static void AddTail(SqlRow row, TailReader tails, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        tails.Add(row.Int64(0), row.Blob(1));
    }
}
