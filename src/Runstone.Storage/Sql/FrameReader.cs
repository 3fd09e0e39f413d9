using Runstone.Core.Metrics.Chunks;
using Runstone.Core.Metrics.Frames;
using Runstone.Core.Metrics.Reading;

namespace Runstone.Storage.Sql;

/// <summary>
/// Draws outlined series one after the other from what the chunks hold that they need: summaries that rollups stood for and then
/// payloads, in at most two round trips whatever the number of series.
/// </summary>
internal sealed class FrameReader
{
    private readonly List<(StoredSeries Series, SeriesOutline Outline)> _series = [];
    private readonly List<(StoredSeries Series, KnownChunk Chunk)> _missing = [];
    private readonly List<SeriesOutline> _missingIn = [];

    /// <summary>Adds a series to be drawn on the scale.</summary>
    public void Add(StoredSeries series, SeriesOutline outline, FrameScale scale, bool exactly)
    {
        foreach (var chunk in outline.Plan(scale, exactly))
        {
            _missing.Add((series, chunk));
            _missingIn.Add(outline);
        }

        _series.Add((series, outline));
    }

    /// <summary>Draws the series in the order in which they were added; <paramref name="finish"/> takes each, by its place, once it is drawn.</summary>
    public async ValueTask DrawAsync(SqlSession session, Action<int, FrameDrawing> finish, CancellationToken cancellationToken)
    {
        if (_missing.Count > 0)
            await session.VisitAsync(SeriesSql.Column(session.Dialect, "summary", _missing), Complete, cancellationToken);
        var needed = new List<(StoredSeries Series, KnownChunk Chunk)>();
        var ends = new int[_series.Count];
        for (var i = 0; i < ends.Length; i++)
        {
            needed.AddRange(_series[i].Outline.PlanPayloads().Select(c => (_series[i].Series, c)));
            ends[i] = needed.Count;
        }

        using var run = new DrawingRun(_series.ConvertAll(s => s.Outline), needed.ConvertAll(n => n.Chunk), ends, finish);
        if (needed.Count > 0)
            await session.VisitAsync(SeriesSql.Column(session.Dialect, "payload", needed), row => run.Add(row, cancellationToken), cancellationToken);
        run.End();
    }

    private void Complete(SqlRow row) => _missingIn[(int)row.Int64(0)].Complete(ChunkSummary.Read(row.Blob(1)));

    /// <summary>Goes through the series as the payloads come.</summary>
    private sealed class DrawingRun(IReadOnlyList<SeriesOutline> outlines, IReadOnlyList<KnownChunk> chunks, int[] ends, Action<int, FrameDrawing> finish) : IDisposable
    {
        private readonly FrameDrawing _drawing = new();
        private readonly ChunkDecoder _decoder = new();
        private readonly SeriesPoints _points = new();
        private int _series = -1;
        private int _read;

        public void Add(SqlRow row, CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (row.Int64(0) != _read)
                throw Lost();
            while (_series < 0 || ends[_series] <= _read)
                Next();
            _points.Clear();
            _decoder.Decode(row.Blob(1), _points);
            _drawing.Add(chunks[_read++], _points);
        }

        public void End()
        {
            if (_read != chunks.Count)
                throw Lost();
            while (_series < outlines.Count)
                Next();
        }

        public void Dispose() => _decoder.Dispose();

        private void Next()
        {
            if (_series >= 0)
            {
                _drawing.End();
                finish(_series, _drawing);
            }

            if (++_series < outlines.Count)
                _drawing.Begin(outlines[_series]);
        }

        private InvalidDataException Lost() =>
            new($"Chunk {_read} of {chunks.Count} that a summary or rollup tells of is not there. {Damage.Advice}");
    }
}
