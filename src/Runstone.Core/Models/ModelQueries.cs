using Runstone.Core.Query;

namespace Runstone.Core.Models;

/// <summary>Which models, in which order. Fields: <see cref="ModelFields"/> and tags of the model.</summary>
public sealed record ModelQuery
{
    public Filter Filter { get; init; } = Filter.All;

    public IReadOnlyList<Ordering> OrderBy { get; init; } = [];

    /// <summary>1 to <see cref="ModelService.MaxModels"/>.</summary>
    public int Limit { get; init; } = 100;

    /// <summary>Rows to pass over.</summary>
    public long Offset { get; init; }
}

/// <summary>Which versions of any model, in which order. Fields: <see cref="ModelVersionFields"/> and tags of the version.</summary>
public sealed record ModelVersionQuery
{
    public Filter Filter { get; init; } = Filter.All;

    public IReadOnlyList<Ordering> OrderBy { get; init; } = [];

    /// <summary>1 to <see cref="ModelService.MaxVersions"/>.</summary>
    public int Limit { get; init; } = 1000;

    /// <summary>Rows to pass over.</summary>
    public long Offset { get; init; }
}

/// <summary>Attribute keys of registered models. Text unless said otherwise.</summary>
public static class ModelFields
{
    public const string Name = "name";

    /// <summary>Unix milliseconds.</summary>
    public const string CreatedAt = "created_at";

    /// <summary>Unix milliseconds.</summary>
    public const string UpdatedAt = "updated_at";
}

/// <summary>Attribute keys of model versions. Text unless said otherwise.</summary>
public static class ModelVersionFields
{
    /// <summary>The model's name.</summary>
    public const string Model = "model";

    /// <summary>A number.</summary>
    public const string Number = "version";
    public const string Source = "source";
    public const string RunId = "run_id";

    /// <summary>Lower-case text: none, staging, production, archived.</summary>
    public const string Stage = "stage";

    /// <summary>Unix milliseconds.</summary>
    public const string CreatedAt = "created_at";

    /// <summary>Unix milliseconds.</summary>
    public const string UpdatedAt = "updated_at";
}
