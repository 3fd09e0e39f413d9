using Runstone.Core.Errors;
using Runstone.Core.Query;

namespace Runstone.Storage.Sql;

/// <summary>
/// Compiles a filter to a condition that is true or false and never NULL, so that a negation matches what lacks the field.
/// </summary>
/// <param name="dialect">The engine.</param>
/// <param name="parameters">Takes the values.</param>
/// <param name="resolve">Where the values of a field stand; throws for a field that is none.</param>
/// <param name="searchText">The condition that the searched texts contain a text; null when there is no such search.</param>
/// <param name="rowByRow">
/// Fields of other tables are looked up for each row that is searched, which is right when few rows are; otherwise all rows of the
/// other table that fulfil the condition are gathered once.
/// </param>
internal sealed class FilterCompiler(
    SqlDialect dialect, SqlParameters parameters, Func<Field, SearchField> resolve, Func<string, string>? searchText = null, bool rowByRow = false)
{
    /// <summary>Filters nest no deeper than this, whatever a client sends.</summary>
    private const int MaxDepth = 200;

    /// <summary>Engines bound the size of a condition; this stays well below.</summary>
    private const int MaxComparisons = 500;

    /// <summary>Texts shorter than the indexed prefix are equal when their prefixes are.</summary>
    private const int IndexedPrefix = 128;

    private int _comparisons;
    private int _joins;

    public string Compile(Filter filter) => Compile(filter, 0);

    private string Compile(Filter filter, int depth)
    {
        if (depth > MaxDepth)
            throw new RunstoneException(new Error(ErrorCode.TooLarge, $"The filter is nested deeper than {MaxDepth} levels.", "filter"));
        if (filter is not (Filter.And or Filter.Or or Filter.Not) && ++_comparisons > MaxComparisons)
            throw new RunstoneException(new Error(ErrorCode.TooLarge, $"The filter has more than {MaxComparisons} comparisons. Use 'in' for lists.", "filter"));
        return filter switch
        {
            Filter.And { Parts.Count: 0 } => "1 = 1",
            Filter.Or { Parts.Count: 0 } => "1 = 0",
            Filter.And and => Join(" and ", [.. and.Parts.OrderBy(FilterCost.Of)], depth),
            Filter.Or or => Join(" or ", or.Parts, depth),
            Filter.Not not => $"(not {Compile(not.Part, depth + 1)})",
            Filter.Compare compare => Compare(compare),
            Filter.In @in => In(@in),
            Filter.Exists exists => Exists(exists.Field),
            Filter.Text text when searchText is not null => searchText(text.Contains),
            Filter.Text => throw Rejected("Free text cannot be searched here; compare a field."),
            _ => throw new InvalidOperationException($"The filter {filter.GetType().Name} has no SQL."),
        };
    }

    private string Join(string word, IReadOnlyList<Filter> parts, int depth)
    {
        // Empty parts are no comparisons, but each is a term.
        if (parts.Count > MaxComparisons)
            throw new RunstoneException(new Error(ErrorCode.TooLarge, $"The filter joins more than {MaxComparisons} conditions. Use 'in' for lists.", "filter"));
        return $"({string.Join(word, parts.Select(p => Compile(p, depth + 1)))})";
    }

    private string Compare(Filter.Compare compare) => resolve(compare.Field) switch
    {
        SearchField.Column column => WhenPresent(column, Condition(compare, column.IsNumber ? null : column.Sql, column.IsNumber ? column.Sql : null, false, false)),
        SearchField.Owned owned => Within(
            owned, Condition(compare, owned.Text, owned.Number, owned.NullIsNaN, owned.Indexed), compare is { Operator: ComparisonOperator.Equal, Value.IsText: true }),
        _ => throw new InvalidOperationException("A field has no place."),
    };

    private string Condition(Filter.Compare compare, string? text, string? number, bool nullIsNaN, bool indexed)
    {
        var (field, op, value) = compare;
        if (value.IsText)
        {
            return text is not null
                ? TextCondition(text, op, value.Text!, indexed)
                : throw Rejected($"'{field.Key}' is a number and cannot be compared with the text '{value.Text}'. Use a number.");
        }

        if (number is null)
            throw Rejected($"'{field.Key}' is a text and cannot be compared with a number. Put the value in quotes.");
        return op is ComparisonOperator.Like or ComparisonOperator.ILike or ComparisonOperator.Contains
            ? throw Rejected($"'{field.Key}' is compared with a number; like, ilike and contains need a text.")
            : NumberCondition(number, op, value.Number, nullIsNaN);
    }

    private string TextCondition(string text, ComparisonOperator op, string value, bool indexed)
    {
        if (op == ComparisonOperator.Contains)
            return dialect.Contains(text, value, parameters);
        var parameter = parameters.Add(value);
        return op switch
        {
            ComparisonOperator.Like => dialect.Like(text, parameter),
            ComparisonOperator.ILike => dialect.LikeIgnoringCase(text, parameter),
            ComparisonOperator.Equal when indexed && value.Length < IndexedPrefix => $"substr({text}, 1, 128) = {parameter}",
            ComparisonOperator.Equal when indexed => $"(substr({text}, 1, 128) = substr({parameter}, 1, 128) and {text} = {parameter})",
            _ => $"{text} {Sign(op)} {parameter}",
        };
    }

    private string NumberCondition(string number, ComparisonOperator op, double value, bool nullIsNaN)
    {
        if (double.IsNaN(value))
            return op == ComparisonOperator.NotEqual ? (nullIsNaN ? "1 = 1" : $"{number} is not null") : "1 = 0";
        var compared = $"{number} {Sign(op)} {parameters.Add(value)}";
        return nullIsNaN && op == ComparisonOperator.NotEqual ? $"({number} is null or {compared})" : $"({number} is not null and {compared})";
    }

    private string In(Filter.In filter)
    {
        var field = resolve(filter.Field);
        var text = field switch
        {
            SearchField.Column { IsNumber: false } column => column.Sql,
            SearchField.Owned owned => owned.Text,
            _ => null,
        };
        if (text is null)
            throw Rejected($"'{filter.Field.Key}' is a number; 'in' needs a field that is a text.");
        var listed = dialect.InTexts(text, parameters.Add(dialect.List(filter.Values)));
        if (filter.Negated)
            listed = $"not ({listed})";
        return field is SearchField.Owned place ? Within(place, listed) : WhenPresent((SearchField.Column)field, listed);
    }

    private string Exists(Field field) => resolve(field) switch
    {
        SearchField.Column { Nullable: false } => "1 = 1",
        SearchField.Column column => $"{column.Sql} is not null",
        SearchField.Owned { Text: null, NullIsNaN: false } owned => Within(owned, $"{owned.Number} is not null"),
        SearchField.Owned owned => Within(owned, "1 = 1"),
        _ => throw new InvalidOperationException("A field has no place."),
    };

    private static string WhenPresent(SearchField.Column column, string condition) =>
        column.Nullable ? $"({column.Sql} is not null and {condition})" : $"({condition})";

    /// <param name="isText">The condition is that the field equals a text.</param>
    private string Within(SearchField.Owned owned, string condition, bool isText = false)
    {
        // The rows with one text lie together in the index, where those of runs lie far apart: a thousand looks meet the same few pages.
        // One row or none, selected rather than asked whether it exists: of that an engine may make a set of all runs with the text.
        if (rowByRow && isText && owned.TableByText is { } table)
            return $"((select 1 from {table} where {owned.Scope} and {condition} and {owned.OwnerColumn} = {owned.Owner}) is not null)";
        if (rowByRow && owned.Key is not null)
            return $"({owned.OfOwner(condition)} is true)";
        var within = $"{owned.Owner} in (select {owned.OwnerColumn} from {owned.Table} where {owned.Scope} and {condition})";
        return ++_joins <= dialect.MaxFilterJoins ? within : $"({within}) is true";
    }

    private static string Sign(ComparisonOperator op) => op switch
    {
        ComparisonOperator.Equal => "=",
        ComparisonOperator.NotEqual => "<>",
        ComparisonOperator.Less => "<",
        ComparisonOperator.LessOrEqual => "<=",
        ComparisonOperator.Greater => ">",
        ComparisonOperator.GreaterOrEqual => ">=",
        _ => throw new InvalidOperationException($"{op} has no sign."),
    };

    private static RunstoneException Rejected(string message) => new(Error.Invalid("filter", message));
}
