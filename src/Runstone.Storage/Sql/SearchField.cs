namespace Runstone.Storage.Sql;

/// <summary>Where the values of a field stand.</summary>
internal abstract record SearchField
{
    private SearchField()
    {
    }

    /// <summary>In the row that is searched.</summary>
    /// <param name="Sql">The expression; NULL when the row has no value.</param>
    /// <param name="IsNumber">Whether it is a number or a text.</param>
    /// <param name="Nullable">Whether it can be NULL.</param>
    public sealed record Column(string Sql, bool IsNumber, bool Nullable) : SearchField;

    /// <summary>In rows of another table.</summary>
    /// <param name="Owner">The expression, in the row that is searched, that the other table refers to.</param>
    /// <param name="Table">The other table with its alias <c>x</c>, and joins if it needs some.</param>
    /// <param name="OwnerColumn">The column that refers to <paramref name="Owner"/>.</param>
    /// <param name="Scope">Which rows of the table: those of the key, narrowed so that an index serves it.</param>
    /// <param name="Text">The text expression; null when the field has numbers only.</param>
    /// <param name="Number">The number expression; null when the field has texts only.</param>
    /// <param name="NullIsNaN">A row whose number is NULL has the value NaN.</param>
    /// <param name="Indexed">The text has an index on its first 128 characters.</param>
    public sealed record Owned(
        string Owner, string Table, string OwnerColumn, string Scope, string? Text, string? Number, bool NullIsNaN, bool Indexed) : SearchField
    {
        /// <summary>The condition that leaves one row of the table, or none, for an owner; null when there may be several.</summary>
        public string? Key { get; init; }

        /// <summary>The table with the alias, such that the engine looks in the index that begins with the scope and the text; null when it has its own way.</summary>
        public string? TableByText { get; init; }

        /// <summary>The one row of the owner, as a subquery that gives what is selected, or NULL.</summary>
        public string OfOwner(string selected) => $"(select {selected} from {Table} where {OwnerColumn} = {Owner} and {Key})";
    }

    /// <summary>What of a text is indexed.</summary>
    public static string Prefix(string text) => $"substr({text}, 1, 128)";
}
