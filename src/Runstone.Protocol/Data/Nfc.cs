using System.Text;

namespace Runstone.Protocol.Data;

/// <summary>
/// Normalisation form C (Unicode Standard Annex 15) by tables of its own: the runtime normalises nothing where it runs without the data of a language library, which is how the server and
/// the command line run, and two machines have to agree. Code points that the tables' version of Unicode does not know stay as they are.
/// </summary>
internal static class Nfc
{
    private const int SyllableFirst = 0xAC00;
    private const int LeadFirst = 0x1100;
    private const int VowelFirst = 0x1161;
    private const int TailFirst = 0x11A7;
    private const int Leads = 19;
    private const int Vowels = 21;
    private const int Tails = 28;

    /// <summary>Below it nothing decomposes that does not compose again, and nothing is reordered.</summary>
    private const char FirstOfInterest = '\u0300';

    private static readonly Dictionary<int, (int First, int Second)> Decompositions = [];
    private static readonly Dictionary<(int First, int Second), int> Compositions = [];
    private static readonly Dictionary<int, byte> Ranks = [];

    static Nfc()
    {
        var decompositions = NfcData.Decompositions;
        for (var i = 0; i < decompositions.Length; i += 4)
        {
            var pair = (decompositions[i + 1], decompositions[i + 2]);
            Decompositions[decompositions[i]] = pair;
            if (decompositions[i + 3] == 1)
                Compositions[pair] = decompositions[i];
        }

        var marks = NfcData.Marks;
        for (var i = 0; i < marks.Length; i += 3)
        {
            for (var mark = marks[i]; mark <= marks[i + 1]; mark++)
                Ranks[mark] = (byte)marks[i + 2];
        }
    }

    /// <summary>Whether the well-formed text is in form C.</summary>
    public static bool IsNormalized(string text) =>
        !text.AsSpan().ContainsAnyExceptInRange('\0', (char)(FirstOfInterest - 1)) || string.Equals(text, Normalize(text), StringComparison.Ordinal);

    /// <summary>The well-formed text in form C.</summary>
    public static string Normalize(string text)
    {
        if (!text.AsSpan().ContainsAnyExceptInRange('\0', (char)(FirstOfInterest - 1)))
            return text;
        var points = new List<int>(text.Length + 8);
        foreach (var rune in text.EnumerateRunes())
            Decompose(rune.Value, points);
        Reorder(points);
        Compose(points);
        var composed = new StringBuilder(points.Count);
        foreach (var point in points)
            composed.Append(new Rune(point));
        return composed.ToString();
    }

    private static void Decompose(int point, List<int> points)
    {
        var syllable = point - SyllableFirst;
        if (syllable is >= 0 and < Leads * Vowels * Tails)
        {
            points.Add(LeadFirst + (syllable / (Vowels * Tails)));
            points.Add(VowelFirst + (syllable / Tails % Vowels));
            if (syllable % Tails > 0)
                points.Add(TailFirst + (syllable % Tails));
            return;
        }

        if (!Decompositions.TryGetValue(point, out var pair))
        {
            points.Add(point);
            return;
        }

        Decompose(pair.First, points);
        if (pair.Second != 0)
            Decompose(pair.Second, points);
    }

    /// <summary>Sorts each row of marks by rank, keeping the order of equal ones.</summary>
    private static void Reorder(List<int> points)
    {
        for (var start = 0; start < points.Count; start++)
        {
            var end = start;
            while (end < points.Count && Rank(points[end]) > 0)
                end++;
            if (end - start > 1)
            {
                var row = points.GetRange(start, end - start).OrderBy(Rank).ToArray();
                for (var i = 0; i < row.Length; i++)
                    points[start + i] = row[i];
            }

            start = Math.Max(start, end);
        }
    }

    /// <summary>Joins each point with the last starter before it, unless one between them has its rank or a higher one.</summary>
    private static void Compose(List<int> points)
    {
        var (starter, lastRank, kept) = (-1, 0, 0);
        foreach (var point in points.ToArray())
        {
            var rank = Rank(point);
            var isBlocked = starter < kept - 1 && lastRank >= rank;
            if (starter >= 0 && !isBlocked && Pair(points[starter], point) is var composed and > 0)
            {
                points[starter] = composed;
                continue;
            }

            if (rank == 0)
                starter = kept;
            lastRank = rank;
            points[kept++] = point;
        }

        points.RemoveRange(kept, points.Count - kept);
    }

    private static int Pair(int first, int second)
    {
        var (lead, vowel) = (first - LeadFirst, second - VowelFirst);
        if (lead is >= 0 and < Leads && vowel is >= 0 and < Vowels)
            return SyllableFirst + (((lead * Vowels) + vowel) * Tails);
        var (syllable, tail) = (first - SyllableFirst, second - TailFirst);
        if (syllable is >= 0 and < Leads * Vowels * Tails && syllable % Tails == 0 && tail is > 0 and < Tails)
            return first + tail;
        return Compositions.GetValueOrDefault((first, second));
    }

    private static int Rank(int point) => point < FirstOfInterest ? 0 : Ranks.GetValueOrDefault(point);
}
