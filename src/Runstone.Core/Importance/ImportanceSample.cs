using Runstone.Core.Runs;

namespace Runstone.Core.Importance;

/// <summary>The runs with a finite value of the metric, and their params, of which a byte a run is kept.</summary>
internal sealed class ImportanceSample
{
    private readonly List<(string Key, FeatureBins Bins, double? Correlation)> _params = [];
    private readonly Dictionary<string, int> _rowOf;
    private readonly RankCorrelation _ranks;
    private readonly bool _complete;

    private ImportanceSample(Dictionary<string, int> rowOf, double[] target, bool complete) => (_rowOf, _ranks, _complete) = (rowOf, new RankCorrelation(target), complete);

    /// <summary>Begins with a table whose only column is the metric.</summary>
    public static ImportanceSample Of(RunTable table)
    {
        var metric = (NumberColumn)table.Columns[0];
        var rowOf = new Dictionary<string, int>(StringComparer.Ordinal);
        var target = new List<double>();
        for (var row = 0; row < table.Ids.Count; row++)
        {
            if (!metric.Has(row) || !double.IsFinite(metric[row]))
                continue;
            rowOf.Add(table.Ids[row], target.Count);
            target.Add(metric[row]);
        }

        return new ImportanceSample(rowOf, [.. target], table.Next is null);
    }

    /// <summary>Adds the params that are the columns of a table; its runs need not be in order.</summary>
    public void Add(IReadOnlyList<string> keys, RunTable table)
    {
        var places = Array.ConvertAll([.. table.Ids], id => _rowOf.GetValueOrDefault(id, -1));
        for (var i = 0; i < keys.Count; i++)
        {
            var (texts, textOfRun) = (new TextNumbers(), new int[_rowOf.Count]);
            Array.Fill(textOfRun, FeatureBins.NoText);
            var column = (TextColumn)table.Columns[i];
            for (var row = 0; row < places.Length; row++)
            {
                if (places[row] >= 0 && column.Has(row))
                    textOfRun[places[row]] = texts.Of(column[row]);
            }

            var bins = FeatureBins.Of(texts, textOfRun);
            _params.Add((keys[i], bins.WithoutNumbers(), bins.Numbers is { } numbers ? _ranks.Of(numbers) : null));
        }
    }

    /// <summary>Grows the forest.</summary>
    public ImportanceReport Measure(bool allParams, CancellationToken cancellationToken)
    {
        var asked = Enumerable.Range(0, _params.Count).Where(i => _params[i].Bins.Differs).ToArray();
        var forest = new PermutationForest([.. asked.Select(i => _params[i].Bins)], _ranks.OfTarget);
        forest.Run(cancellationToken);
        var importances = new double[_params.Count];
        for (var i = 0; i < asked.Length; i++)
            importances[asked[i]] = forest.Importances[i];
        var found = _params.Select((p, i) => new ParamImportance(p.Key, p.Bins.Kind, importances[i], p.Correlation, p.Bins.Runs));
        return new ImportanceReport(
            _rowOf.Count, _complete && allParams, forest.Explained, [.. found.OrderByDescending(p => p.Importance).ThenBy(p => p.Key, StringComparer.Ordinal)]);
    }
}
