using System.Globalization;
using Runstone.Core.Runs;

namespace Runstone.Core.Importance;

/// <summary>
/// The values of one param in a few bins, one byte a run: numbers in ascending order of value, in bins of about as many runs each when there are more
/// values than bins; categories by how many runs have them, the rarest sharing the last bin. Bin 0 is for runs without the param.
/// </summary>
internal sealed class FeatureBins
{
    /// <summary>A set of bins is a word of 64 bits.</summary>
    public const int Count = 64;

    /// <summary>The number of no text.</summary>
    public const int NoText = -1;

    private const byte Missing = 0;

    private FeatureBins(byte[] bins, ParamKind kind, double[]? numbers, int runs) => (Bins, Kind, Numbers, Runs) = (bins, kind, numbers, runs);

    /// <summary>One a run.</summary>
    public byte[] Bins { get; }

    public ParamKind Kind { get; }

    /// <summary>The numbers, NaN for runs without; null for categories, and when they are kept no longer.</summary>
    public double[]? Numbers { get; }

    /// <summary>Runs that have the param.</summary>
    public int Runs { get; }

    /// <summary>Whether there is more than one bin, so that the param can say anything; a run without it differs from one with it.</summary>
    public bool Differs => Bins.AsSpan().IndexOfAnyExcept(Bins.Length == 0 ? Missing : Bins[0]) >= 0;

    /// <summary>The same for those who need the bins alone.</summary>
    public FeatureBins WithoutNumbers() => new(Bins, Kind, null, Runs);

    /// <summary>Of the values, one a run, null where it has none.</summary>
    public static FeatureBins Of(IReadOnlyList<string?> values)
    {
        var texts = new TextNumbers();
        var textOfRun = new int[values.Count];
        for (var i = 0; i < textOfRun.Length; i++)
            textOfRun[i] = values[i] is { } text ? texts.Of(text) : NoText;
        return Of(texts, textOfRun);
    }

    /// <summary>Of the values, one a run, <see cref="NoText"/> where it has none; each text is read once.</summary>
    public static FeatureBins Of(TextNumbers texts, int[] textOfRun)
    {
        var runsOf = new int[texts.Count];
        foreach (var text in textOfRun)
        {
            if (text != NoText)
                runsOf[text]++;
        }

        var runs = runsOf.Sum();
        if (runs == 0 || ParseAll(texts) is not { } numberOf)
            return new FeatureBins(OfTexts(texts, runsOf, textOfRun), ParamKind.Category, null, runs);
        var numbers = Array.ConvertAll(textOfRun, text => text == NoText ? double.NaN : numberOf[text]);
        return new FeatureBins(OfNumbers(numbers), ParamKind.Number, numbers, runs);
    }

    /// <summary>The number of each text; null unless all are finite numbers.</summary>
    private static double[]? ParseAll(TextNumbers texts)
    {
        var numbers = new double[texts.Count];
        for (var i = 0; i < numbers.Length; i++)
        {
            if (!double.TryParse(texts[i], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i]) || !double.IsFinite(numbers[i]))
                return null;
        }

        return numbers;
    }

    private static byte[] OfNumbers(double[] numbers)
    {
        var sorted = Array.FindAll(numbers, n => !double.IsNaN(n));
        sorted.AsSpan().Sort();
        var distinct = sorted.Distinct().Take(Count).ToArray();
        var borders = distinct.Length < Count
            ? distinct
            : [.. Enumerable.Range(1, Count - 1).Select(i => sorted[(int)((long)sorted.Length * i / (Count - 1)) - 1]).Distinct()];
        return Array.ConvertAll(numbers, n => double.IsNaN(n) ? Missing : (byte)(1 + FirstNotBelow(borders, n)));
    }

    /// <summary>The last border is the greatest number, so there is always one.</summary>
    private static int FirstNotBelow(double[] borders, double number)
    {
        var at = Array.BinarySearch(borders, number);
        return at >= 0 ? at : ~at;
    }

    private static byte[] OfTexts(TextNumbers texts, int[] runsOf, int[] textOfRun)
    {
        var binOf = new byte[texts.Count];
        Array.Fill(binOf, (byte)(Count - 1));
        var frequent = Enumerable.Range(0, texts.Count).OrderByDescending(t => runsOf[t]).ThenBy(t => texts[t], StringComparer.Ordinal).Take(Count - 2);
        byte next = 1;
        foreach (var text in frequent)
            binOf[text] = next++;
        return Array.ConvertAll(textOfRun, text => text == NoText ? Missing : binOf[text]);
    }
}
