using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Runstone.Core.Errors;
using Runstone.Core.Metrics;
using Runstone.Core.Metrics.Chunks;

namespace Runstone.Storage.Sql.Sealing;

/// <summary>The points that a pass takes from the log of a run, by series and in order of arrival.</summary>
internal sealed class LogTail : IDisposable
{
    private const long FirstRows = 16;
    private const long MaxRows = 4096;

    private readonly MetricLogDecoder _decoder = new();
    private readonly Dictionary<long, int> _counts = [];
    private readonly List<TailPoint> _points = [];
    private int[] _order = [];

    /// <summary>Rows taken.</summary>
    public long Rows { get; private set; }

    /// <summary>Points taken.</summary>
    public int Count => _points.Count;

    /// <summary>Rows are left that were there when the pass began.</summary>
    public bool WasCut { get; private set; }

    /// <summary>Takes rows from the first one on until there are enough points.</summary>
    public async ValueTask ReadAsync(SqlSession session, SealRun run, int maxPoints, CancellationToken cancellationToken)
    {
        var (next, limit) = (run.SealedSequence, FirstRows);
        while (next < run.NextSequence && Count < maxPoints)
        {
            var before = next;
            await session.VisitAsync(
                session.Dialect.LogOfRun(run.Number, next, limit),
                row =>
                {
                    if (Count >= maxPoints)
                        return;
                    cancellationToken.ThrowIfCancellationRequested();
                    Add(run, next, row);
                    next++;
                },
                cancellationToken);
            if (next == before)
                throw Broken(run, next, "is missing");
            limit = Math.Clamp((maxPoints - Count) * Rows / Math.Max(1, Count), 1, MaxRows);
        }

        WasCut = next < run.NextSequence;
    }

    /// <summary>The series in order of their ids; each has its points in the order in which they came.</summary>
    public List<TailSeries> Series()
    {
        var series = new List<TailSeries>(_counts.Count);
        var start = 0;
        foreach (var key in _counts.Keys.Order())
        {
            var count = _counts[key];
            series.Add(new TailSeries(key, start, count));
            _counts[key] = start;
            start += count;
        }

        _order = new int[_points.Count];
        for (var i = 0; i < _order.Length; i++)
            _order[CollectionsMarshal.GetValueRefOrNullRef(_counts, _points[i].Key)++] = i;
        return series;
    }

    /// <summary>Appends the points of a series.</summary>
    public void CopyTo(SeriesPoints points, TailSeries series, long rank)
    {
        for (var i = series.Start; i < series.Start + series.Count; i++)
            points.Add(_points[_order[i]].Point, rank++);
    }

    public void Dispose() => _decoder.Dispose();

    private void Add(SealRun run, long sequence, SqlRow row)
    {
        if (row.Int64(0) != sequence)
            throw Broken(run, sequence, "is missing");
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        var payload = row.Blob(1);
        SHA256.HashData(payload, digest);
        try
        {
            _decoder.Decode(payload);
        }
        catch (InvalidDataException e)
        {
            throw Broken(run, sequence, $"cannot be read ({e.Message})");
        }

        if (!digest.SequenceEqual(row.Blob(2)))
            throw Broken(run, sequence, "does not fit its digest");
        var keys = _decoder.KeyIds;
        foreach (ref readonly var point in _decoder.Points)
        {
            var key = keys[point.Key];
            CollectionsMarshal.GetValueRefOrAddDefault(_counts, key, out _)++;
            _points.Add(new TailPoint(key, new SeriesPoint(point.Step, point.Time, point.Value)));
        }

        Rows++;
    }

    private static RunstoneException Broken(SealRun run, long sequence, string what) => SealedPart.Damaged(
        FormattableString.Invariant($"Row {sequence} of the metric log of run {run.Id} {what}."));

    private readonly record struct TailPoint(long Key, SeriesPoint Point);
}

/// <summary>Where the points of a series are among those of a tail.</summary>
internal readonly record struct TailSeries(long Key, int Start, int Count);
