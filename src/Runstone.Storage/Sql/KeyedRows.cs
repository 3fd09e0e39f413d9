namespace Runstone.Storage.Sql;

/// <summary>Rows that have a key, by run and then by the key's name.</summary>
/// <param name="names">The names that are remembered.</param>
/// <param name="keyOf">The name in an item.</param>
/// <param name="rename">The item with another name.</param>
internal sealed class KeyedRows<T>(KeyNames names, Func<T, string> keyOf, Func<T, string, T> rename) : IKeyedRows
{
    private readonly Dictionary<long, List<T>> _groups = [];
    private readonly List<(long Key, List<T> Group, int At)> _unnamed = [];

    public IEnumerable<long> Unnamed => _unnamed.Select(u => u.Key);

    /// <summary>Adds a row whose columns begin with the run and the key.</summary>
    public void Add(SqlRow row, Func<SqlRow, string, T> read)
    {
        var run = row.Int64(0);
        if (!_groups.TryGetValue(run, out var group))
            _groups[run] = group = [];
        var name = names.Known(row.Int64(1));
        if (name is null)
            _unnamed.Add((row.Int64(1), group, group.Count));
        group.Add(read(row, name ?? ""));
    }

    public void Complete(IReadOnlyDictionary<long, string> nameOf)
    {
        foreach (var (key, group, at) in _unnamed)
            group[at] = rename(group[at], nameOf[key]);
        foreach (var group in _groups.Values)
            group.Sort((a, b) => string.CompareOrdinal(keyOf(a), keyOf(b)));
    }

    public IReadOnlyList<T> Of(long run) => _groups.GetValueOrDefault(run) ?? [];
}

/// <summary>What still has to be named once all rows are there; statements do not overlap.</summary>
internal interface IKeyedRows
{
    /// <summary>The keys whose names are not remembered.</summary>
    IEnumerable<long> Unnamed { get; }

    /// <summary>Gives the names and brings the rows into order.</summary>
    void Complete(IReadOnlyDictionary<long, string> nameOf);
}
