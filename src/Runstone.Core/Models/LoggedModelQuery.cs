using Runstone.Core.Query;

namespace Runstone.Core.Models;

/// <summary>
/// Which logged models, in which order. Fields: <see cref="LoggedModelFields"/>, params and tags, and metrics, of which a model has
/// many values under one key: a comparison holds when it holds for one of them.
/// </summary>
public sealed record LoggedModelQuery
{
    /// <summary>None means that nothing is found.</summary>
    public IReadOnlyList<long> ExperimentIds { get; init; } = [];

    public Filter Filter { get; init; } = Filter.All;

    /// <summary>
    /// When there are some, metrics are compared as measured on one of these alone; a filter without a metric then finds the models that
    /// have any metric on one of them.
    /// </summary>
    public IReadOnlyList<DatasetName> Datasets { get; init; } = [];

    public IReadOnlyList<LoggedModelOrdering> OrderBy { get; init; } = [];

    /// <summary>1 to <see cref="LoggedModelService.MaxLimit"/>.</summary>
    public int Limit { get; init; } = 100;

    /// <summary>Rows to pass over.</summary>
    public long Offset { get; init; }

    /// <summary>Points that come with each model at most.</summary>
    public int MetricsOfEach { get; init; } = 1000;
}

/// <summary>One key of an order. A metric stands for its newest value by time, then step; models without one come last in both directions.</summary>
/// <param name="Field">An attribute or a metric.</param>
/// <param name="Descending">Whether the greatest comes first.</param>
/// <param name="Dataset">Only values that were measured on it count; null for all.</param>
public sealed record LoggedModelOrdering(Field Field, bool Descending = false, DatasetName? Dataset = null);

/// <summary>Attribute keys of logged models. Text unless said otherwise.</summary>
public static class LoggedModelFields
{
    public const string Id = "model_id";
    public const string Name = "name";
    public const string Type = "model_type";
    public const string RunId = "run_id";
    public const string Location = "location";

    /// <summary>A number.</summary>
    public const string Experiment = "experiment_id";

    /// <summary>A number, of <see cref="LoggedModelStatus"/>.</summary>
    public const string Status = "status";

    /// <summary>Unix milliseconds.</summary>
    public const string CreatedAt = "created_at";

    /// <summary>Unix milliseconds.</summary>
    public const string UpdatedAt = "updated_at";
}
