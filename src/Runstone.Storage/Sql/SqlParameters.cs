using System.Globalization;

namespace Runstone.Storage.Sql;

/// <summary>Collects the values of a statement; every value that a client sent travels here and never in the text.</summary>
internal sealed class SqlParameters
{
    private readonly List<object> _all = [];

    public IReadOnlyList<object> All => _all;

    /// <summary>Adds a value and returns the name that stands for it in the text.</summary>
    public string Add(object value)
    {
        _all.Add(value);
        return Name(_all.Count - 1);
    }

    /// <summary>What value <paramref name="index"/> is called in the text.</summary>
    public static string Name(int index) => string.Create(CultureInfo.InvariantCulture, $"@p{index}");
}
