using Runstone.Core.Query;

namespace Runstone.Storage.Sql;

/// <summary>
/// Which condition to ask first where all have to hold and each is a look into a table: the one that few runs fulfil, as far as its kind
/// tells, and of those the one that is cheap. Engines ask in the order in which conditions are written.
/// </summary>
internal static class FilterCost
{
    /// <summary>The place of a condition: lesser ones are asked before greater ones.</summary>
    public static int Of(Filter filter) => filter switch
    {
        // In the row of the run, which is there already or comes after all looks.
        Filter.Compare { Field.Kind: FieldKind.Attribute } or Filter.In { Field.Kind: FieldKind.Attribute } or Filter.Exists { Field.Kind: FieldKind.Attribute } => 0,
        Filter.Compare { Operator: ComparisonOperator.Equal } or Filter.In { Negated: false } => 1,
        Filter.Compare { Operator: ComparisonOperator.Like or ComparisonOperator.ILike or ComparisonOperator.Contains } => 2,
        Filter.Compare { Operator: not ComparisonOperator.NotEqual } => 3,
        Filter.Compare or Filter.In or Filter.Exists => 4,
        Filter.Not or Filter.Or or Filter.And => 5,
        _ => 6,
    };
}
