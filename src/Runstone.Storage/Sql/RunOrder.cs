using Runstone.Core.Errors;
using Runstone.Core.Query;

namespace Runstone.Storage.Sql;

/// <summary>
/// The keys of an order as SQL over <c>runs r</c>: what joins them, what sorts by them, what reads a row's position, and the condition
/// that a row comes after a position. Start time, newest first, and run id break ties.
/// </summary>
/// <remarks>Each key has a rank before its value: 0 with a value, 1 for NaN, 2 without; no rank when there always is a value.</remarks>
internal sealed class RunOrder
{
    /// <summary>Each order may be a join, and engines bound those.</summary>
    private const int MaxJoins = 32;

    private const int NaNRank = 1;
    private const int AbsentRank = 2;

    private const string Start = "r.start_time";

    private readonly RunFieldPlaces _fields;
    private readonly SqlParameters _parameters;
    private readonly List<string> _joins = [];
    private readonly List<Key> _keys = [];

    /// <summary>What all rows of the part have in common, before the keys.</summary>
    private readonly IReadOnlyList<OrderValue> _given;

    /// <param name="fields">Where fields stand.</param>
    /// <param name="parameters">Takes the values.</param>
    /// <param name="given">The values of the first keys, when all rows have the same ones.</param>
    public RunOrder(RunFieldPlaces fields, SqlParameters parameters, params IReadOnlyList<OrderValue> given) =>
        (_fields, _parameters, _given) = (fields, parameters, given);

    public string Joins => string.Join(' ', _joins);

    /// <summary>The columns that <see cref="Read"/> takes.</summary>
    public string Columns => string.Join(", ", [Start, "r.run_id", .. _keys.SelectMany(k => k.Rank is null ? [k.Value] : (string[])[k.Rank, k.Value])]);

    /// <summary>What follows <c>order by</c>.</summary>
    public string Terms => string.Join(", ", [.. _keys.SelectMany(k => k.Terms), .. Ties]);

    /// <summary>What an index has the rows sorted by, ties aside.</summary>
    public string FirstTerm => _keys[0].Terms.First();

    // A key that is the start time leaves nothing to break by it.
    private IEnumerable<string> Ties => HasStart ? ["r.run_id"] : [$"{Start} desc", "r.run_id"];

    private bool HasStart => _keys.Exists(k => k.Value == Start);

    /// <summary>Adds a key that the rows <c>x</c> of an index have, all of them with a value.</summary>
    public void AddIndexed(SearchField.Owned place, bool descending) =>
        _keys.Add(place.Text is { } text
            ? new Key(text, null, descending, OrderValueKind.Text) { Prefix = SearchField.Prefix(text) }
            : new Key(place.Number!, null, descending, OrderValueKind.Number));

    public void Add(IEnumerable<Ordering> orderings)
    {
        foreach (var (field, descending) in orderings)
        {
            if (field.Kind is FieldKind.Metric or FieldKind.Param or FieldKind.Tag)
                AddJoined(field, descending);
            else
                AddColumn(_fields.Resolve(field), descending);
        }
    }

    /// <summary>Where the row stands whose <see cref="Columns"/> begin at <paramref name="at"/>.</summary>
    public RunPosition Read(SqlRow row, int at)
    {
        var values = new List<OrderValue>(_given);
        var column = at + 2;
        foreach (var key in _keys)
        {
            var rank = key.Rank is null ? 0 : row.Int64(column++);
            values.Add(rank switch
            {
                AbsentRank => OrderValue.Absent,
                NaNRank => OrderValue.NaN,
                _ when key.Kind == OrderValueKind.Text => OrderValue.Of(row.Text(column)),
                _ when key.Kind == OrderValueKind.Whole => OrderValue.Of(row.Int64(column)),
                _ => OrderValue.Of(row.Double(column)),
            });
            column++;
        }

        return new RunPosition(values, row.Int64(at), row.Text(at + 1));
    }

    /// <summary>
    /// The condition that a row comes after the position, with a bound on the first thing sorted by in front, where an index begins
    /// its walk.
    /// </summary>
    public string After(RunPosition position)
    {
        var condition = $"r.run_id > {_parameters.Add(position.RunId)}";
        var bound = "";
        if (!HasStart)
        {
            var start = _parameters.Add(position.StartTime);
            condition = $"({Start} < {start} or ({Start} = {start} and {condition}))";
            bound = _keys.Count == 0 ? $"{Start} <= {start} and " : "";
        }

        for (var i = _keys.Count - 1; i >= 0; i--)
        {
            var (key, value) = (_keys[i], position.Values[_given.Count + i]);
            var parameter = Parameter(value);
            condition = $"({key.Later(value, parameter)} or ({key.Same(value, parameter)} and {condition}))";
            if (i == 0 && key.Rank is null)
                bound = key.Bound(parameter) + " and ";
        }

        return bound + condition;
    }

    /// <summary>
    /// The condition that a row may come after the position, by the first thing sorted by alone, which an index has: rows with the same are among them.
    /// </summary>
    public string From(RunPosition position) => _keys[0].Bound(Parameter(position.Values[_given.Count]));

    /// <summary>The same for the value that the first thing sorted by has there.</summary>
    public string From(OrderValue first) => _keys[0].Bound(Parameter(first));

    /// <summary>The condition that the first thing sorted by comes before the value.</summary>
    public string Before(OrderValue first) => _keys[0].Before(Parameter(first));

    /// <summary>The first thing sorted by, which an index has.</summary>
    public string First => _keys[0].Prefix ?? _keys[0].Value;

    private string Parameter(OrderValue value) => value.Kind switch
    {
        OrderValueKind.Text => _parameters.Add(value.Text!),
        OrderValueKind.Whole => _parameters.Add(value.Whole),
        OrderValueKind.Number => _parameters.Add(value.Number),
        _ => "",
    };

    private void AddJoined(Field field, bool descending)
    {
        if (_joins.Count == MaxJoins)
            throw new RunstoneException(new Error(ErrorCode.TooLarge, $"The search is ordered by more than {MaxJoins} metrics, params and tags.", "order_by"));
        var alias = $"o{_joins.Count}";
        _joins.Add($"left join {RunFieldPlaces.TableOf(field.Kind)} {alias} on {alias}.run_no = r.run_no and {alias}.key_id = {RunFieldPlaces.KeyId(_parameters.Add(field.Key))}");
        var value = $"{alias}.{RunFieldPlaces.ValueColumn(field)}";
        _keys.Add(new Key(
            value, $"case when {alias}.run_no is null then {AbsentRank} when {value} is null then {NaNRank} else 0 end", descending,
            field.Kind == FieldKind.Metric ? OrderValueKind.Number : OrderValueKind.Text));
    }

    private void AddColumn(SearchField place, bool descending)
    {
        var value = place switch
        {
            SearchField.Column column => column.Sql,
            SearchField.Owned owned => $"(select min({owned.Text}) from {owned.Table} where {owned.OwnerColumn} = {owned.Owner} and {owned.Scope})",
            _ => throw new RunstoneException(Error.Invalid("order_by", "The field cannot be ordered by.")),
        };
        var rank = place is SearchField.Column { Nullable: false } ? null : $"case when {value} is null then {AbsentRank} else 0 end";
        _keys.Add(new Key(value, rank, descending, place is SearchField.Column { IsNumber: true } ? OrderValueKind.Whole : OrderValueKind.Text));
    }

    private sealed record Key(string Value, string? Rank, bool Descending, OrderValueKind Kind)
    {
        /// <summary>The part of a text that is indexed, which is sorted by first; null when the value is.</summary>
        public string? Prefix { get; init; }

        public IEnumerable<string> Terms =>
            ((string?[])[Rank, Prefix + (Prefix is null ? null : Direction), Value + Direction]).OfType<string>().Where(t => t.Length > 0);

        private string Direction => Descending ? " desc" : "";

        private char Sign => Descending ? '<' : '>';

        /// <summary>That the index is walked from here.</summary>
        public string Bound(string parameter) =>
            Prefix is null ? $"{Value} {Sign}= {parameter}" : $"{Prefix} {Sign}= {SearchField.Prefix(parameter)}";

        /// <summary>That the index passed by before it came here.</summary>
        public string Before(string parameter) => $"{Prefix ?? Value} {(Descending ? '>' : '<')} {(Prefix is null ? parameter : SearchField.Prefix(parameter))}";

        public string Later(OrderValue value, string parameter) => value.Kind switch
        {
            OrderValueKind.Absent => "1 = 0",
            OrderValueKind.NaN => $"{Rank} > {NaNRank}",
            _ when Rank is null => $"{Value} {Sign} {parameter}",
            _ => $"({Rank} > 0 or {Value} {Sign} {parameter})",
        };

        public string Same(OrderValue value, string parameter) => value.Kind switch
        {
            OrderValueKind.Absent => $"{Rank} = {AbsentRank}",
            OrderValueKind.NaN => $"{Rank} = {NaNRank}",
            _ => $"{Value} = {parameter}",
        };
    }
}
