using System.Globalization;

namespace Runstone.Storage.Sql;

/// <summary>Collects the values of a statement; every value that a client sent travels here and never in the text.</summary>
internal sealed class SqlParameters
{
    private readonly List<(string Name, object Value)> _all = [];

    public IReadOnlyList<(string Name, object Value)> All => _all;

    /// <summary>Adds a value and returns the name that stands for it in the text.</summary>
    public string Add(object value)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"@p{_all.Count}");
        _all.Add((name, value));
        return name;
    }
}
