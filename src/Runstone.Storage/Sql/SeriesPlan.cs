using Runstone.Core.Metrics.Chunks;

namespace Runstone.Storage.Sql;

/// <summary>Reads what is known of many series without the payloads of their chunks, in two round trips whatever their number.</summary>
internal sealed class SeriesPlan
{
    private readonly Dictionary<string, (long Number, long Start, long SealedSeq, long NextSeq)> _runs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _keys = new(StringComparer.Ordinal);
    private readonly Dictionary<(long Run, long Key), StoredSeries> _series = [];

    private SeriesPlan()
    {
    }

    /// <summary>Reads the series that exist among those named.</summary>
    public static async ValueTask<SeriesPlan> ReadAsync(
        SqlSession session, IReadOnlyCollection<(string RunId, string Key)> wanted, CancellationToken cancellationToken)
    {
        var plan = new SeriesPlan();
        await plan.FindAsync(session, wanted, cancellationToken);
        foreach (var (runId, name) in wanted)
        {
            if (plan._runs.TryGetValue(runId, out var run) && plan._keys.TryGetValue(name, out var key))
                plan._series.TryAdd((run.Number, key), new StoredSeries(run.Number, key, run.Start));
        }

        if (plan._series.Count > 0)
            await plan.LoadAsync(session, cancellationToken);
        return plan;
    }

    /// <summary>The series, when run and key exist; it may have no points.</summary>
    public StoredSeries? Find(string runId, string key) =>
        _runs.TryGetValue(runId, out var run) && _keys.TryGetValue(key, out var id) ? _series.GetValueOrDefault((run.Number, id)) : null;

    private async ValueTask FindAsync(SqlSession session, IReadOnlyCollection<(string RunId, string Key)> wanted, CancellationToken cancellationToken)
    {
        var (dialect, names) = (session.Dialect, wanted.Select(w => w.Key).Distinct(StringComparer.Ordinal));
        await session.VisitAllAsync(
            [
                new(SeriesSql.Runs(dialect, wanted.Select(w => w.RunId).Distinct(StringComparer.Ordinal)), row => _runs[row.Text(0)] = (row.Int64(1), row.Int64(2), row.Int64(3), row.Int64(4))),
                new(SeriesSql.Keys(dialect, names), row => _keys[row.Text(1)] = row.Int64(0)),
            ],
            cancellationToken);
    }

    private async ValueTask LoadAsync(SqlSession session, CancellationToken cancellationToken)
    {
        var dialect = session.Dialect;
        var slots = _series.Keys.Concat(_series.Keys.Select(s => (s.Run, Key: SeriesSql.PackOf(s.Key))).Distinct()).ToArray();
        long[] runs = [.. slots.Select(s => s.Run)], places = [.. slots.Select(s => s.Key)];
        var packs = _series.Values.ToLookup(s => (s.Run, SeriesSql.PackOf(s.Key)));
        using var decoder = new ChunkDecoder();
        using var tails = new TailReader(_series);
        var visits = new List<SqlVisit>
        {
            new(SeriesSql.Rollups(dialect, runs, places), row => _series[(row.Int64(0), row.Int64(1))].Add(ChunkRollup.Read(row.Blob(2)))),
            new(SeriesSql.Chunks(dialect, runs, places), row => AddChunk(row, packs, decoder)),
        };
        var open = Unsealed();
        if (open.Count > 0)
            visits.Add(new(dialect.Tails([.. open.Select(r => r.Number)], [.. open.Select(r => r.SealedSeq)]), row => AddTail(row, tails, cancellationToken)));
        await session.VisitAllAsync(visits, cancellationToken);
    }

    /// <summary>Runs asked for that have rows in the log.</summary>
    private List<(long Number, long SealedSeq)> Unsealed()
    {
        var used = _series.Keys.Select(s => s.Run).ToHashSet();
        return [.. _runs.Values.Where(r => r.NextSeq > r.SealedSeq && used.Contains(r.Number)).Select(r => (r.Number, r.SealedSeq)).Order()];
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
