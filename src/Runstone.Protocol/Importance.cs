namespace Runstone.Protocol;

/// <summary>Asks which params a metric depends on, over the runs that a search finds.</summary>
public sealed record ImportanceRequest
{
    /// <summary>The runs; at most the newest 10,000 of them are looked at, and 2,000,000 values.</summary>
    public RunSearch? Search { get; init; }

    /// <summary>The metric: <c>metrics.loss</c> (the last value), <c>metrics.loss:min</c> or <c>metrics.loss:max</c>.</summary>
    public required string Metric { get; init; }

    /// <summary>Keys of params, 1 to 200; null for those that the runs have, of more than 200 those that differ and that most runs have.</summary>
    public IReadOnlyList<string>? Params { get; init; }
}

/// <summary>Which runs.</summary>
public sealed record RunSearch
{
    /// <summary>Experiments to look in; null or empty means all.</summary>
    public IReadOnlyList<string>? ExperimentIds { get; init; }

    /// <summary>A condition; see docs/formats/filter.md.</summary>
    public string? Filter { get; init; }

    /// <summary>"active" (default), "archived", "deleted" or "all".</summary>
    public string? Lifecycle { get; init; }
}

/// <summary>Which params a metric depends on.</summary>
/// <param name="Runs">Runs that were looked at: those with a finite value of the metric.</param>
/// <param name="Complete">Every run that matches and every param of them was looked at.</param>
/// <param name="Explained">
/// The share of the variance of the metric's ranks that the forest predicts for runs it has not seen, 0 to 1. When it is small, the importances share out little.
/// </param>
/// <param name="Params">The most important first, then by key.</param>
public sealed record ImportanceResponse(int Runs, bool Complete, double Explained, IReadOnlyList<ParamImportanceInfo> Params);

/// <summary>What one param has to do with the metric.</summary>
/// <param name="Key">The key of the param.</param>
/// <param name="Kind">"number" when every value is one, else "category".</param>
/// <param name="Importance">0 to 1; the sum over all params is 1, or 0 when the params explain nothing.</param>
/// <param name="Correlation">Spearman's rank correlation, -1 to 1; absent for categories and where one side never changes.</param>
/// <param name="Runs">Runs that have the param.</param>
public sealed record ParamImportanceInfo(string Key, string Kind, double Importance, double? Correlation, int Runs);
