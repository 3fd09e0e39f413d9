using System.Globalization;
using Runstone.Core.Metrics.Chunks;
using Runstone.Storage.Sql;

namespace Runstone.Storage.Administration;

/// <summary>Says in findings how series are called, which is asked for once the rows that are being read have ended.</summary>
internal sealed class SeriesFindings(SqlSession session, Findings findings)
{
    private const int Kept = 1000;

    private readonly List<(LogState Run, long Slot, Func<string, string> What, string Advice)> _waiting = [];

    /// <param name="run">The run.</param>
    /// <param name="slot">The number of the key; negative for a pack, as in metric_chunk.</param>
    /// <param name="what">Makes the sentence from words for the series, as "the metric 'loss' of run abc".</param>
    /// <param name="advice">What to do.</param>
    public void Add(LogState run, long slot, Func<string, string> what, string advice)
    {
        run.IsReported = true;
        if (_waiting.Count < Kept)
            _waiting.Add((run, slot, what, advice));
        else
            findings.Add("run", what(Name(run, slot, null)), advice);
    }

    /// <summary>Hands over what was found.</summary>
    public async ValueTask HandOverAsync(CancellationToken cancellationToken)
    {
        if (_waiting.Count == 0)
            return;
        var names = new Dictionary<long, string>();
        var dialect = session.Dialect;
        await session.VisitAsync(
            SqlText.Fixed(
                $"select id, name from key_name where {dialect.InNumbers("id", "@ids")}",
                dialect.List(_waiting.Where(w => w.Slot >= 0).Select(w => w.Slot).Distinct())),
            row => names[row.Int64(0)] = row.Text(1),
            cancellationToken);
        foreach (var (run, slot, what, advice) in _waiting)
            findings.Add("run", what(Name(run, slot, names.GetValueOrDefault(slot))), advice);
        _waiting.Clear();
    }

    private static string Name(LogState run, long slot, string? name)
    {
        var first = (-1 - slot) * ChunkEncoder.MaxPackSeries;
        return slot >= 0
            ? name is null
                ? string.Create(CultureInfo.InvariantCulture, $"the metric with key number {slot} of run {run.RunId}")
                : $"the metric '{name}' of run {run.RunId}"
            : string.Create(CultureInfo.InvariantCulture, $"the metrics with key numbers {first} to {first + ChunkEncoder.MaxPackSeries - 1} of run {run.RunId}");
    }
}
