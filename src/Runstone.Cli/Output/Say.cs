using System.Globalization;

namespace Runstone.Cli.Output;

/// <summary>How times, numbers and sizes are written for people.</summary>
internal static class Say
{
    private static readonly string[] Units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

    /// <summary>"3m ago"; the date when it is longer ago than a month.</summary>
    public static string Ago(long unixMilliseconds, DateTimeOffset now)
    {
        var age = now.ToUnixTimeMilliseconds() - unixMilliseconds;
        return age switch
        {
            < -60_000 => Time(unixMilliseconds),
            < 1_000 => "now",
            < 60_000 => Invariant($"{age / 1_000}s ago"),
            < 3_600_000 => Invariant($"{age / 60_000}m ago"),
            < 86_400_000 => Invariant($"{age / 3_600_000}h ago"),
            < 2_592_000_000 => Invariant($"{age / 86_400_000}d ago"),
            _ => Time(unixMilliseconds)[..10],
        };
    }

    /// <summary>"1h 02m"; "" while there is no end.</summary>
    public static string Duration(long start, long? end)
    {
        if (end is null)
            return "";
        var milliseconds = Math.Max(0, end.Value - start);
        var time = TimeSpan.FromMilliseconds(milliseconds);
        return milliseconds switch
        {
            < 1_000 => Invariant($"{milliseconds}ms"),
            < 60_000 => Invariant($"{time.TotalSeconds:0.0}s"),
            < 3_600_000 => Invariant($"{time.Minutes}m {time.Seconds:00}s"),
            < 86_400_000 => Invariant($"{time.Hours}h {time.Minutes:00}m"),
            _ => Invariant($"{time.Days}d {time.Hours:00}h"),
        };
    }

    /// <summary>ISO 8601 in UTC; the number itself when it is no time a calendar knows.</summary>
    public static string Time(long unixMilliseconds) =>
        unixMilliseconds is >= -62_135_596_800_000 and <= 253_402_300_799_999
            ? DateTimeOffset.FromUnixTimeMilliseconds(unixMilliseconds).ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture)
            : unixMilliseconds.ToString(CultureInfo.InvariantCulture);

    /// <summary>Four significant digits; whole numbers in full up to nine digits.</summary>
    public static string Number(double value)
    {
        if (!double.IsFinite(value))
            return Exact(value);
        var size = Math.Abs(value);
        if (size < 1e9 && value == Math.Floor(value))
            return value.ToString("0", CultureInfo.InvariantCulture);
        if (size is >= 1e-4 and < 1e6)
        {
            var decimals = Math.Clamp(3 - (int)Math.Floor(Math.Log10(size)), 0, 7);
            return value.ToString("F" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        }

        return value.ToString("0.###e+0", CultureInfo.InvariantCulture);
    }

    /// <summary>The shortest text that reads back as the same number; NaN, Infinity and -Infinity by name.</summary>
    public static string Exact(double value) => value switch
    {
        double.PositiveInfinity => "Infinity",
        double.NegativeInfinity => "-Infinity",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };

    /// <summary>"1.4 MiB".</summary>
    public static string Size(long bytes)
    {
        double size = bytes;
        var unit = 0;
        while (size >= 1024 && unit < Units.Length - 1)
            (size, unit) = (size / 1024, unit + 1);
        return unit == 0 ? Invariant($"{bytes} B") : Invariant($"{size:0.0} {Units[unit]}");
    }

    /// <summary>"1 run", "2 runs".</summary>
    public static string Count(long count, string one, string? many = null) => Invariant($"{count} {(count == 1 ? one : many ?? one + "s")}");

    public static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
