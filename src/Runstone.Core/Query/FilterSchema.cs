namespace Runstone.Core.Query;

/// <summary>What the values of a field are.</summary>
internal enum FieldType
{
    Text,
    Number,

    /// <summary>Unix milliseconds; also ISO 8601 text.</summary>
    Time,

    /// <summary>Milliseconds; also text with units.</summary>
    Duration,

    /// <summary>Text out of a closed set, in lower case.</summary>
    Status,

    /// <summary>Text that reads as a number where it is compared with one.</summary>
    Free,
}

/// <summary>The fields of one noun: what the same grammar may name when it searches runs or experiments.</summary>
internal sealed record FilterSchema(
    IReadOnlyDictionary<string, FieldType> Attributes, IReadOnlyDictionary<string, FieldKind> Entities)
{
    public static readonly FilterSchema Runs = new(
        new Dictionary<string, FieldType>(StringComparer.Ordinal)
        {
            [RunFields.Id] = FieldType.Text,
            [RunFields.Name] = FieldType.Text,
            [RunFields.User] = FieldType.Text,
            [RunFields.Status] = FieldType.Status,
            [RunFields.StartTime] = FieldType.Time,
            [RunFields.EndTime] = FieldType.Time,
            [RunFields.Duration] = FieldType.Duration,
            [RunFields.Parent] = FieldType.Text,
            [RunFields.ArtifactUri] = FieldType.Text,
            [RunFields.Notes] = FieldType.Text,
            [RunFields.Experiment] = FieldType.Number,
        },
        new Dictionary<string, FieldKind>(StringComparer.OrdinalIgnoreCase)
        {
            ["metrics"] = FieldKind.Metric,
            ["metric"] = FieldKind.Metric,
            ["params"] = FieldKind.Param,
            ["param"] = FieldKind.Param,
            ["tags"] = FieldKind.Tag,
            ["tag"] = FieldKind.Tag,
            ["attributes"] = FieldKind.Attribute,
            ["attribute"] = FieldKind.Attribute,
            ["datasets"] = FieldKind.Dataset,
            ["dataset"] = FieldKind.Dataset,
        });

    /// <summary>What a table of runs can show.</summary>
    public static readonly FilterSchema RunColumns = Runs with
    {
        Attributes = new Dictionary<string, FieldType>(Runs.Attributes, StringComparer.Ordinal)
        {
            [RunColumnFields.Lifecycle] = FieldType.Text,
            [RunColumnFields.Children] = FieldType.Number,
            [RunColumnFields.Inputs] = FieldType.Text,
        },
    };

    public static readonly FilterSchema Experiments = new(
        new Dictionary<string, FieldType>(StringComparer.Ordinal)
        {
            [ExperimentFields.Id] = FieldType.Number,
            [ExperimentFields.Name] = FieldType.Text,
            [ExperimentFields.CreatedAt] = FieldType.Time,
            [ExperimentFields.UpdatedAt] = FieldType.Time,
            [ExperimentFields.Notes] = FieldType.Text,
        },
        new Dictionary<string, FieldKind>(StringComparer.OrdinalIgnoreCase)
        {
            ["tags"] = FieldKind.Tag,
            ["tag"] = FieldKind.Tag,
            ["attributes"] = FieldKind.Attribute,
            ["attribute"] = FieldKind.Attribute,
        });

    /// <summary>Keys of <see cref="FieldKind.Dataset"/> fields.</summary>
    public static readonly IReadOnlyList<string> DatasetKeys = [DatasetFields.Name, DatasetFields.Digest, DatasetFields.Context];

    public FieldType TypeOf(Field field) => field.Kind switch
    {
        FieldKind.Attribute => Attributes[field.Key],
        FieldKind.Metric => FieldType.Number,
        FieldKind.Dataset => FieldType.Text,
        _ => FieldType.Free,
    };
}
