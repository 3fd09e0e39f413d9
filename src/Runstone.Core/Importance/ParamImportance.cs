namespace Runstone.Core.Importance;

/// <summary>Whether the values of a param are ordered as numbers or only told apart.</summary>
public enum ParamKind
{
    Number,
    Category,
}

/// <summary>What a param has to do with a metric.</summary>
/// <param name="Key">The key of the param.</param>
/// <param name="Kind">A number when every value is one.</param>
/// <param name="Importance">
/// How much of what the forest knows is lost when the values of this param are shuffled: 0 to 1; over all params the sum is 1, or 0 when nothing is known.
/// </param>
/// <param name="Correlation">Spearman's rank correlation with the metric, -1 to 1, over the runs that have the param; null for categories and where either side never changes.</param>
/// <param name="Runs">Runs that have the param.</param>
public sealed record ParamImportance(string Key, ParamKind Kind, double Importance, double? Correlation, int Runs);

/// <summary>What params have to do with a metric.</summary>
/// <param name="Runs">Runs that were looked at: those with a finite value of the metric.</param>
/// <param name="Complete">Every run that matches and every param was looked at.</param>
/// <param name="Explained">
/// The share of the metric's variance that the forest predicts for runs it has not seen, 0 to 1. When it is small, the importances share out little.
/// </param>
/// <param name="Params">The most important first, then by key.</param>
public sealed record ImportanceReport(int Runs, bool Complete, double Explained, IReadOnlyList<ParamImportance> Params);
