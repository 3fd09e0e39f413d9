using System.Globalization;
using Runstone.Core.Query;

namespace Runstone.Core.Tests.Query;

/// <summary>Writes a tree in the native language, with brackets around everything.</summary>
internal static class FilterPrinter
{
    public static string Print(Filter filter) => filter switch
    {
        Filter.And and => $"({string.Join(" and ", and.Parts.Select(Print))})",
        Filter.Or or => $"({string.Join(" or ", or.Parts.Select(Print))})",
        Filter.Not not => $"not ({Print(not.Part)})",
        Filter.Compare c => $"{Print(c.Field)} {Sign(c.Operator)} {Print(c.Value)}",
        Filter.In list => $"{Print(list.Field)} {(list.Negated ? "not in" : "in")} ({string.Join(", ", list.Values.Select(Quote))})",
        Filter.Exists exists => $"{Print(exists.Field)} is not null",
        Filter.Text text => Quote(text.Contains),
        _ => throw new ArgumentOutOfRangeException(nameof(filter)),
    };

    private static string Print(Field field)
    {
        var key = field.Kind switch
        {
            FieldKind.Metric => $"metrics.`{field.Key}`",
            FieldKind.Param => $"params.`{field.Key}`",
            FieldKind.Tag => $"tags.`{field.Key}`",
            FieldKind.Dataset => $"datasets.{field.Key}",
            _ => field.Key,
        };
        return field.Aggregate == MetricAggregate.Last ? key : $"{key}:{field.Aggregate.ToString().ToLowerInvariant()}";
    }

    private static string Print(Literal literal) =>
        literal.IsText ? Quote(literal.Text!) : literal.Number.ToString("R", CultureInfo.InvariantCulture);

    private static string Quote(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    private static string Sign(ComparisonOperator op) => op switch
    {
        ComparisonOperator.Equal => "=",
        ComparisonOperator.NotEqual => "!=",
        ComparisonOperator.Less => "<",
        ComparisonOperator.LessOrEqual => "<=",
        ComparisonOperator.Greater => ">",
        ComparisonOperator.GreaterOrEqual => ">=",
        ComparisonOperator.Like => "like",
        ComparisonOperator.ILike => "ilike",
        _ => "contains",
    };
}
