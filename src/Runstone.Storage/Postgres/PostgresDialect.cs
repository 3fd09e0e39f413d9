using Runstone.Storage.Sql;

namespace Runstone.Storage.Postgres;

/// <summary>Lists travel as arrays, so that a statement's text does not depend on their length.</summary>
internal sealed class PostgresDialect : SqlDialect
{
    public static readonly PostgresDialect Instance = new();

    public override string ForUpdate => " for update";

    public override string? ExcludeLinks => PostgresLocks.ExcludeLinks;

    public override string? ShareLinks => PostgresLocks.Link;

    public override string? CountServers { get; } =
        $"select count(*) from pg_stat_activity where datname = current_database() and application_name = '{PostgresConnections.Listener}'";

    public override bool KeepsNul => false;

    public override bool IsDamage(Exception exception) => PostgresErrors.IsDamage(exception);

    public override IReadOnlyList<string> AfterBulk { get; } =
    [
        "select setval('run_number', coalesce((select max(run_no) from runs), 0) + 1, false)",
        .. new[]
        {
            "experiment", "key_name", "dataset", "run_input", "run_model", "registered_model", "model_version", "metric_text", "metric_erasure", "saved_view",
            "workspace", "report", "star", "comment", "media_item", "data_repository", "data_version", "data_move", "data_pack", "data_file",
            "logged_model",
        }.Select(
            table => $"select setval(pg_get_serial_sequence('{table}', 'id'), coalesce((select max(id) from {table}), 0) + 1, false)"),
    ];

    /// <summary>
    /// OFFSET 0 keeps the planner from turning the join around: without statistics of the experiment, which nobody has while it is
    /// young, it would look through all rows of the key for every run.
    /// </summary>
    public override string RunOfRow(string number, string conditions) =>
        $"cross join lateral {RunOf(number, conditions)}";

    public override string AnyRunOfRow(string number, string conditions) => $"left join lateral {RunOf(number, conditions)} on true";

    private static string RunOf(string number, string conditions) => $"(select * from runs r where r.run_no = {number} and {conditions} offset 0) r";

    /// <summary>
    /// From a run to the one part of the table that has its rows: a list of runs is looked for in every part. OFFSET 0 keeps the planner from
    /// other joins, as above.
    /// </summary>
    public override string OfRuns(string table, string runs, string condition) =>
        $"unnest({runs}) w(run_no) cross join lateral (select * from {table} x where x.run_no = w.run_no and {condition} offset 0) x";

    /// <summary>A row costs the server that makes it and the node that reads it more than its values do.</summary>
    public override string Packed(string table, IReadOnlyList<string> values, bool areTexts, string runs, string condition)
    {
        var packed = values.Select(v => areTexts
            ? $"string_agg(int4send(octet_length({v})), ''), string_agg({v}, '')"
            : $"string_agg(float8send(coalesce({v}, 'NaN')), '')");
        return $"""
            select w.run_no, s.* from unnest({runs}) w(run_no) cross join lateral
            (select string_agg(int8send(x.key_id), ''), {string.Join(", ", packed)} from {table} x where x.run_no = w.run_no and {condition}) s
            """;
    }

    /// <summary>The planner sees by itself which index gives the least.</summary>
    public override string InIndex(string table, string index) => table;

    /// <summary>
    /// None: joins are ordered and made by estimates, and where these say one row and ten thousand come, a page takes minutes. A set
    /// takes a look into a hash table a row, whatever was estimated.
    /// </summary>
    public override int MaxFilterJoins => 0;

    public override string InNumbers(string expression, string parameter) => $"{expression} = any({parameter})";

    public override string InTexts(string expression, string parameter) => $"{expression} = any({parameter})";

    public override string Like(string expression, string parameter) => $"{expression} like {parameter} escape ''";

    public override string LikeIgnoringCase(string expression, string parameter) =>
        $"fold_case({expression}) like fold_case({parameter}) escape ''";

    public override string Contains(string expression, string parameter) => $"position(fold_case({parameter}) in fold_case({expression})) > 0";

    public override string FoldedForText(string expression) => $"fold_case({expression})";

    /// <summary>The row is in capitals already.</summary>
    public override string ContainsFolded(string row, string text, SqlParameters parameters) =>
        $"position(fold_case({parameters.Add(text)}) in {row}.text) > 0";

    /// <summary>An array is gathered once, and leads into an index whatever was estimated.</summary>
    public override string InGathered(string number, string query) => $"{number} = any(array({query}))";

    /// <summary>Texts are of the collation "C", whose upper() knows ASCII letters only.</summary>
    protected override string ContainsPlain(string expression, string text, SqlParameters parameters) =>
        $"position({parameters.Add(text.ToUpperInvariant())} in upper({expression} collate \"C\")) > 0";

    protected override string IsNotAscii(string expression) => $"octet_length({expression}) <> length({expression})";

    public override string Entry(int column) => FormattableString.Invariant($"w.c{column}");

    public override string EntryPlace => "w.place - 1";

    /// <summary>OFFSET 0 keeps the planner from joining by anything but one look into the index an entry.</summary>
    public override SqlText ForEach(string select, string table, string where, params IReadOnlyList<IReadOnlyList<long>> entries) =>
        ForEach(select, table, where, "", entries);

    public override SqlText Tails(IReadOnlyList<long> runs, IReadOnlyList<long> from) => ForEach(
        "w.c0, x.payload", "metric_log", "x.run_no = w.c0 and x.seq >= w.c1", ", x.seq", [runs, from]);

    private static SqlText ForEach(string select, string table, string where, string order, IReadOnlyList<IReadOnlyList<long>> entries)
    {
        var names = Enumerable.Range(0, entries.Count).Select(i => FormattableString.Invariant($"c{i}")).ToArray();
        var sql = $"""
            select {select} from unnest({string.Join(", ", names.Select(n => "@" + n))}) with ordinality w({string.Join(", ", names)}, place)
            cross join lateral (select * from {table} x where {where} offset 0) x order by w.place{order}
            """;
        return SqlText.Fixed(sql, [.. entries.Select(e => (object)e.ToArray())]);
    }

    public override object List(IEnumerable<long> numbers) => numbers.ToArray();

    public override object List(IEnumerable<string> texts) => texts.ToArray();
}
