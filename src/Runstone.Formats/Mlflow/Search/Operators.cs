using Runstone.Core.Query;

namespace Runstone.Formats.Mlflow.Search;

/// <summary>Comparators of the grammar as those of the domain.</summary>
internal static class Operators
{
    public static ComparisonOperator Of(string comparator) => comparator switch
    {
        "=" => ComparisonOperator.Equal,
        "!=" => ComparisonOperator.NotEqual,
        "<" => ComparisonOperator.Less,
        "<=" => ComparisonOperator.LessOrEqual,
        ">" => ComparisonOperator.Greater,
        ">=" => ComparisonOperator.GreaterOrEqual,
        "LIKE" => ComparisonOperator.Like,
        "ILIKE" => ComparisonOperator.ILike,
        _ => throw SearchClauses.Invalid($"Invalid comparator '{comparator}'"),
    };
}
