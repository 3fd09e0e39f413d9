using Runstone.Protocol;

namespace Runstone.Cli.Output;

/// <summary>What a field is taken from.</summary>
internal enum FieldKind
{
    Attribute,
    Metric,
    Param,
    Tag,
}

/// <summary>A value of a run that can be a column: <c>name</c>, <c>params.lr</c>, <c>metrics.loss:min</c>.</summary>
/// <param name="Kind">What it is taken from.</param>
/// <param name="Key">The name of the attribute, or the key.</param>
/// <param name="Part">Of a metric "last", "min" or "max"; else "".</param>
internal sealed record RunField(FieldKind Kind, string Key, string Part = "")
{
    private static readonly Dictionary<string, Func<RunInfo, string>> Attributes = new(StringComparer.Ordinal)
    {
        ["run_id"] = r => r.Id,
        ["experiment_id"] = r => r.ExperimentId,
        ["name"] = r => r.Name,
        ["status"] = r => r.Status,
        ["user"] = r => r.User,
        ["start_time"] = r => Say.Time(r.StartTime),
        ["end_time"] = r => r.EndTime is { } end ? Say.Time(end) : "",
        ["duration"] = r => r.EndTime is { } end ? Say.Invariant($"{end - r.StartTime}") : "",
        ["parent_id"] = r => r.ParentId ?? "",
        ["lifecycle"] = r => r.Lifecycle,
        ["updated_at"] = r => Say.Time(r.UpdatedAt),
    };

    /// <summary>All attributes, in the order of an export.</summary>
    public static IReadOnlyList<RunField> AllAttributes { get; } = [.. Attributes.Keys.Select(k => new RunField(FieldKind.Attribute, k))];

    /// <summary>The name that <see cref="Parse"/> reads.</summary>
    public string Title => Kind switch
    {
        FieldKind.Metric => "metrics." + Quoted + (Part is "" or "last" ? "" : ":" + Part),
        FieldKind.Param => "params." + Quoted,
        FieldKind.Tag => "tags." + Quoted,
        _ => Key,
    };

    private string Quoted => Key.All(c => char.IsLetterOrDigit(c) || c is '_' or '-' or '.' or '/') ? Key : $"`{Key}`";

    /// <summary>The field of that name; null when there is none.</summary>
    public static RunField? Parse(string text)
    {
        if (Attributes.ContainsKey(text))
            return new RunField(FieldKind.Attribute, text);
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        var (entity, key) = dot < 0 ? ("", "") : (text[..dot], text[(dot + 1)..]);
        return entity switch
        {
            _ when key.Length == 0 => null,
            "metrics" or "metric" => ParseMetric(key),
            "params" or "param" => new RunField(FieldKind.Param, Unquote(key)),
            "tags" or "tag" => new RunField(FieldKind.Tag, Unquote(key)),
            "attributes" or "attribute" when Attributes.ContainsKey(key) => new RunField(FieldKind.Attribute, key),
            _ => null,
        };
    }

    /// <summary>The value in full; "" when the run has none.</summary>
    public string Exact(RunRow run) => Kind switch
    {
        FieldKind.Metric => MetricOf(run) is { } value ? Say.Exact(value) : "",
        FieldKind.Param => run.Params.GetValueOrDefault(Key, ""),
        FieldKind.Tag => run.Tags.GetValueOrDefault(Key, ""),
        _ => Attributes[Key](run.Info),
    };

    /// <summary>The value as people read it.</summary>
    public string ForPeople(RunRow run, DateTimeOffset now) => this switch
    {
        { Kind: FieldKind.Metric } => MetricOf(run) is { } value ? Say.Number(value) : "",
        { Kind: FieldKind.Attribute, Key: "start_time" } => Say.Ago(run.Info.StartTime, now),
        { Kind: FieldKind.Attribute, Key: "updated_at" } => Say.Ago(run.Info.UpdatedAt, now),
        { Kind: FieldKind.Attribute, Key: "end_time" } => run.Info.EndTime is { } end ? Say.Ago(end, now) : "",
        { Kind: FieldKind.Attribute, Key: "duration" } => Say.Duration(run.Info.StartTime, run.Info.EndTime),
        _ => Exact(run),
    };

    public TableColumn Column() => new(
        Title,
        Right: Kind == FieldKind.Metric || Key == "duration",
        Cuttable: Kind is FieldKind.Param or FieldKind.Tag || Key is "name" or "user",
        Style: Kind == FieldKind.Attribute && Key == "status" ? StatusStyle : null);

    /// <summary>The colour of a run's status.</summary>
    public static string StatusStyle(string status) => status switch
    {
        RunStatuses.Running => "blue",
        RunStatuses.Finished => "green",
        RunStatuses.Failed => "red",
        RunStatuses.Killed => "yellow",
        _ => "default",
    };

    private static RunField ParseMetric(string key)
    {
        foreach (var part in (ReadOnlySpan<string>)["last", "min", "max"])
        {
            if (key.EndsWith(":" + part, StringComparison.Ordinal) && key.Length > part.Length + 1)
                return new RunField(FieldKind.Metric, Unquote(key[..^(part.Length + 1)]), part);
        }

        return new RunField(FieldKind.Metric, Unquote(key), "last");
    }

    private static string Unquote(string key) => key.Length > 2 && key[0] == '`' && key[^1] == '`' ? key[1..^1] : key;

    private double? MetricOf(RunRow run) => run.Metrics.TryGetValue(Key, out var metric)
        ? Part switch
        {
            "min" => metric.Min,
            "max" => metric.Max,
            _ => metric.Last,
        }
        : null;
}
