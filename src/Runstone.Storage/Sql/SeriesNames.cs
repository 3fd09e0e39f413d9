namespace Runstone.Storage.Sql;

/// <summary>A run whose series are read.</summary>
/// <param name="Number">Its number in the store.</param>
/// <param name="Id">Its id.</param>
/// <param name="Start">Unix milliseconds.</param>
/// <param name="SealedSequence">The first row of its log that is left.</param>
/// <param name="NextSequence">The row that comes next.</param>
/// <param name="TailPoints">Points of the rows that are left; those of old stores count one a row.</param>
internal sealed record StoredRun(long Number, string Id, long Start, long SealedSequence, long NextSequence, long TailPoints);

/// <summary>A series that may have points.</summary>
internal readonly record struct SeriesPlace(StoredRun Run, long Key);

/// <summary>Which runs and keys names stand for, read in one round trip whatever their number.</summary>
internal sealed class SeriesNames
{
    private readonly Dictionary<string, StoredRun> _runs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _keys = new(StringComparer.Ordinal);

    private SeriesNames()
    {
    }

    public static async ValueTask<SeriesNames> ReadAsync(
        SqlSession session, IEnumerable<string> runIds, IEnumerable<string> keys, CancellationToken cancellationToken)
    {
        var (names, dialect) = (new SeriesNames(), session.Dialect);
        await session.VisitAllAsync(
            [
                new(SeriesSql.Runs(dialect, runIds.Distinct(StringComparer.Ordinal)), row => names.Add(new StoredRun(row.Int64(1), row.Text(0), row.Int64(2), row.Int64(3), row.Int64(4), row.Int64(5)))),
                new(SeriesSql.Keys(dialect, keys.Distinct(StringComparer.Ordinal)), row => names._keys[row.Text(1)] = row.Int64(0)),
            ],
            cancellationToken);
        return names;
    }

    /// <summary>The series, when run and key exist.</summary>
    public SeriesPlace? Find(string runId, string key) =>
        _runs.TryGetValue(runId, out var run) && _keys.TryGetValue(key, out var id) ? new SeriesPlace(run, id) : null;

    private void Add(StoredRun run) => _runs[run.Id] = run;
}
