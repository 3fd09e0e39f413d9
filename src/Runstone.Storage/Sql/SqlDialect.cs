namespace Runstone.Storage.Sql;

/// <summary>What engines spell differently. Everything else is written once, in the subset that all understand.</summary>
internal abstract class SqlDialect
{
    /// <summary>Engines bound the length of a pattern.</summary>
    private const int MaxPlainText = 1000;

    /// <summary>A condition: the number is in the list bound as <paramref name="parameter"/> (see <see cref="List(IEnumerable{long})"/>).</summary>
    public abstract string InNumbers(string expression, string parameter);

    /// <summary>A condition: the text is in the list bound as <paramref name="parameter"/> (see <see cref="List(IEnumerable{string})"/>).</summary>
    public abstract string InTexts(string expression, string parameter);

    /// <summary>SQL pattern, case-sensitive, no escape character.</summary>
    public abstract string Like(string expression, string parameter);

    /// <summary>SQL pattern without regard to case, no escape character.</summary>
    public abstract string LikeIgnoringCase(string expression, string parameter);

    /// <summary>The text contains the parameter, without regard to case.</summary>
    public abstract string Contains(string expression, string parameter);

    /// <summary>
    /// The same for a text that is known: one of ASCII alone is looked for without the letters of other scripts where the expression
    /// has none, which takes a fraction of the time.
    /// </summary>
    public string Contains(string expression, string text, SqlParameters parameters)
    {
        var any = Contains(expression, parameters.Add(text));
        return IsPlain(text)
            ? $"({ContainsPlain(expression, text, parameters)} or ({IsNotAscii(expression)} and {any}))"
            : any;
    }

    /// <summary>The expression as a part of a row of run_text.</summary>
    public abstract string FoldedForText(string expression);

    /// <summary>The row <paramref name="row"/> of run_text contains the text, without regard to case.</summary>
    public abstract string ContainsFolded(string row, string text, SqlParameters parameters);

    /// <summary>The number is one of those that the query gives, which are gathered once; an engine begins with them where it may.</summary>
    public abstract string InGathered(string number, string query);

    /// <summary>Whether the text is short and of ASCII alone.</summary>
    protected static bool IsPlain(string text) => text.Length is > 0 and <= MaxPlainText && text.All(c => c is >= ' ' and < (char)127);

    /// <summary>The text contains an ASCII text, without regard to the case of ASCII letters.</summary>
    protected abstract string ContainsPlain(string expression, string text, SqlParameters parameters);

    /// <summary>The text holds characters that are not ASCII.</summary>
    protected abstract string IsNotAscii(string expression);

    /// <summary>
    /// Appended to a query: locks its rows, in its order, until the transaction ends. Empty where one transaction writes at a time.
    /// </summary>
    public abstract string ForUpdate { get; }

    /// <summary>The column where it is not to lead into an index, because a better way in is known.</summary>
    public virtual string Unindexed(string column) => column;

    /// <summary>
    /// What follows <c>from</c>: the rows <c>x</c> of a table that belong to runs and meet the condition. The runs are a list bound as
    /// <paramref name="runs"/>, and have no order among the rows.
    /// </summary>
    public abstract string OfRuns(string table, string runs, string condition);

    /// <summary>
    /// The rows of <see cref="OfRuns"/>, one row a run: the run; the keys of its rows, eight bytes each; then of each value all of these rows,
    /// as <see cref="TableCells"/> reads them. Null where a row costs next to nothing.
    /// </summary>
    /// <param name="table">The table.</param>
    /// <param name="values">The columns that are wanted of <c>x</c>: all of them numbers, or one that is a text.</param>
    /// <param name="areTexts">Whether it is a text.</param>
    /// <param name="runs">The list.</param>
    /// <param name="condition">The condition.</param>
    public virtual string? Packed(string table, IReadOnlyList<string> values, bool areTexts, string runs, string condition) => null;

    /// <summary>The table, with its alias, such that the engine looks in the index when a query gives all that the index has.</summary>
    public abstract string InIndex(string table, string index);

    /// <summary>
    /// Joins the run <c>r</c> to the rows whose run's number is <paramref name="number"/> when it meets the conditions, such that the
    /// engine goes from the rows to the runs and keeps the order of the rows. What is asked of the number alone is asked before the run
    /// is fetched.
    /// </summary>
    public abstract string RunOfRow(string number, string conditions);

    /// <summary>The same, with a row of NULLs where the run does not meet the conditions, and without the order.</summary>
    public abstract string AnyRunOfRow(string number, string conditions);

    /// <summary>
    /// How many conditions of a filter that stand on other tables may become joins. The rest are asked row by row, each against a set
    /// that is gathered once.
    /// </summary>
    public abstract int MaxFilterJoins { get; }

    /// <summary>
    /// A query that goes through a list, entry by entry, and finds the rows <c>x</c> of a table that belong to each: numbers of the
    /// entry are <see cref="Entry"/>, its place in the list is <see cref="EntryPlace"/>. The rows come in order of the entries.
    /// </summary>
    /// <param name="select">What is selected.</param>
    /// <param name="table">The table.</param>
    /// <param name="where">The condition, on entry and row.</param>
    /// <param name="entries">The list, column by column; all have the same length.</param>
    public abstract SqlText ForEach(string select, string table, string where, params IReadOnlyList<IReadOnlyList<long>> entries);

    /// <summary>A number of the entry, in <see cref="ForEach"/>.</summary>
    public abstract string Entry(int column);

    /// <summary>The place of the entry in the list, from 0, in <see cref="ForEach"/>.</summary>
    public abstract string EntryPlace { get; }

    /// <summary>The rows of the logs of runs, each from a sequence number on, run by run in order: run, payload.</summary>
    public abstract SqlText Tails(IReadOnlyList<long> runs, IReadOnlyList<long> from);

    /// <summary>The value of a parameter that holds numbers.</summary>
    public abstract object List(IEnumerable<long> numbers);

    /// <summary>The value of a parameter that holds texts.</summary>
    public abstract object List(IEnumerable<string> texts);

    /// <summary>
    /// Holds off transactions that link files, and waits for those under way, until the transaction ends; null where one
    /// transaction writes at a time.
    /// </summary>
    public virtual string? ExcludeLinks => null;

    /// <summary>Lets transactions that link files go on beside this one and waits for one under <see cref="ExcludeLinks"/>; null as there.</summary>
    public virtual string? ShareLinks => null;

    /// <summary>A query that counts the servers that work on the database; null where the folder's lock keeps others away from them.</summary>
    public virtual string? CountServers => null;

    /// <summary>Whether a text may hold U+0000, as texts of older stores do.</summary>
    public virtual bool KeepsNul => true;

    /// <summary>Statements after rows came with their numbers: what gives new numbers must begin above them.</summary>
    public virtual IReadOnlyList<string> AfterBulk => [];

    /// <summary>
    /// At most <paramref name="limit"/> rows of the metric log from (run, seq) up to the end of run <paramref name="toRun"/>, in
    /// this order: run_no, seq, payload, digest.
    /// </summary>
    public virtual SqlText LogPage(long fromRun, long fromSeq, long toRun, long limit) => SqlText.Fixed(
        "select run_no, seq, payload, digest from metric_log where (run_no, seq) >= (@run, @seq) and run_no <= @to order by run_no, seq limit @limit",
        fromRun, fromSeq, toRun, limit);

    /// <summary>The run's number of a row of the log, which a query calls <c>t</c>.</summary>
    public virtual string LogOwner => "t.run_no";

    /// <summary>A condition: a row of the log, which a query calls <paramref name="row"/>, is of the run with this number.</summary>
    public virtual string LogIsOf(string row, string runNo) => $"{row}.run_no = {runNo}";

    /// <summary>A query by which the engine examines itself: one text, "ok", when nothing is wrong; null where it has none.</summary>
    public virtual string? SelfCheck => null;

    /// <summary>Whether an error of the driver says that what is kept is damaged or cannot be read from the disk.</summary>
    public virtual bool IsDamage(Exception exception) => false;

    /// <summary>At most <paramref name="limit"/> rows of the log of one run from <paramref name="fromSeq"/> on, in order: seq, payload, digest.</summary>
    public virtual SqlText LogOfRun(long runNo, long fromSeq, long limit) => SqlText.Fixed(
        "select seq, payload, digest from metric_log where run_no = @run and seq >= @seq order by seq limit @limit", runNo, fromSeq, limit);

    /// <summary>Removes the rows of the log of a run below <paramref name="toSeq"/>.</summary>
    public virtual SqlText DeleteLogOfRun(long runNo, long toSeq) =>
        SqlText.Fixed("delete from metric_log where run_no = @run and seq < @seq", runNo, toSeq);

    /// <summary>Removes the log of the runs from one to another.</summary>
    public virtual SqlText DeleteLog(long fromRun, long toRun) =>
        SqlText.Fixed("delete from metric_log where run_no >= @from and run_no <= @to", fromRun, toRun);
}
