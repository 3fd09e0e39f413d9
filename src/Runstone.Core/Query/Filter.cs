namespace Runstone.Core.Query;

/// <summary>What a field is read from.</summary>
public enum FieldKind
{
    /// <summary>A fact of the run or experiment itself; keys are listed in <see cref="RunFields"/> and <see cref="ExperimentFields"/>.</summary>
    Attribute,
    Metric,
    Param,
    Tag,

    /// <summary>A dataset input of the run; keys: name, digest, context.</summary>
    Dataset,
}

/// <summary>Which number of a series a metric field means.</summary>
public enum MetricAggregate
{
    Last,
    Min,
    Max,
}

/// <summary>Something to compare or to order by.</summary>
public sealed record Field(FieldKind Kind, string Key, MetricAggregate Aggregate = MetricAggregate.Last);

public enum ComparisonOperator
{
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,

    /// <summary>SQL pattern with % and _, case-sensitive, no escape character.</summary>
    Like,

    /// <summary>SQL pattern with % and _, without regard to case.</summary>
    ILike,

    /// <summary>The field contains the text, every character of it taken literally, without regard to case.</summary>
    Contains,
}

/// <summary>A constant: text or a number, never both.</summary>
public readonly record struct Literal
{
    private Literal(string? text, double number) => (Text, Number) = (text, number);

    /// <summary>The text; null when it is a number.</summary>
    public string? Text { get; }

    public double Number { get; }

    public bool IsText => Text is not null;

    public static Literal Of(string text) => new(text, 0);

    public static Literal Of(double number) => new(null, number);
}

/// <summary>
/// The one search condition language; every front end (native, vendor grammars) lowers to it and every engine compiles it to
/// SQL. Text is compared ordinally. A comparison is false when the field has no value. A number compared with a param means the
/// param read as a number (false when it is none); text compared with a metric is rejected by the front ends.
/// </summary>
public abstract record Filter
{
    private Filter()
    {
    }

    /// <summary>All of them; none given means true.</summary>
    public sealed record And(IReadOnlyList<Filter> Parts) : Filter;

    /// <summary>Any of them; none given means false.</summary>
    public sealed record Or(IReadOnlyList<Filter> Parts) : Filter;

    public sealed record Not(Filter Part) : Filter;

    public sealed record Compare(Field Field, ComparisonOperator Operator, Literal Value) : Filter;

    /// <summary>The text of the field is one of the values; with <paramref name="Negated"/>, it has a value and is none of them.</summary>
    public sealed record In(Field Field, IReadOnlyList<string> Values, bool Negated) : Filter;

    /// <summary>The field has a value (a metric that is NaN has one).</summary>
    public sealed record Exists(Field Field) : Filter;

    /// <summary>The name, a tag value or the notes contain the text, without regard to case.</summary>
    public sealed record Text(string Contains) : Filter;

    /// <summary>The filter that everything matches.</summary>
    public static readonly Filter All = new And([]);
}

/// <summary>One key of an order.</summary>
public sealed record Ordering(Field Field, bool Descending = false);

/// <summary>Attribute keys of runs. Text unless said otherwise.</summary>
public static class RunFields
{
    public const string Id = "run_id";
    public const string Name = "name";
    public const string User = "user";

    /// <summary>Lower-case text: running, scheduled, finished, failed, killed.</summary>
    public const string Status = "status";

    /// <summary>Unix milliseconds.</summary>
    public const string StartTime = "start_time";

    /// <summary>Unix milliseconds; no value while the run runs.</summary>
    public const string EndTime = "end_time";

    /// <summary>Milliseconds from start to end; no value while the run runs.</summary>
    public const string Duration = "duration";
    public const string Parent = "parent_id";
    public const string ArtifactUri = "artifact_uri";

    /// <summary>No value while there are none.</summary>
    public const string Notes = "notes";

    /// <summary>The experiment's id, a number.</summary>
    public const string Experiment = "experiment_id";

    /// <summary>Those with numeric values.</summary>
    public static readonly IReadOnlySet<string> Numeric =
        new HashSet<string>(StringComparer.Ordinal) { StartTime, EndTime, Duration, Experiment };

    /// <summary>All of them.</summary>
    public static readonly IReadOnlySet<string> All =
        new HashSet<string>(StringComparer.Ordinal) { Id, Name, User, Status, StartTime, EndTime, Duration, Parent, ArtifactUri, Notes, Experiment };
}

/// <summary>Attribute keys that a table of runs has beside <see cref="RunFields"/>; nothing is searched or ordered by them.</summary>
public static class RunColumnFields
{
    /// <summary>Lower-case text, as on the wire.</summary>
    public const string Lifecycle = "lifecycle";

    /// <summary>A number: the active runs nested in this one, of the experiments looked in.</summary>
    public const string Children = "children";

    /// <summary>The datasets that the run read, each as <c>name@digest</c>, in the order in which they were linked, a line each; no value without any.</summary>
    public const string Inputs = "inputs";

    /// <summary>Whether the cells of a column are numbers.</summary>
    public static bool IsNumber(Field field) => field.Kind switch
    {
        FieldKind.Metric => true,
        FieldKind.Attribute => field.Key == Children || (field.Key != RunFields.Experiment && RunFields.Numeric.Contains(field.Key)),
        _ => false,
    };
}

/// <summary>Attribute keys of experiments.</summary>
public static class ExperimentFields
{
    /// <summary>A number.</summary>
    public const string Id = "experiment_id";
    public const string Name = "name";

    /// <summary>Unix milliseconds.</summary>
    public const string CreatedAt = "created_at";

    /// <summary>Unix milliseconds.</summary>
    public const string UpdatedAt = "updated_at";

    /// <summary>Missing when they are empty.</summary>
    public const string Notes = "notes";
}

/// <summary>Attribute keys of <see cref="FieldKind.Dataset"/> fields.</summary>
public static class DatasetFields
{
    public const string Name = "name";
    public const string Digest = "digest";

    /// <summary>The value of the tag that holds the context of the use.</summary>
    public const string Context = "context";
}
