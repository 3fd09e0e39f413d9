using Runstone.Core.Metrics;

namespace Runstone.Storage.Sql;

/// <summary>Sorts the points of log rows into the series that are asked for. Rows that have none of them are passed over by their header.</summary>
internal sealed class TailReader(IReadOnlyDictionary<(long Run, long Key), StoredSeries> wanted) : IDisposable
{
    // Above every rank that was given when points were sealed.
    public const long FirstRank = long.MaxValue / 2;

    private readonly MetricLogDecoder _decoder = new();
    private long[] _ids = new long[16];
    private StoredSeries?[] _series = new StoredSeries?[16];

    /// <summary>Takes a row; those of a run come in their order.</summary>
    public void Add(long run, ReadOnlySpan<byte> payload)
    {
        var header = MetricLogHeader.Read(payload);
        if (!Find(run, header))
            return;
        _decoder.Decode(payload, header);
        foreach (ref readonly var point in _decoder.Points)
        {
            if (_series[point.Key] is { } series)
                series.Tail.Add(new SeriesPoint(point.Step, point.Time, point.Value), FirstRank + series.Tail.Count);
        }
    }

    public void Dispose() => _decoder.Dispose();

    private bool Find(long run, MetricLogHeader header)
    {
        if (_ids.Length < header.KeyCount)
            (_ids, _series) = (new long[header.KeyCount], new StoredSeries?[header.KeyCount]);
        header.ReadKeys(_ids);
        var any = false;
        for (var i = 0; i < header.KeyCount; i++)
        {
            _series[i] = wanted.GetValueOrDefault((run, _ids[i]));
            any |= _series[i] is not null;
        }

        return any;
    }
}
