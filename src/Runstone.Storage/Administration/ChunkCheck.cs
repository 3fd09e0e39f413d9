using System.Globalization;
using System.Security.Cryptography;
using Runstone.Core.Metrics;
using Runstone.Core.Metrics.Chunks;
using Runstone.Storage.Sql;

namespace Runstone.Storage.Administration;

/// <summary>Reads the chunks of runs, compares each with its digest and its summary, and adds its points to what is known of its series.</summary>
internal sealed class ChunkCheck(SqlSession session, Findings findings)
{
    private readonly SeriesPoints _points = new();

    /// <summary>The lowest rank seen of each series: its value is the first that came.</summary>
    private readonly Dictionary<(long RunNo, long KeyId), long> _first = [];

    public async ValueTask RunAsync(Dictionary<long, LogState> runs, long from, long to, CancellationToken cancellationToken)
    {
        using var decoder = new ChunkDecoder();
        await session.VisitAsync(
            SqlText.Fixed(
                "select run_no, slot, no, points, summary, payload, digest from metric_chunk where run_no >= @from and run_no <= @to", from, to),
            row =>
            {
                if (runs.TryGetValue(row.Int64(0), out var run))
                    Check(run, row, decoder);
            },
            cancellationToken);
    }

    private void Check(LogState run, SqlRow row, ChunkDecoder decoder)
    {
        var (slot, no, points) = (row.Int64(1), row.Int64(2), row.Int64(3));
        var summary = row.Blob(4).ToArray();
        var payload = row.Blob(5).ToArray();
        if (!SHA256.HashData(payload).AsSpan().SequenceEqual(row.Blob(6)))
        {
            Report(run, no, "does not fit its digest");
            return;
        }

        try
        {
            var found = slot < 0 ? AddPack(run, payload, decoder) : AddChunk(run, slot, summary, payload, decoder);
            if (found != points)
                Report(run, no, string.Create(CultureInfo.InvariantCulture, $"has {found} points and should have {points}"));
        }
        catch (InvalidDataException e)
        {
            Report(run, no, $"cannot be read ({e.Message})");
        }
    }

    private long AddChunk(LogState run, long key, byte[] summary, byte[] payload, ChunkDecoder decoder)
    {
        _points.Clear();
        decoder.Decode(payload, _points);
        Add(run, key);
        return ChunkSummary.Read(summary).Count == _points.Count ? _points.Count : -1;
    }

    private long AddPack(LogState run, byte[] payload, ChunkDecoder decoder)
    {
        long points = 0;
        decoder.OpenPack(payload);
        foreach (var key in decoder.OpenedKeys)
        {
            _points.Clear();
            decoder.ReadOpened(key, _points);
            Add(run, key);
            points += _points.Count;
        }

        return points;
    }

    private void Add(LogState run, long key)
    {
        run.SealedKeys.Add(key);
        ref var series = ref run.Log.At(run.Log.Place(run.RunNo, key, 0));
        var first = _first.GetValueOrDefault((run.RunNo, key), long.MaxValue);
        for (var i = 0; i < _points.Count; i++)
        {
            var point = _points[i];
            series.Add(new MetricPoint(0, point.Step, point.Time, point.Value));
            if (_points.Ranks[i] >= first)
                continue;
            first = _points.Ranks[i];
            series.First = point.Value;
        }

        _first[(run.RunNo, key)] = first;
    }

    private void Report(LogState run, long no, string what)
    {
        run.IsDamaged = true;
        findings.Add(
            "run", string.Create(CultureInfo.InvariantCulture, $"Chunk {no} of the metrics of run {run.RunId} {what}."),
            "The points of this chunk are lost here; restore the store from a backup.");
    }
}
