using Runstone.Core.Errors;
using Runstone.Core.Metrics;
using Runstone.Core.Metrics.Chunks;

namespace Runstone.Storage.Sql;

/// <summary>Reads whole series into memory, up to a number of points in all.</summary>
internal sealed class SeriesLoad(int limit) : IDisposable
{
    private readonly ChunkDecoder _decoder = new();
    private long _read;

    /// <summary>Every point of the series once, sorted by step.</summary>
    public async ValueTask<SeriesPoints> ReadAsync(SqlSession session, StoredSeries series, CancellationToken cancellationToken)
    {
        _read += series.Chunks.Sum(c => (long)c.Count) + series.Loose.Count;
        if (_read > limit)
            throw new RunstoneException(new Error(ErrorCode.TooLarge, $"The series have more than {limit} points, of which a drawing over another metric reads each; ask for fewer series in a request.", "series"));
        var points = new SeriesPoints();
        if (series.Chunks.Count > 0)
        {
            var chunks = series.Chunks.OrderBy(c => c.First, Comparer<SeriesPoint>.Create((a, b) => SeriesPoints.Compare(a, b))).Select(c => (series, c)).ToArray();
            await session.VisitAsync(
                SeriesSql.Column(session.Dialect, "payload", chunks),
                row =>
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    _decoder.Decode(row.Blob(1), points);
                },
                cancellationToken);
        }

        points.AddRange(series.Loose, 0, series.Loose.Count);
        points.SortByStep();
        return points;
    }

    public void Dispose() => _decoder.Dispose();
}
