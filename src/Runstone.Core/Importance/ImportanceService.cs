using System.Text;
using Runstone.Core.Errors;
using Runstone.Core.Query;
using Runstone.Core.Runs;

namespace Runstone.Core.Importance;

/// <summary>
/// Says which params a metric depends on, over the runs of a search. The same runs give the same answer: what is drawn at random has a fixed seed. Why a forest,
/// and why of ranks: docs/design/accepted/0013-param-importance.md.
/// </summary>
public sealed class ImportanceService(IRunStore store) : IDisposable
{
    /// <summary>Of more runs the newest.</summary>
    public const int MaxRuns = 200_000;

    public const int MaxParams = 200;

    /// <summary>Runs times params; where they are more, fewer runs are looked at.</summary>
    public const int MaxValues = 10_000_000;

    private const int MaxKeys = 1000;
    private const int SampledRuns = 500;

    // A measure takes a core for as long as it lasts; those that come meanwhile wait.
    private readonly SemaphoreSlim _turns = new(Math.Max(1, Environment.ProcessorCount / 2));

    public void Dispose() => _turns.Dispose();

    /// <summary>
    /// Measures the params given, or with null those that the runs have, at most <see cref="MaxParams"/>. The metric is a field with numbers. Runs without a
    /// finite value of it are left out; of fewer than <see cref="PermutationForest.MinRows"/> nothing is learnt, and every importance is 0.
    /// </summary>
    public async Task<ImportanceReport> MeasureAsync(
        RunQuery query, Field metric, IReadOnlyList<string>? keys, CancellationToken cancellationToken)
    {
        if (metric is not { Kind: FieldKind.Metric })
            throw new RunstoneException(Error.Invalid("metric", "The metric is not one: give metrics.<key>, with :min or :max for its least or greatest value."));
        if (keys is { Count: 0 or > MaxParams })
            throw new RunstoneException(Error.Invalid("params", $"{keys.Count} params were given; 1 to {MaxParams} are possible, and none at all for those that the runs have."));
        var (chosen, allParams) = keys is null ? await ChooseAsync(query, cancellationToken) : ([.. keys.Distinct(StringComparer.Ordinal)], true);
        var newest = query with { OrderBy = [], After = null, Offset = 0, Limit = Math.Min(MaxRuns, MaxValues / Math.Max(1, chosen.Count)) };
        await _turns.WaitAsync(cancellationToken);
        try
        {
            var sample = await ReadAsync(newest, metric, chosen, cancellationToken);
            var report = await Task.Run(() => sample.Measure(allParams, cancellationToken), cancellationToken);
            // Keys are those of the experiments, or of the store: other runs may have them.
            return keys is null ? report with { Params = [.. report.Params.Where(p => p.Runs > 0)] } : report;
        }
        finally
        {
            _turns.Release();
        }
    }

    /// <summary>Of many params those that differ in the newest runs, the ones that most of them have first.</summary>
    private async Task<(IReadOnlyList<string> Keys, bool All)> ChooseAsync(RunQuery query, CancellationToken cancellationToken)
    {
        var keys = await store.ListKeysAsync(query.ExperimentIds, FieldKind.Param, "", MaxKeys + 1, cancellationToken);
        if (keys.Count <= MaxParams)
            return (keys, true);
        var looked = keys.Take(MaxKeys).ToArray();
        var sample = await store.ReadTableAsync(query with { Limit = SampledRuns }, [.. looked.Select(Param)], cancellationToken);
        var chosen = Enumerable.Range(0, looked.Length)
            .Select(i => (Key: looked[i], Bins: FeatureBins.Of(TextsOf((TextColumn)sample.Columns[i]))))
            .OrderByDescending(p => p.Bins.Differs).ThenByDescending(p => p.Bins.Runs).ThenBy(p => p.Key, StringComparer.Ordinal)
            .Take(MaxParams).Select(p => p.Key);
        return ([.. chosen], false);
    }

    /// <summary>
    /// Some params of all runs at a time, so that of a param little more is held than a byte a run. Each read is of its own instant: a run that came after the first is left
    /// out, one that went before the last has no more values.
    /// </summary>
    private async Task<ImportanceSample> ReadAsync(RunQuery query, Field metric, IReadOnlyList<string> keys, CancellationToken cancellationToken)
    {
        var sample = ImportanceSample.Of(await store.ReadTableAsync(query, [metric], cancellationToken));
        foreach (var some in keys.Chunk(Math.Max(1, RunTable.MaxCells / query.Limit)))
            sample.Add(some, await store.ReadTableAsync(query, [.. some.Select(Param)], cancellationToken));
        return sample;
    }

    private static string?[] TextsOf(TextColumn texts) =>
        [.. Enumerable.Range(0, texts.Rows).Select(i => texts.Has(i) ? Encoding.UTF8.GetString(texts[i]) : null)];

    private static Field Param(string key) => new(FieldKind.Param, key);
}
