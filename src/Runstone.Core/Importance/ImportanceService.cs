using System.Text;
using Runstone.Core.Errors;
using Runstone.Core.Query;
using Runstone.Core.Runs;

namespace Runstone.Core.Importance;

/// <summary>
/// Says which params a metric depends on, over the runs of a search. The same runs give the same answer: what is drawn at random has a fixed seed. Why a forest,
/// and why of ranks: docs/design/accepted/0013-param-importance.md.
/// </summary>
public sealed class ImportanceService(RunService runs) : IDisposable
{
    /// <summary>The newest of the runs that match.</summary>
    public const int MaxRuns = 10_000;

    public const int MaxParams = 200;

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
        var page = query with { Limit = Math.Min(MaxRuns, RunTable.MaxCells / (chosen.Count + 1)) };
        var table = await runs.ReadTableAsync(page, [metric, .. chosen.Select(Param)], cancellationToken);
        await _turns.WaitAsync(cancellationToken);
        try
        {
            var report = await Task.Run(() => Measure(table, chosen, table.Next is null && allParams, cancellationToken), cancellationToken);
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
        var keys = await runs.ListKeysAsync(query.ExperimentIds, FieldKind.Param, "", MaxKeys + 1, cancellationToken);
        if (keys.Count <= MaxParams)
            return (keys, true);
        var looked = keys.Take(MaxKeys).ToArray();
        var sample = await runs.ReadTableAsync(query with { Limit = SampledRuns }, [.. looked.Select(Param)], cancellationToken);
        var chosen = Enumerable.Range(0, looked.Length)
            .Select(i => (Key: looked[i], Bins: FeatureBins.Of(TextsOf(sample.Columns[i], [.. Enumerable.Range(0, sample.Ids.Count)]))))
            .OrderByDescending(p => p.Bins.Differs).ThenByDescending(p => p.Bins.Runs).ThenBy(p => p.Key, StringComparer.Ordinal)
            .Take(MaxParams).Select(p => p.Key);
        return ([.. chosen], false);
    }

    private static ImportanceReport Measure(RunTable table, IReadOnlyList<string> keys, bool complete, CancellationToken cancellationToken)
    {
        var metric = (NumberColumn)table.Columns[0];
        var rows = Enumerable.Range(0, table.Ids.Count).Where(i => metric.Has(i) && double.IsFinite(metric[i])).ToArray();
        var target = rows.Select(i => metric[i]).ToArray();
        var bins = new FeatureBins[keys.Count];
        for (var i = 0; i < bins.Length; i++)
            bins[i] = FeatureBins.Of(TextsOf(table.Columns[i + 1], rows));

        var asked = Enumerable.Range(0, bins.Length).Where(i => bins[i].Differs).ToArray();
        var forest = new PermutationForest([.. asked.Select(i => bins[i])], RankCorrelation.Ranks(target));
        forest.Run(cancellationToken);
        var importances = new double[bins.Length];
        for (var i = 0; i < asked.Length; i++)
            importances[asked[i]] = forest.Importances[i];
        var found = keys.Select((key, i) => new ParamImportance(
            key, bins[i].Kind, importances[i], bins[i].Numbers is { } numbers ? RankCorrelation.Of(numbers, target) : null, bins[i].Runs));
        return new ImportanceReport(
            rows.Length, complete, forest.Explained, [.. found.OrderByDescending(p => p.Importance).ThenBy(p => p.Key, StringComparer.Ordinal)]);
    }

    private static string?[] TextsOf(RunTableColumn column, int[] rows)
    {
        var texts = (TextColumn)column;
        return [.. rows.Select(i => texts.Has(i) ? Encoding.UTF8.GetString(texts[i]) : null)];
    }

    private static Field Param(string key) => new(FieldKind.Param, key);
}
