using System.Globalization;
using System.Numerics;
using System.Text;

namespace Runstone.Core.Metrics;

/// <summary>Tells integers that no double holds from the other numbers that clients write.</summary>
public static class ExactInteger
{
    /// <summary>The longest text that is kept, its sign included. Of a longer one the nearest double is all that stays.</summary>
    public const int MaxLength = 64;

    /// <summary>Every integer of magnitude up to this one is a double.</summary>
    public const double Certain = 9_007_199_254_740_992;

    /// <summary>Every integer with a text of up to so many characters is a double.</summary>
    private const int CertainLength = 15;

    /// <summary>
    /// The token, when it is an integer (a minus or nothing, digits without leading zeros; 1e30 and 1.0 are none) that differs from
    /// <paramref name="nearest"/>, the double that was read from it; otherwise null. Allocates nothing but the answer for tokens
    /// within 64 bits.
    /// </summary>
    public static string? TextBeside(ReadOnlySpan<byte> token, double nearest)
    {
        if (token.Length is <= CertainLength or > MaxLength || !IsInteger(token))
            return null;
        if (long.TryParse(token, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
        {
            // 2^63 is a double, but no whole number of 64 bits.
            if (nearest is >= -9_223_372_036_854_775_808.0 and < 9_223_372_036_854_775_808.0 && (long)nearest == whole)
                return null;
        }
        else if (double.IsFinite(nearest) && BigInteger.Parse(Encoding.ASCII.GetString(token), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) == new BigInteger(nearest))
        {
            return null;
        }

        return Encoding.ASCII.GetString(token);
    }

    /// <summary>Whether the text may stand beside a point.</summary>
    public static bool IsText(string text)
    {
        if (text.Length is 0 or > MaxLength)
            return false;
        Span<byte> token = stackalloc byte[text.Length];
        for (var i = 0; i < token.Length; i++)
            token[i] = text[i] < 128 ? (byte)text[i] : (byte)0;
        return IsInteger(token);
    }

    /// <summary>Whether a point with this value may have a text.</summary>
    public static bool MayHaveText(double value) => Math.Abs(value) >= Certain && double.IsFinite(value);

    private static bool IsInteger(ReadOnlySpan<byte> token)
    {
        var digits = token[0] == (byte)'-' ? token[1..] : token;
        return digits.Length > 0 && (digits[0] != (byte)'0' || digits.Length == 1) && !digits.ContainsAnyExceptInRange((byte)'0', (byte)'9');
    }
}
