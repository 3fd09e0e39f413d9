namespace Runstone.Core.Query;

/// <summary>Writes fields as <see cref="RunFilterParser"/> reads them.</summary>
public static class FieldWriter
{
    /// <summary>For example <c>metrics.loss:min</c>, or with an unusual key <c>params."learning rate"</c>.</summary>
    public static string Write(Field field)
    {
        var key = field.Key.Length > 0 && field.Key.All(IsPlain) ? field.Key : $"\"{field.Key.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
        var aggregate = field.Aggregate switch
        {
            MetricAggregate.Min => ":min",
            MetricAggregate.Max => ":max",
            _ => "",
        };
        return field.Kind switch
        {
            FieldKind.Metric => $"metrics.{key}{aggregate}",
            FieldKind.Param => $"params.{key}",
            FieldKind.Tag => $"tags.{key}",
            FieldKind.Dataset => $"datasets.{key}",
            _ => field.Key,
        };
    }

    private static bool IsPlain(char c) => char.IsLetterOrDigit(c) || c is '_' or '-' or '.' or '/';
}
