using System.Globalization;
using System.Text;
using System.Text.Json;
using Runstone.Storage.Sql;

namespace Runstone.Storage.Sqlite;

/// <summary>Lists travel as one JSON parameter, so that a statement's text does not depend on their length.</summary>
internal sealed class SqliteDialect : SqlDialect
{
    // Positions of greater runs do not fit 64 bits.
    private const long MaxRun = int.MaxValue - 1;

    public static readonly SqliteDialect Instance = new();

    /// <summary>A CROSS JOIN is not reordered; without statistics the planner tends to begin with the runs.</summary>
    public override string RunOfRow(string number, string conditions) => $"cross join runs r on r.run_no = {number} and {conditions}";

    public override string AnyRunOfRow(string number, string conditions) => $"left join runs r on r.run_no = {number} and {conditions}";

    /// <summary>Without statistics the planner takes every index for one of few rows.</summary>
    public override string Unindexed(string column) => "+" + column;

    public override string OfRuns(string table, string runs, string condition) => $"{table} x where {InNumbers("x.run_no", runs)} and {condition}";

    /// <summary>Without statistics the planner takes the key of the table for the better way.</summary>
    public override string InIndex(string table, string index) => $"{table} indexed by {index}";

    /// <summary>The time to find the best order of joins grows much faster than their number.</summary>
    public override int MaxFilterJoins => 6;

    public override string InNumbers(string expression, string parameter) => $"{expression} in (select value from json_each({parameter}))";

    public override string InTexts(string expression, string parameter) => $"{expression} in (select value from json_each({parameter}))";

    public override string Like(string expression, string parameter) => $"text_like({parameter}, {expression})";

    public override string LikeIgnoringCase(string expression, string parameter) => $"text_ilike({parameter}, {expression})";

    public override string Contains(string expression, string parameter) => $"text_contains({parameter}, {expression})";

    public override string FoldedForText(string expression) => expression;

    /// <summary>The row says whether it is ASCII alone.</summary>
    public override string ContainsFolded(string row, string text, SqlParameters parameters)
    {
        var any = Contains($"{row}.text", parameters.Add(text));
        return IsPlain(text) ? $"({ContainsPlain($"{row}.text", text, parameters)} or ({row}.plain = 0 and {any}))" : any;
    }

    public override string InGathered(string number, string query) => $"{number} in ({query})";

    /// <summary>SQLite's own LIKE folds ASCII letters and no others.</summary>
    protected override string ContainsPlain(string expression, string text, SqlParameters parameters)
    {
        var literal = text.Replace("^", "^^", StringComparison.Ordinal).Replace("%", "^%", StringComparison.Ordinal).Replace("_", "^_", StringComparison.Ordinal);
        return $"{expression} like {parameters.Add($"%{literal}%")} escape '^'";
    }

    protected override string IsNotAscii(string expression) => $"length({expression}) <> length(cast({expression} as blob))";

    public override string ForUpdate => "";

    public override string Entry(int column) => FormattableString.Invariant($"json_extract(w.value, '$[{column}]')");

    public override string EntryPlace => "w.key";

    /// <summary>A CROSS JOIN begins with the list and looks each entry up.</summary>
    public override SqlText ForEach(string select, string table, string where, params IReadOnlyList<IReadOnlyList<long>> entries) =>
        SqlText.Fixed($"select {select} from json_each(@entries) w cross join {table} x where {where}", Entries(entries));

    public override SqlText Tails(IReadOnlyList<long> runs, IReadOnlyList<long> from) => ForEach(
        $"{Entry(0)}, x.payload", "metric_log", $"x.position >= {Entry(1)} and x.position < {Entry(2)}",
        runs, [.. runs.Select((run, i) => LogPosition.Of(run, from[i]))], [.. runs.Select(LogPosition.EndOf)]);

    public override SqlText LogPage(long fromRun, long fromSeq, long toRun, long limit) => SqlText.Fixed(
        "select position >> 32, position & 4294967295, payload, digest from metric_log where position >= @from and position < @to order by position limit @limit",
        LogPosition.Of(Math.Max(fromRun, 0), fromSeq), LogPosition.EndOf(Math.Min(toRun, MaxRun)), limit);

    public override string LogOwner => "(t.position >> 32)";

    public override string LogIsOf(string row, string runNo) => $"{row}.position >= ({runNo} << 32) and {row}.position < (({runNo} + 1) << 32)";

    public override string? SelfCheck => "pragma integrity_check(20)";

    public override bool IsDamage(Exception exception) => SqliteErrors.IsDamage(exception);

    public override SqlText LogOfRun(long runNo, long fromSeq, long limit) => SqlText.Fixed(
        "select position & 4294967295, payload, digest from metric_log where position >= @from and position < @to order by position limit @limit",
        LogPosition.Of(runNo, fromSeq), LogPosition.EndOf(runNo), limit);

    public override SqlText DeleteLogOfRun(long runNo, long toSeq) => SqlText.Fixed(
        "delete from metric_log where position >= @from and position < @to", LogPosition.Of(runNo, 0), LogPosition.Of(runNo, toSeq));

    public override SqlText DeleteLog(long fromRun, long toRun) => SqlText.Fixed(
        "delete from metric_log where position >= @from and position < @to", LogPosition.Of(fromRun, 0), LogPosition.EndOf(toRun));

    private static string Entries(IReadOnlyList<IReadOnlyList<long>> columns)
    {
        var text = new StringBuilder("[");
        for (var i = 0; i < columns[0].Count; i++)
        {
            text.Append(i == 0 ? "[" : ",[");
            for (var column = 0; column < columns.Count; column++)
                text.Append(CultureInfo.InvariantCulture, $"{(column == 0 ? "" : ",")}{columns[column][i]}");
            text.Append(']');
        }

        return text.Append(']').ToString();
    }

    public override object List(IEnumerable<long> numbers) => $"[{string.Join(',', numbers)}]";

    public override object List(IEnumerable<string> texts)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartArray();
            foreach (var text in texts)
                writer.WriteStringValue(text);
            writer.WriteEndArray();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }
}
