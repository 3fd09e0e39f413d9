using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Runstone.Core.Errors;
using Runstone.Core.Metrics;
using Runstone.Storage.Sql;

namespace Runstone.Storage.Administration;

/// <summary>Checks the metric log and the chunks of every run, the newest values that were computed from them, and the text for searches.</summary>
internal sealed class RunCheck(SqlDatabase database, Findings findings)
{
    private const int Parallelism = 4;
    private const int RangeRuns = 64;

    private static readonly int Count = StoreTables.Latest.Place("count");

    private long _runs;
    private long _logRows;
    private long _chunks;
    private long _points;
    private long _repeats;
    private long _series;
    private long _consoleLines;

    public long Runs => _runs;

    public long LogRows => _logRows;

    /// <summary>Chunks and packs.</summary>
    public long Chunks => _chunks;

    public long Points => _points;

    /// <summary>Points that sealed series received and do not have.</summary>
    public long Repeats => _repeats;

    public long Series => _series;

    public long ConsoleLines => _consoleLines;

    public async Task RunAsync(IProgress<AdminProgress>? progress, CancellationToken cancellationToken)
    {
        var total = await RunStamps.CountAsync(database, cancellationToken);
        await Parallel.ForEachAsync(
            RangesAsync(cancellationToken), new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken },
            async (range, token) =>
            {
                await CheckAsync(range.From, range.To, token);
                progress?.Report(new AdminProgress("runs", Interlocked.Read(ref _runs), total));
            });
    }

    /// <summary>What is damaged does not keep the others from being checked.</summary>
    private async Task CheckAsync(long from, long to, CancellationToken cancellationToken)
    {
        try
        {
            await database.ReadAsync(session => CheckAsync(session, from, to, cancellationToken), cancellationToken);
        }
        catch (RunstoneException e) when (Damage.Is(database, e))
        {
            findings.Add("run", FormattableString.Invariant($"The runs with numbers {from} to {to} cannot be read to the end: {e.Message}"), Damage.Advice);
        }
    }

    private async ValueTask<bool> CheckAsync(SqlSession session, long from, long to, CancellationToken cancellationToken)
    {
        var runs = (await session.QueryAsync(SqlText.Fixed(LogState.Query, from, to), LogState.Read, cancellationToken)).ToDictionary(r => r.RunNo);
        var series = new SeriesFindings(session, findings);
        using var chunks = new ChunkCheck(session, series);
        await chunks.RunAsync(runs, from, to, cancellationToken);
        Interlocked.Add(ref _chunks, chunks.Read);
        Interlocked.Add(ref _points, chunks.Points);
        using var decoder = new MetricLogDecoder();
        await new LogReader(session, to).ReadAllAsync(
            from, 0,
            rows =>
            {
                foreach (var row in rows)
                {
                    if (runs.TryGetValue((long)row[0]!, out var run))
                        Check(run, (long)row[1]!, (byte[])row[2]!, (byte[])row[3]!, decoder);
                }

                return ValueTask.CompletedTask;
            },
            cancellationToken);
        await session.VisitAsync(
            SqlText.Fixed(StoreTables.Latest.All, from, to),
            row =>
            {
                var read = StoreTables.Latest.Read(row);
                if (runs.TryGetValue(read.Owner, out var run))
                    run.Stored[(long)read.Values[1]!] = read.Values;
            },
            cancellationToken);
        foreach (var run in runs.Values)
            Finish(run, series);
        await series.HandOverAsync(cancellationToken);
        using var consoles = new ConsoleCheck(session, findings);
        await consoles.RunAsync(from, to, cancellationToken);
        Interlocked.Add(ref _consoleLines, consoles.Lines);
        await new TextCheck(session, findings).RunAsync(from, to, cancellationToken);
        Interlocked.Add(ref _runs, runs.Count);
        return true;
    }

    private void Check(LogState run, long sequence, byte[] payload, byte[] digest, MetricLogDecoder decoder)
    {
        Interlocked.Increment(ref _logRows);
        if (run.Rows++ == 0)
            run.FirstSequence = sequence;
        run.LastSequence = sequence;
        if (!SHA256.HashData(payload).AsSpan().SequenceEqual(digest))
        {
            Report(run, sequence, "does not fit its digest");
            return;
        }

        try
        {
            decoder.Decode(payload);
            Add(run, decoder);
        }
        catch (InvalidDataException e)
        {
            Report(run, sequence, $"cannot be read ({e.Message})");
        }
    }

    private void Report(LogState run, long sequence, string what)
    {
        run.IsDamaged = true;
        findings.Add(
            "run", string.Create(CultureInfo.InvariantCulture, $"Row {sequence} of the metric log of run {run.RunId} {what}."),
            "The points of this row are lost here; restore the store from a backup.");
    }

    private void Add(LogState run, MetricLogDecoder decoder)
    {
        Interlocked.Add(ref _points, decoder.Points.Length);
        run.Points += decoder.Points.Length;
        var ids = decoder.KeyIds;
        foreach (ref readonly var point in decoder.Points)
            run.Log.At(run.Log.Place(run.RunNo, ids[point.Key], 0)).Add(in point);
    }

    private void Finish(LogState run, SeriesFindings series)
    {
        CheckRows(run);
        CheckSealed(run);
        // What was computed from damaged rows cannot be compared.
        if (run.IsDamaged)
            return;
        CheckTail(run);
        foreach (ref readonly var found in run.Log.Sorted())
        {
            Interlocked.Increment(ref _series);
            if (!run.Stored.Remove(found.KeyId, out var stored))
                ReportSeries(run, found.KeyId, series);
            else if (run.KeptSummaries)
                CheckKept(run, in found, stored, series);
            else if (!Agree(in found, stored, run.SealedKeys.Contains(found.KeyId)))
                ReportSeries(run, found.KeyId, series);
            else
                Interlocked.Add(ref _repeats, (long)stored[Count]! - found.Count);
        }

        if (run.KeptSummaries)
            return;
        foreach (var key in run.Stored.Keys)
            ReportSeries(run, key, series);
    }

    /// <summary>Rows are numbered without gaps from the first that is not sealed to the last that was written.</summary>
    private void CheckRows(LogState run)
    {
        var rows = run.NextSequence - run.SealedSequence;
        if (run.Rows > 0 && run.FirstSequence < run.SealedSequence)
        {
            findings.Add(
                "run",
                string.Create(CultureInfo.InvariantCulture, $"The metric log of run {run.RunId} has row {run.FirstSequence}, though all rows below {run.SealedSequence} are sealed into chunks."),
                "Its points may be shown twice, or the run's counter is wrong; restore the store from a backup.");
            run.IsDamaged = true;
        }
        else if (run.Rows != rows || (rows > 0 && run.LastSequence != run.NextSequence - 1))
        {
            findings.Add(
                "run",
                string.Create(CultureInfo.InvariantCulture, $"Run {run.RunId} should have {rows} rows in the metric log and has {run.Rows}, the last with number {run.LastSequence}."),
                "Rows are missing or the run's counter is wrong; restore the store from a backup.");
            run.IsDamaged = true;
        }
    }

    /// <summary>Sealed points are counted in the transactions that write and remove them; what is reported already explains the difference.</summary>
    private void CheckSealed(LogState run)
    {
        if (run.IsDamaged || run.IsReported || run.FoundSealed == run.SealedPoints)
            return;
        findings.Add(
            "run",
            string.Create(CultureInfo.InvariantCulture, $"Run {run.RunId} counts {run.SealedPoints} sealed points, and its chunks have {run.FoundSealed}."),
            run.FoundSealed < run.SealedPoints
                ? "Chunks are missing, and their points are lost here; restore the store from a backup."
                : "Points may be shown twice, or the run's counter is wrong; restore the store from a backup.");
        run.IsDamaged = true;
    }

    /// <summary>What was kept of erased points is merged with what came later.</summary>
    private static void CheckKept(LogState run, in SeriesDelta found, object?[] stored, SeriesFindings series)
    {
        if (found.Count > (long)stored[Count]! || found.Min < (double?)stored[7] || found.Max > (double?)stored[8])
            ReportSeries(run, found.KeyId, series);
    }

    /// <summary>
    /// The counter knows rows from before points were counted as one point each, so it lies between their number and that of their points.
    /// </summary>
    private void CheckTail(LogState run)
    {
        if (run.TailPoints < run.Rows || run.TailPoints > run.Points)
        {
            findings.Add(
                "run",
                string.Create(CultureInfo.InvariantCulture, $"Run {run.RunId} counts {run.TailPoints} points that are not sealed, and its metric log has {run.Rows} rows with {run.Points} points."),
                "No point is lost: the number only says when the run is sealed, and is right again once all of it is.");
        }

        if (run.Rows > 0 && !run.IsUnsealed)
        {
            findings.Add(
                "run",
                string.Create(CultureInfo.InvariantCulture, $"Run {run.RunId} has {run.Rows} rows in the metric log, and the sealer does not know of it."),
                string.Create(CultureInfo.InvariantCulture, $"No point is lost, reading takes longer; insert its number, {run.RunNo}, into the table unsealed_run."));
        }
    }

    private static void ReportSeries(LogState run, long key, SeriesFindings series) => series.Add(
        run, key, s => $"The newest values of {s} are not those of its points.",
        "Either points are lost, or searches and tables show wrong values and charts are right; restore the store from a backup.");

    /// <summary>Chunks keep equal points once, and the stored count is of all that came.</summary>
    private static bool Agree(in SeriesDelta log, object?[] stored, bool isSealed) =>
        IsSame(log.Last.Value, stored[3]) && log.Last.Step.Whole == (long)stored[4]! && log.Last.Step.Micros == (long)stored[5]!
        && log.Last.Time == (long)stored[6]! && IsSame(log.Min, stored[7]) && IsSame(log.Max, stored[8]) && IsSame(log.First, stored[9])
        && (isSealed ? log.Count <= (long)stored[Count]! : log.Count == (long)stored[Count]!);

    private static bool IsSame(double? value, object? stored) =>
        value is not { } number || double.IsNaN(number) ? stored is null : stored is double other && number == other;

    private async IAsyncEnumerable<(long From, long To)> RangesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var after = long.MinValue;
        while (true)
        {
            var numbers = await database.QueryAsync(
                SqlText.Fixed("select run_no from runs where run_no > @after order by run_no limit @limit", after, (long)RangeRuns), row => row.Int64(0), cancellationToken);
            if (numbers.Count > 0)
                yield return (numbers[0], numbers[^1]);
            if (numbers.Count < RangeRuns)
                yield break;
            Damage.RequireProgress(numbers[^1] > after, "runs");
            after = numbers[^1];
        }
    }
}
