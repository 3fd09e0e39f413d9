using System.Globalization;
using System.Security.Cryptography;
using Runstone.Core.Metrics;
using Runstone.Core.Metrics.Chunks;
using Runstone.Storage.Sql;

namespace Runstone.Storage.Administration;

/// <summary>
/// Reads the chunks of runs: compares each with its digest, its columns and its summary, the chunks of a series with each other and
/// with rollups, and adds their points to what is known of the series.
/// </summary>
internal sealed class ChunkCheck(SqlSession session, SeriesFindings findings) : IDisposable
{
    private const string Chunks =
        """
        select run_no, slot, first_step, no, last_step, points, summary, payload, digest from metric_chunk
        where run_no >= @from and run_no <= @to order by run_no, slot, first_step, no
        """;

    private const string Rollups =
        "select run_no, slot, no, first_step, last_step, points, payload from metric_rollup where run_no >= @from and run_no <= @to order by run_no, slot, no";

    private const string SummaryAdvice = "Drawings show wrong values for it, its points are right; restore the store from a backup.";
    private const string OrderAdvice = "Its points may be shown twice, out of order or not at all; restore the store from a backup.";
    private const string NumberAdvice = "The sealer may remove the wrong chunk; stop the servers and restore the store from a backup.";

    private readonly ChunkDecoder _decoder = new();
    private readonly SeriesPoints _points = new();
    private readonly Dictionary<(long RunNo, long Slot), List<StoredRollup>> _rollups = [];

    /// <summary>The lowest rank seen of each series: its value is the first that came.</summary>
    private readonly Dictionary<(long RunNo, long KeyId), long> _first = [];

    private SeriesChunks? _series;

    /// <summary>Chunks and packs read.</summary>
    public long Read { get; private set; }

    /// <summary>Points that they have.</summary>
    public long Points { get; private set; }

    public void Dispose() => _decoder.Dispose();

    public async ValueTask RunAsync(Dictionary<long, LogState> runs, long from, long to, CancellationToken cancellationToken)
    {
        await session.VisitAsync(
            SqlText.Fixed(Rollups, from, to),
            row =>
            {
                if (runs.TryGetValue(row.Int64(0), out var run))
                    Keep(run, row);
            },
            cancellationToken);
        await session.VisitAsync(
            SqlText.Fixed(Chunks, from, to),
            row =>
            {
                if (runs.TryGetValue(row.Int64(0), out var run))
                    Check(run, row);
            },
            cancellationToken);
        _series?.Finish();
        foreach (var (series, rollups) in _rollups)
            new SeriesChunks(runs[series.RunNo], series.Slot, rollups, findings).Finish();
    }

    private void Keep(LogState run, SqlRow row)
    {
        var key = (run.RunNo, row.Int64(1));
        if (!_rollups.TryGetValue(key, out var rollups))
            _rollups[key] = rollups = [];
        CheckNumber(run, key.Item2, row.Int64(2), "Rollup");
        var payload = row.Blob(6).ToArray();
        long[]? nos = null;
        try
        {
            nos = ChunkRollup.Read(payload).Nos.ToArray();
        }
        catch (InvalidDataException)
        {
            // The series says so when its turn comes.
        }

        rollups.Add(new StoredRollup(row.Int64(2), row.Int64(3), row.Int64(4), row.Int64(5), SHA256.HashData(payload), nos));
    }

    private void Check(LogState run, SqlRow row)
    {
        var (slot, first, no, last, points) = (row.Int64(1), row.Int64(2), row.Int64(3), row.Int64(4), row.Int64(5));
        Read++;
        if (_series is not { } series || series.Run != run || series.Slot != slot)
        {
            _series?.Finish();
            _rollups.Remove((run.RunNo, slot), out var rollups);
            _series = new SeriesChunks(run, slot, rollups ?? [], findings);
        }

        CheckNumber(run, slot, no, "Chunk");
        var chunk = new CheckedChunk(no, first, last, points, null, null, null);
        // Engines keep one blob of a row at a time.
        var (summary, payload) = (row.Blob(6).ToArray(), row.Blob(7).ToArray());
        if (!SHA256.HashData(payload).AsSpan().SequenceEqual(row.Blob(8)))
        {
            Lost(run, slot, no, "does not fit its digest");
        }
        else if (slot < 0)
        {
            CheckPack(run, slot, chunk, summary.Length, payload);
            return;
        }
        else
        {
            chunk = CheckChunk(run, slot, chunk, payload);
        }

        if (slot >= 0)
            _series.Add(chunk with { Summary = CheckSummary(run, slot, chunk, summary) });
    }

    private CheckedChunk CheckChunk(LogState run, long slot, CheckedChunk chunk, ReadOnlySpan<byte> payload)
    {
        _points.Clear();
        try
        {
            _decoder.Decode(payload, _points);
        }
        catch (InvalidDataException e)
        {
            Lost(run, slot, chunk.No, $"cannot be read ({e.Message})");
            return chunk;
        }

        if (run.PackedKeys.Contains(slot))
            Report(run, slot, s => Sentence($"Chunk {chunk.No} of {s} is beside a pack with points of the same series."), OrderAdvice);
        CheckColumns(run, slot, chunk, (_points.Steps[0], _points.Steps[^1], _points.Count));
        Add(run, slot, slot, chunk.No);
        return chunk with { First = _points[0], Last = _points[_points.Count - 1] };
    }

    /// <summary>Null when it is not that of the points; of points that could not be read anything is believed.</summary>
    private ChunkSummary? CheckSummary(LogState run, long slot, CheckedChunk chunk, ReadOnlySpan<byte> bytes)
    {
        try
        {
            var summary = ChunkSummary.Read(bytes);
            if (chunk.First is null || SummaryCheck.Difference(summary, _points) is not { } difference)
                return summary;
            Report(run, slot, s => Sentence($"Chunk {chunk.No} of {s} has a summary with {difference}."), SummaryAdvice);
        }
        catch (InvalidDataException e)
        {
            Report(run, slot, s => Sentence($"Chunk {chunk.No} of {s} has a summary that cannot be read ({e.Message})."), SummaryAdvice);
        }

        return null;
    }

    private void CheckPack(LogState run, long slot, CheckedChunk pack, int summaryBytes, ReadOnlySpan<byte> payload)
    {
        try
        {
            _decoder.OpenPack(payload);
        }
        catch (InvalidDataException e)
        {
            Lost(run, slot, pack.No, $"cannot be read ({e.Message})");
            return;
        }

        if (!run.Packs.Add(slot))
            Report(run, slot, s => Sentence($"Chunk {pack.No} of {s} is a second pack of these metrics."), OrderAdvice);
        if (summaryBytes != 0)
            Report(run, slot, s => Sentence($"Chunk {pack.No} of {s} is a pack and has a summary all the same."), SummaryAdvice);
        var (first, last, count) = (long.MaxValue, long.MinValue, 0L);
        foreach (var key in _decoder.OpenedKeys)
        {
            _points.Clear();
            _decoder.ReadOpened(key, _points);
            if (-1 - (key / ChunkEncoder.MaxPackSeries) != slot)
                Report(run, slot, s => Sentence($"Chunk {pack.No} of {s} has points of the key number {key}, which belong into another pack."), OrderAdvice);
            run.PackedKeys.Add(key);
            (first, last, count) = (Math.Min(first, _points.Steps[0]), Math.Max(last, _points.Steps[^1]), count + _points.Count);
            Add(run, slot, key, pack.No);
        }

        CheckColumns(run, slot, pack, (first, last, count));
    }

    private void CheckColumns(LogState run, long slot, CheckedChunk chunk, (long First, long Last, long Points) found)
    {
        if ((chunk.FirstStep, chunk.LastStep, chunk.Points) != found)
        {
            Report(
                run, slot,
                s => Sentence(
                    $"Chunk {chunk.No} of {s} has {found.Points} points at steps {found.First} to {found.Last} and is listed with {chunk.Points} at {chunk.FirstStep} to {chunk.LastStep}."),
                OrderAdvice);
        }
    }

    /// <summary>Numbers are given once in a run, and all are below the next one.</summary>
    private void CheckNumber(LogState run, long slot, long no, string what)
    {
        if (no < 0 || no >= run.NextChunk)
            Report(run, slot, s => Sentence($"{what} {no} of {s} has a number that the run, whose next one is {run.NextChunk}, has not given yet."), NumberAdvice);
        else if (!run.Numbers.Add(no))
            Report(run, slot, s => Sentence($"{what} {no} of {s} has a number that another chunk or rollup of the run has too."), NumberAdvice);
    }

    /// <summary>Adds the points of a series, which ascend, to what is known of it.</summary>
    private void Add(LogState run, long slot, long key, long no)
    {
        Points += _points.Count;
        run.FoundSealed += _points.Count;
        run.SealedKeys.Add(key);
        ref var series = ref run.Log.At(run.Log.Place(run.RunNo, key, 0));
        var first = _first.GetValueOrDefault((run.RunNo, key), long.MaxValue);
        var ascends = true;
        for (var i = 0; i < _points.Count; i++)
        {
            var point = _points[i];
            ascends &= i == 0 || SeriesPoints.Compare(_points[i - 1], point) < 0;

            // A sealing pass that was stopped between two transactions left these in the log too.
            if (_points.Ranks[i] >= ArrivalRank.OfRow(run.SealedSequence))
                continue;
            series.Add(new MetricPoint(0, point.Step, point.Time, point.Value));
            if (_points.Ranks[i] >= first)
                continue;
            first = _points.Ranks[i];
            series.First = point.Value;
        }

        _first[(run.RunNo, key)] = first;
        if (!ascends)
            Report(run, slot, s => Sentence($"Chunk {no} of {s} has points that are not in order, or twice."), OrderAdvice);
    }

    private void Lost(LogState run, long slot, long no, string what)
    {
        run.IsDamaged = true;
        Report(run, slot, s => Sentence($"Chunk {no} of {s} {what}."), SeriesChunks.LostAdvice);
    }

    private void Report(LogState run, long slot, Func<string, string> what, string advice) => findings.Add(run, slot, what, advice);

    private static string Sentence(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
