namespace Runstone.Storage.Sql;

/// <summary>What engines spell differently. Everything else is written once, in the subset that all understand.</summary>
internal abstract class SqlDialect
{
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
    /// Appended to a query: locks its rows, in its order, until the transaction ends. Empty where one transaction writes at a time.
    /// </summary>
    public abstract string ForUpdate { get; }

    /// <summary>The rows of a run's metric log in the order in which they were written; the one column is the payload.</summary>
    public abstract SqlText MetricLog(long runNo);

    /// <summary>The value of a parameter that holds numbers.</summary>
    public abstract object List(IEnumerable<long> numbers);

    /// <summary>The value of a parameter that holds texts.</summary>
    public abstract object List(IEnumerable<string> texts);
}
