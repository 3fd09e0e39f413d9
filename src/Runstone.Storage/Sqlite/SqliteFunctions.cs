using Microsoft.Data.Sqlite;
using Runstone.Storage.Sql;

namespace Runstone.Storage.Sqlite;

/// <summary>What SQLite's own LIKE cannot do: compare with regard to case, and without it beyond ASCII.</summary>
internal static class SqliteFunctions
{
    public static void Register(SqliteConnection connection)
    {
        connection.CreateFunction<string?, string?, bool>(
            "text_like", (pattern, text) => pattern is not null && text is not null && LikePattern.IsMatch(pattern, text, ignoreCase: false), isDeterministic: true);
        connection.CreateFunction<string?, string?, bool>(
            "text_ilike", (pattern, text) => pattern is not null && text is not null && LikePattern.IsMatch(pattern, text, ignoreCase: true), isDeterministic: true);
        connection.CreateFunction<string?, string?, bool>(
            "text_contains", (part, text) => part is not null && text is not null && text.Contains(part, StringComparison.OrdinalIgnoreCase), isDeterministic: true);
    }
}
