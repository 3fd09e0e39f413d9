using Runstone.Core.Experiments;
using Runstone.Core.Query;

namespace Runstone.Storage.Sql;

/// <summary>A stretch of an order: all runs, or those whose first key has a value, is NaN, or is not there.</summary>
internal enum RunPart
{
    All,
    Valued,
    NaN,
    Missing,
}

/// <summary>
/// Builds the statements of a search over runs. They return run numbers in order, each with what says where it stands; the columns
/// of a page are read afterwards.
/// </summary>
/// <remarks>
/// When the first order is a metric, param or tag inside one experiment, the order falls into parts (<see cref="PartsOf"/>), the first
/// of which come straight from the index of that key, so that a page costs what it shows.
/// </remarks>
/// <param name="dialect">The engine.</param>
/// <param name="query">What is searched.</param>
/// <param name="part">One of the parts of the query.</param>
/// <param name="rowByRow">
/// Whether conditions on metrics, params and tags are looked up for one run after the other, which is right where a page fills soon, or
/// all runs that fulfil each are gathered first. Both find the same.
/// </param>
internal sealed class RunSearch(SqlDialect dialect, RunQuery query, RunPart part, bool rowByRow)
{
    /// <summary>Runs that <see cref="Sample"/> looks at.</summary>
    public const int SampleSize = 400;

    private readonly SqlParameters _parameters = new();

    /// <summary>The parts of the order, one after the other.</summary>
    public static IReadOnlyList<RunPart> PartsOf(RunQuery query) => query switch
    {
        { ExperimentIds.Count: 1, OrderBy: [{ Field: { Kind: FieldKind.Metric, Aggregate: MetricAggregate.Last } }, ..] } => [RunPart.Valued, RunPart.NaN, RunPart.Missing],
        { ExperimentIds.Count: 1, OrderBy: [{ Field.Kind: FieldKind.Param or FieldKind.Tag }, ..] } => [RunPart.Valued, RunPart.Missing],
        _ => [RunPart.All],
    };

    /// <summary>The part that a position lies in.</summary>
    public static RunPart PartOf(RunPosition position) => position.Values[0].Kind switch
    {
        OrderValueKind.Absent => RunPart.Missing,
        OrderValueKind.NaN => RunPart.NaN,
        _ => RunPart.Valued,
    };

    /// <summary>
    /// Whether it matters how conditions are asked, because an index gives the runs in order and a page may be full before its end.
    /// </summary>
    public static bool HasChoice(RunQuery query, RunPart part) => part switch
    {
        RunPart.NaN => false,
        RunPart.Valued => AsksOtherRows(query.Filter),
        RunPart.Missing => query.OrderBy.Count == 1,
        _ => query.OrderBy is [] or [{ Field: { Kind: FieldKind.Attribute, Key: RunFields.StartTime } }, ..] && AsksOtherRows(query.Filter),
    };

    /// <summary>
    /// Whether rows are passed over in an index alone (<see cref="RunJump"/>): all runs of an experiment match but those of another lifecycle, in an order that an index has.
    /// </summary>
    public static bool CanJump(RunQuery query, RunPart part) =>
        query is { Filter: Filter.And { Parts.Count: 0 }, Roots: false, After: null, ExperimentIds.Count: 1, Lifecycle: LifecycleView.Active or LifecycleView.All }
        && (part == RunPart.Valued || (part == RunPart.All && query.OrderBy is [] or [{ Field: { Kind: FieldKind.Attribute, Key: RunFields.StartTime } }]));

    /// <summary>The runs of the part, and what <paramref name="order"/> reads their positions from, after the number.</summary>
    /// <param name="limit">How many.</param>
    /// <param name="offset">How many are passed over.</param>
    /// <param name="first">Where the index is entered: a value of the first thing sorted by; null at its beginning.</param>
    /// <param name="order">The order.</param>
    public SqlText Page(long limit, long offset, OrderValue? first, out RunOrder order)
    {
        var fields = Fields();
        var (from, where, sorted) = Source(fields);
        if (query.After is { } position && (part == RunPart.All || PartOf(position) == part))
            where += $" and {sorted.After(position)}";
        if (first is { } entered)
            where += $" and {sorted.From(entered)}";
        order = sorted;
        return new SqlText($"""
            select r.run_no, {sorted.Columns} {from} {sorted.Joins}
            where {where}
            order by {sorted.Terms} limit {_parameters.Add(limit)} offset {_parameters.Add(offset)}
            """, _parameters);
    }

    /// <summary>Where the run stands that comes after <paramref name="rank"/> others, without what no index has.</summary>
    public SqlText PositionAt(long rank, out RunOrder order)
    {
        var (from, where, sorted) = Source(Fields());
        order = sorted;
        return new SqlText($"select {sorted.Columns} {from} where {where} order by {sorted.Terms} limit 1 offset {_parameters.Add(rank)}", _parameters);
    }

    /// <summary>What is sorted by first in the row of the index that comes after <paramref name="rank"/> others, whatever the lifecycle of its run.</summary>
    public SqlText ValueAt(long rank)
    {
        var (place, order) = Indexed();
        return new SqlText($"select {order.First} from {place.Table} where {place.Scope}{HasValue(place)} order by {order.FirstTerm} limit 1 offset {_parameters.Add(rank)}", _parameters);
    }

    /// <summary>How many rows of the index come before the value, or how many there are; and of how many of them the run is of another lifecycle: two numbers.</summary>
    public SqlText PassedBefore(OrderValue? first)
    {
        var (place, order) = Indexed();
        var before = first is { } value ? $" and {order.Before(value)}" : "";
        var hidden = query.Lifecycle == LifecycleView.All
            ? "0"
            : $"(select count(*) from runs r where r.experiment_id = {_parameters.Add(query.ExperimentIds[0])} and r.lifecycle > 0 and (select 1 from {place.Table} where {place.OwnerColumn} = {place.Owner} and {place.Key}{HasValue(place)}{before}) is not null)";
        return new SqlText($"select (select count(*) from {place.Table} where {place.Scope}{HasValue(place)}{before}), {hidden}", _parameters);
    }

    private (SearchField.Owned Place, RunOrder Order) Indexed()
    {
        var fields = Fields();
        var place = fields.ResolveWalked(query.OrderBy[0].Field);
        var order = new RunOrder(fields, _parameters);
        order.AddIndexed(place, query.OrderBy[0].Descending);
        return (place, order);
    }

    /// <summary>How many runs the part has after the position, if that lies in it.</summary>
    public SqlText Count()
    {
        var begins = query.After is { } at && (part == RunPart.All || PartOf(at) == part);
        var (from, where, order) = Source(Fields(), joins: begins);
        if (begins)
            where += $" and {order.After(query.After!)}";
        return new SqlText($"select count(*) {from} {order.Joins} where {where}", _parameters);
    }

    /// <summary>How many runs of all parts match, at most <paramref name="ceiling"/>.</summary>
    public SqlText CountUpTo(long ceiling)
    {
        var sql = $"select count(*) from (select 1 from runs r where {Conditions(Fields())} limit {_parameters.Add(ceiling)}) matches";
        return new SqlText(sql, _parameters);
    }

    /// <summary>
    /// Of the next <see cref="SampleSize"/> runs that the index gives, how many there are and how many match: two numbers.
    /// </summary>
    public SqlText Sample() => part == RunPart.Valued ? SampleOfValues(Fields()) : SampleOfRuns(Fields());

    private SqlText SampleOfRuns(RunFieldPlaces fields)
    {
        var (from, where, order) = Source(fields, conditions: false);
        if (query.After is { } position && (part == RunPart.All || PartOf(position) == part))
            where += $" and {order.After(position)}";
        var missing = part == RunPart.Missing ? $"{Lacks(fields)} and " : "";
        return new SqlText($"""
            select count(*), coalesce(sum(case when {missing}{Conditions(fields)} then 1 else 0 end), 0)
            from (select r.* {from} {order.Joins} where {where} order by {order.Terms} limit {SampleSize}) r
            """, _parameters);
    }

    /// <summary>From the index alone, so that a run is fetched only when all that is asked of other tables holds.</summary>
    private SqlText SampleOfValues(RunFieldPlaces fields)
    {
        var place = fields.ResolveWalked(query.OrderBy[0].Field);
        var order = new RunOrder(fields, _parameters);
        order.AddIndexed(place, query.OrderBy[0].Descending);
        var from = query.After is { } position && PartOf(position) == part ? $" and {order.From(position)}" : "";
        var conditions = Conditions(fields.OfWalked(), scoped: true);
        return new SqlText($"""
            select count(*), count(r.run_no)
            from (select {RunFieldPlaces.WalkedNumber} from {place.Table} where {place.Scope}{HasValue(place)}{from} order by {order.FirstTerm} limit {SampleSize}) {RunFieldPlaces.Walked}
            {dialect.AnyRunOfRow(RunFieldPlaces.WalkedNumber, conditions)}
            """, _parameters);
    }

    private static string HasValue(SearchField.Owned place) => place.Text is null ? $" and {place.Number} is not null" : "";

    private static bool AsksOtherRows(Filter filter) => filter switch
    {
        Filter.And and => and.Parts.Any(AsksOtherRows),
        Filter.Or or => or.Parts.Any(AsksOtherRows),
        Filter.Not not => AsksOtherRows(not.Part),
        Filter.Compare compare => IsOfOtherRow(compare.Field),
        Filter.In @in => IsOfOtherRow(@in.Field),
        Filter.Exists exists => IsOfOtherRow(exists.Field),
        _ => true,
    };

    private static bool IsOfOtherRow(Field field) => field.Kind is FieldKind.Metric or FieldKind.Param or FieldKind.Tag;

    private RunFieldPlaces Fields() => new(dialect, _parameters, query.ExperimentIds);

    private SearchField.Owned First(RunFieldPlaces fields) => (SearchField.Owned)fields.Resolve(query.OrderBy[0].Field);

    /// <summary>Where the rows of the part come from, on which conditions, in which order.</summary>
    private (string From, string Where, RunOrder Order) Source(RunFieldPlaces fields, bool conditions = true, bool joins = true)
    {
        var order = part switch
        {
            RunPart.NaN => new RunOrder(fields, _parameters, OrderValue.NaN),
            RunPart.Missing => new RunOrder(fields, _parameters, OrderValue.Absent),
            _ => new RunOrder(fields, _parameters),
        };
        if (part is RunPart.All or RunPart.Missing)
        {
            if (joins)
                order.Add(query.OrderBy.Skip(part == RunPart.All ? 0 : 1));
            var where = conditions ? Conditions(fields) : Scope(fields);
            return ("from runs r", part == RunPart.Missing && conditions ? $"{where} and {Lacks(fields)}" : where, order);
        }

        var place = fields.ResolveWalked(query.OrderBy[0].Field);
        if (part == RunPart.Valued)
            order.AddIndexed(place, query.OrderBy[0].Descending);
        if (joins)
            order.Add(query.OrderBy.Skip(1));
        // The rows are of the experiment already; asked again, an engine without statistics looks through all its runs for each row.
        var asked = conditions ? Conditions(fields.OfWalked(), scoped: true) : "1 = 1";
        var value = part == RunPart.NaN ? $" and {place.Number} is null" : HasValue(place);
        return ($"from {place.Table} {dialect.RunOfRow(RunFieldPlaces.WalkedNumber, asked)}", place.Scope + value, order);
    }

    /// <summary>The condition that a run has no value of the first order.</summary>
    private string Lacks(RunFieldPlaces fields)
    {
        var place = First(fields);
        return rowByRow ? $"{place.OfOwner(place.OwnerColumn)} is null" : $"{place.Owner} not in (select {place.OwnerColumn} from {place.Table} where {place.Scope})";
    }

    /// <summary>The runs whose texts contain what is sought are gathered first, and all other conditions are asked of these.</summary>
    private bool LeadsByText => !rowByRow && part == RunPart.All
        && (query.Filter is Filter.Text || (query.Filter is Filter.And and && and.Parts.Any(p => p is Filter.Text)));

    private static string Scope(RunFieldPlaces fields, string column = "r.experiment_id") =>
        fields.Experiments(column) is { Length: > 0 } scope ? scope : "1 = 1";

    /// <summary>The conditions on the lifecycle of runs and of their experiments; empty when all are looked for.</summary>
    private IEnumerable<string> Shown(string run)
    {
        if (LifecycleSql.Number(query.Lifecycle) is { } number)
            yield return FormattableString.Invariant($"{run}.lifecycle = {number}");
        if (query is { Lifecycle: LifecycleView.Active, ExperimentIds.Count: 0 })
            yield return $"{run}.experiment_id not in ({LifecycleSql.ArchivedExperiments})";
    }

    /// <summary>A look by the id of the parent, for the runs that name one. Who is its own parent is a root.</summary>
    private string IsRoot(RunFieldPlaces fields)
    {
        var scope = fields.Experiments("p.experiment_id") is { Length: > 0 } inScope ? " and " + inScope : "";
        var shown = string.Concat(Shown("p").Select(c => " and " + c));
        return $"(r.parent_id is null or (select 1 from runs p where p.run_id = r.parent_id and p.run_no <> r.run_no{scope}{shown}) is null)";
    }

    private string Conditions(RunFieldPlaces fields, bool scoped = false)
    {
        var conditions = new List<string>();
        if (!scoped)
            conditions.Add(Scope(fields, LeadsByText ? dialect.Unindexed("r.experiment_id") : "r.experiment_id"));
        conditions.AddRange(Shown("r"));
        if (query.Roots)
            conditions.Add(IsRoot(fields));
        conditions.Add(new FilterCompiler(dialect, _parameters, fields.Resolve, text => fields.SearchText(text, rowByRow), rowByRow).Compile(query.Filter));
        return string.Join(" and ", conditions);
    }
}
