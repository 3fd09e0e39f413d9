using System.Globalization;
using System.Text.RegularExpressions;

namespace Runstone.Core.Query;

/// <summary>Turns constants into what a field is compared with: times and durations become milliseconds.</summary>
internal static partial class LiteralReader
{
    private static readonly string[] TimeFormats =
    [
        "yyyy", "yyyy-MM", "yyyy-MM-dd", "yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-ddTHH:mmK", "yyyy-MM-ddTHH:mm:ssK",
        "yyyy-MM-ddTHH:mm:ss.FFFFFFFK",
    ];

    /// <summary>Unix milliseconds of an ISO 8601 text, in UTC where it names no zone; null when it is none.</summary>
    public static double? Time(string text) =>
        DateTimeOffset.TryParseExact(
            text, TimeFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time.ToUnixTimeMilliseconds()
            : null;

    /// <summary>Milliseconds of a text such as <c>90s</c>, <c>1h30m</c>; null when it is none.</summary>
    public static double? Duration(string text)
    {
        var match = DurationPattern().Match(text);
        if (!match.Success || text.Length == 0)
            return null;
        var total = 0.0;
        var numbers = match.Groups["number"].Captures;
        var units = match.Groups["unit"].Captures;
        for (var i = 0; i < numbers.Count; i++)
            total += double.Parse(numbers[i].ValueSpan, CultureInfo.InvariantCulture) * Milliseconds(units[i].Value);
        return total;
    }

    /// <summary>The number, which is finite; null when it is none.</summary>
    public static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;

    private static double Milliseconds(string unit) => unit switch
    {
        "ms" => 1,
        "s" => 1000,
        "m" => 60_000,
        "h" => 3_600_000,
        _ => 86_400_000,
    };

    [GeneratedRegex(@"^((?<number>[0-9]{1,15}(\.[0-9]{1,9})?)(?<unit>ms|s|m|h|d))+$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex DurationPattern();
}
