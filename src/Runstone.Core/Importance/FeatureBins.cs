using System.Globalization;

namespace Runstone.Core.Importance;

/// <summary>
/// The values of one param in a few bins, one byte a run: numbers in ascending order of value, in bins of about as many runs each when there are more
/// values than bins; categories by how many runs have them, the rarest sharing the last bin. Bin 0 is for runs without the param.
/// </summary>
internal sealed class FeatureBins
{
    /// <summary>A set of bins is a word of 64 bits.</summary>
    public const int Count = 64;

    private const byte Missing = 0;

    private FeatureBins(byte[] bins, ParamKind kind, double[]? numbers, int runs) => (Bins, Kind, Numbers, Runs) = (bins, kind, numbers, runs);

    /// <summary>One a run.</summary>
    public byte[] Bins { get; }

    public ParamKind Kind { get; }

    /// <summary>The numbers, NaN for runs without; null for categories.</summary>
    public double[]? Numbers { get; }

    /// <summary>Runs that have the param.</summary>
    public int Runs { get; }

    /// <summary>Whether there is more than one bin, so that the param can say anything; a run without it differs from one with it.</summary>
    public bool Differs => Bins.AsSpan().IndexOfAnyExcept(Bins.Length == 0 ? Missing : Bins[0]) >= 0;

    /// <summary>Of the values, one a run, null where it has none.</summary>
    public static FeatureBins Of(IReadOnlyList<string?> values)
    {
        var numbers = new double[values.Count];
        var (runs, isNumber) = (0, true);
        for (var i = 0; i < values.Count; i++)
        {
            numbers[i] = double.NaN;
            if (values[i] is not { } text)
                continue;
            runs++;
            isNumber &= double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i]) && double.IsFinite(numbers[i]);
        }

        return isNumber && runs > 0
            ? new FeatureBins(OfNumbers(numbers), ParamKind.Number, numbers, runs)
            : new FeatureBins(OfTexts(values), ParamKind.Category, null, runs);
    }

    private static byte[] OfNumbers(double[] numbers)
    {
        var sorted = numbers.Where(n => !double.IsNaN(n)).Order().ToArray();
        var distinct = sorted.Distinct().ToArray();
        var borders = distinct.Length < Count
            ? distinct
            : [.. Enumerable.Range(1, Count - 1).Select(i => sorted[(int)((long)sorted.Length * i / (Count - 1)) - 1]).Distinct()];
        return [.. numbers.Select(n => double.IsNaN(n) ? Missing : (byte)(1 + FirstNotBelow(borders, n)))];
    }

    /// <summary>The last border is the greatest number, so there is always one.</summary>
    private static int FirstNotBelow(double[] borders, double number)
    {
        var at = Array.BinarySearch(borders, number);
        return at >= 0 ? at : ~at;
    }

    private static byte[] OfTexts(IReadOnlyList<string?> values)
    {
        var frequent = values.OfType<string>().CountBy(v => v, StringComparer.Ordinal)
            .OrderByDescending(v => v.Value).ThenBy(v => v.Key, StringComparer.Ordinal).Take(Count - 2);
        var binOf = new Dictionary<string, byte>(StringComparer.Ordinal);
        foreach (var (value, _) in frequent)
            binOf[value] = (byte)(binOf.Count + 1);
        return [.. values.Select(v => v is null ? Missing : binOf.GetValueOrDefault(v, (byte)(Count - 1)))];
    }
}
