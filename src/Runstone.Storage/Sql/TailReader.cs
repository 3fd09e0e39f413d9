using Runstone.Core.Errors;
using Runstone.Core.Metrics;

namespace Runstone.Storage.Sql;

/// <summary>
/// Sorts the points of log rows into the series that are asked for. Rows that have none of them are passed over by their header. What is
/// held is bounded by <see cref="MetricService.MaxTailPoints"/>, beyond which the read is refused.
/// </summary>
internal sealed class TailReader(IReadOnlyDictionary<(long Run, long Key), StoredSeries> wanted) : IDisposable
{
    private readonly MetricLogDecoder _decoder = new();
    private long[] _ids = new long[16];
    private StoredSeries?[] _series = new StoredSeries?[16];
    private long _rank;
    private long _run = -1;
    private long _held;

    /// <summary>Takes a row; those of a run come in their order.</summary>
    public void Add(long run, ReadOnlySpan<byte> payload)
    {
        var header = MetricLogHeader.Read(payload);
        if (!Find(run, header))
            return;
        _decoder.Decode(payload, header);
        foreach (ref readonly var point in _decoder.Points)
        {
            if (_series[point.Key] is not { } series)
                continue;
            if (run != _run)
                (_run, _rank) = (run, series.TailRank);
            _held -= series.Tail.Count;
            series.AddTail(new SeriesPoint(point.Step, point.Time, point.Value), _rank++);
            _held += series.Tail.Count;
        }

        if (_held > MetricService.MaxTailPoints)
            throw TooMany(run);
    }

    public void Dispose() => _decoder.Dispose();

    private RunstoneException TooMany(long run) => new(new Error(
        ErrorCode.TooLarge,
        $"More than {MetricService.MaxTailPoints} points of the metrics asked for wait to be sealed, the last of them in run {wanted.Values.First(s => s.Run.Number == run).Run.Id}, and are too many to be held. Ask for fewer metrics in a request, or again when they are sealed; the figure runstone.seal.unsealed tells how many wait.",
        "key"));

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
