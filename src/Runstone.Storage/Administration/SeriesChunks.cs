using System.Globalization;
using System.Security.Cryptography;
using Runstone.Core.Metrics;
using Runstone.Core.Metrics.Chunks;

namespace Runstone.Storage.Administration;

/// <summary>A row of metric_rollup; of what is long the hash, and the numbers that it names.</summary>
internal sealed record StoredRollup(long No, long FirstStep, long LastStep, long Points, byte[] Hash, long[]? Nos);

/// <summary>A chunk as its series is checked; what could not be read of it is null.</summary>
internal sealed record CheckedChunk(long No, long FirstStep, long LastStep, long Points, SeriesPoint? First, SeriesPoint? Last, ChunkSummary? Summary);

/// <summary>
/// The chunks of one series, which come by first step: that none begins before the one before it ends, and that rollups say what
/// summaries say. Holds the summaries of one rollup, and chunks that begin with the same step.
/// </summary>
internal sealed class SeriesChunks(LogState run, long slot, IReadOnlyList<StoredRollup> rollups, SeriesFindings findings)
{
    public const string LostAdvice = "The points of this chunk are lost here; restore the store from a backup.";

    private const string OverlapAdvice = "Points may be shown twice or out of order; restore the store from a backup.";
    private const string RollupAdvice = "Drawings of the whole series show wrong values or take longer, its points are right; restore the store from a backup.";

    private readonly List<CheckedChunk> _sameStep = [];
    private readonly List<CheckedChunk> _told = [];
    private readonly HashSet<long> _nos = [];
    private CheckedChunk? _previous;
    private int _count;
    private int _settled;
    private long? _wrongRollup;
    private bool _isAstray;

    public LogState Run => run;

    public long Slot => slot;

    public void Add(CheckedChunk chunk)
    {
        if (_sameStep.Count > 0 && _sameStep[0].FirstStep != chunk.FirstStep)
            TakeSameStep();
        _sameStep.Add(chunk);
        _nos.Add(chunk.No);
    }

    /// <summary>Looks at what can only be seen when all chunks are known.</summary>
    public void Finish()
    {
        TakeSameStep();
        foreach (var rollup in rollups)
        {
            if (rollup.Nos is null)
                Report(s => Sentence($"Rollup {rollup.No} of {s} cannot be read."), RollupAdvice);
            else if (rollup.Nos.FirstOrDefault(no => !_nos.Contains(no), -1) is >= 0 and var lost)
                Report(s => Sentence($"Chunk {lost} of {s} is missing; rollup {rollup.No} names it."), LostAdvice, isAstray: true);
        }

        if (rollups.Count > _count / ChunkRollup.MaxChunks)
            _wrongRollup ??= rollups[_count / ChunkRollup.MaxChunks].No;
        if (_wrongRollup is { } wrong && !_isAstray)
            Report(s => Sentence($"Rollup {wrong} of {s} is not what the summaries of its chunks say."), RollupAdvice);
        if (!_isAstray && rollups.Count < _settled / ChunkRollup.MaxChunks)
            Report(s => Sentence($"{(_settled / ChunkRollup.MaxChunks) - rollups.Count} rollups of {s} are missing."), RollupAdvice);
    }

    /// <summary>Chunks that begin with the same step are in order by their first points.</summary>
    private void TakeSameStep()
    {
        if (_sameStep.Count > 1)
            _sameStep.Sort((a, b) => a.First is { } x && b.First is { } y ? SeriesPoints.Compare(x, y) : a.LastStep.CompareTo(b.LastStep));
        foreach (var chunk in _sameStep)
            Take(chunk);
        _sameStep.Clear();
    }

    private void Take(CheckedChunk chunk)
    {
        if (_previous is { Last: { } last } before && chunk.First is { } first && SeriesPoints.Compare(last, first) >= 0)
            Report(s => Sentence($"Chunk {chunk.No} of {s} begins before chunk {before.No} ends."), OverlapAdvice, isAstray: true);
        if (chunk.Last is not null)
            _previous = chunk;
        _count++;
        if (chunk.Points >= ChunkEncoder.MaxPoints)
            _settled = _count;
        _told.Add(chunk);
        if (_told.Count < ChunkRollup.MaxChunks)
            return;
        var place = (_count / ChunkRollup.MaxChunks) - 1;
        if (place < rollups.Count && !IsToldBy(rollups[place]))
            _wrongRollup ??= rollups[place].No;
        _told.Clear();
    }

    /// <summary>A rollup is what its chunks' summaries are encoded to; one that cannot be read is told of elsewhere, and so is a summary.</summary>
    private bool IsToldBy(StoredRollup rollup)
    {
        if (rollup.Nos is null || _told.Exists(c => c.Summary is null))
            return true;
        if ((rollup.FirstStep, rollup.LastStep, rollup.Points) != (_told[0].FirstStep, _told[^1].LastStep, _told.Sum(c => c.Points)))
            return false;
        return SHA256.HashData(ChunkRollup.Encode([.. _told.Select(c => (c.No, c.Summary!))])).AsSpan().SequenceEqual(rollup.Hash);
    }

    private void Report(Func<string, string> what, string advice, bool isAstray = false)
    {
        _isAstray |= isAstray;
        findings.Add(run, slot, what, advice);
    }

    private static string Sentence(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
