using System.Globalization;
using Runstone.Core.Errors;

namespace Runstone.Core.Query;

/// <summary>A filter, an order, a column or a field to group by that cannot be understood.</summary>
/// <param name="Subject">"Filter", "Order", "Column of a table", "Field to group by", "Field of a group" or "Field".</param>
/// <param name="Column">Where, from 1.</param>
/// <param name="Reason">What is wrong.</param>
public sealed record FilterError(string Subject, int Column, string Reason) : Error(
    ErrorCode.Invalid, string.Create(CultureInfo.InvariantCulture, $"{Subject}, column {Column}: {Reason}."),
    Subject switch
    {
        FilterSubject => "filter",
        OrderSubject => "order_by",
        GroupSubject => "by",
        WithinSubject => "within",
        FieldSubject => "field",
        _ => "columns",
    })
{
    internal const string FilterSubject = "Filter";
    internal const string OrderSubject = "Order";
    internal const string ColumnSubject = "Column of a table";
    internal const string GroupSubject = "Field to group by";
    internal const string WithinSubject = "Field of a group";
    internal const string FieldSubject = "Field";

    internal static RunstoneException At(string subject, int index, string reason) => new(new FilterError(subject, index + 1, reason));
}
