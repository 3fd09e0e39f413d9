using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Runstone.Storage.Sql;

namespace Runstone.Storage.Postgres;

/// <summary>
/// Turns the named parameters of shared statements into PostgreSQL's numbers: <c>@name</c> becomes <c>$1</c>. Quoted texts and
/// identifiers, dollar quotes, comments and casts stay as they are.
/// </summary>
internal static class ParameterNames
{
    private const int MaxTexts = 4096;

    private static readonly ConcurrentDictionary<string, string> Texts = new(StringComparer.Ordinal);

    /// <summary>The statement with numbers; fixed texts are remembered.</summary>
    public static string Number(SqlText statement)
    {
        if (!statement.IsFixed)
            return Number(statement.Sql, isFixed: false);
        if (Texts.TryGetValue(statement.Sql, out var known))
            return known;
        if (Texts.Count >= MaxTexts)
            Texts.Clear();
        return Texts[statement.Sql] = Number(statement.Sql, isFixed: true);
    }

    /// <summary>
    /// Names of a fixed text count by their first appearance; otherwise <c>@p{i}</c> is number i + 1 wherever it stands.
    /// </summary>
    internal static string Number(string sql, bool isFixed)
    {
        var result = new StringBuilder(sql.Length);
        var names = isFixed ? new List<string>() : null;
        for (var at = 0; at < sql.Length;)
        {
            var end = SkipQuoted(sql, at);
            if (end == at && IsParameter(sql, at))
            {
                end = EndOfName(sql, at + 1);
                result.Append('$').Append(NumberOf(sql[(at + 1)..end], names));
            }
            else
            {
                end = Math.Max(end, at + 1);
                result.Append(sql, at, end - at);
            }

            at = end;
        }

        return result.ToString();
    }

    private static int NumberOf(string name, List<string>? names)
    {
        if (names is null)
            return int.Parse(name.AsSpan(1), CultureInfo.InvariantCulture) + 1;
        var index = names.IndexOf(name);
        if (index < 0)
        {
            index = names.Count;
            names.Add(name);
        }

        return index + 1;
    }

    private static bool IsParameter(string sql, int at) =>
        sql[at] == '@' && at + 1 < sql.Length && IsNameStart(sql[at + 1]) && (at == 0 || !IsOperator(sql[at - 1]));

    /// <summary>'@' inside an operator such as <c>&lt;@</c> or <c>@@</c>; what stands before a parameter is never one of these.</summary>
    private static bool IsOperator(char c) => c is '@' or '~' or '!' or '#' or '&' or '?' or '`';

    private static bool IsNameStart(char c) => char.IsAsciiLetter(c) || c == '_';

    private static int EndOfName(string sql, int at)
    {
        while (at < sql.Length && (char.IsAsciiLetterOrDigit(sql[at]) || sql[at] == '_'))
            at++;
        return at;
    }

    /// <summary>The end of the quoted text, identifier or comment that begins here; here when none does.</summary>
    private static int SkipQuoted(string sql, int at) => sql[at] switch
    {
        '\'' or '"' => EndOfQuote(sql, at),
        '-' when Follows(sql, at, "--") => EndOf(sql, at, "\n"),
        '/' when Follows(sql, at, "/*") => EndOfComment(sql, at),
        '$' => EndOfDollarQuote(sql, at),
        _ => at,
    };

    /// <summary>A doubled quote inside looks like two quoted texts in a row, which comes to the same.</summary>
    private static int EndOfQuote(string sql, int at) => EndOf(sql, at + 1, sql[at].ToString());

    private static int EndOfComment(string sql, int at)
    {
        var depth = 0;
        for (; at < sql.Length; at++)
        {
            if (Follows(sql, at, "/*"))
                (depth, at) = (depth + 1, at + 1);
            else if (Follows(sql, at, "*/") && --depth == 0)
                return at + 2;
            else if (Follows(sql, at, "*/"))
                at++;
        }

        return sql.Length;
    }

    private static int EndOfDollarQuote(string sql, int at)
    {
        var end = at + 1;
        if (end < sql.Length && IsNameStart(sql[end]))
            end = EndOfName(sql, end);
        return end < sql.Length && sql[end] == '$' ? EndOf(sql, end + 1, sql[at..(end + 1)]) : at;
    }

    private static int EndOf(string sql, int from, string mark)
    {
        var found = sql.IndexOf(mark, from, StringComparison.Ordinal);
        return found < 0 ? sql.Length : found + mark.Length;
    }

    private static bool Follows(string sql, int at, string mark) => string.CompareOrdinal(sql, at, mark, 0, mark.Length) == 0;
}
