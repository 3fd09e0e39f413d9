using System.Runtime.CompilerServices;

namespace Runstone.Core.Metrics.Chunks;

/// <summary>How a column of values is written: docs/formats/metric-chunk.md, "Values".</summary>
internal enum ValueCoding : byte
{
    /// <summary>The bits of doubles as integers that ascend with the values.</summary>
    Doubles = 0,

    /// <summary>The bits with the sign behind them, so that values around 0 are as near to each other as their magnitudes are.</summary>
    Magnitudes = 1,

    /// <summary>Integers to be divided by a power of ten (the idea of ALP: Afroozeh, Kuffó, Boncz, SIGMOD 2024).</summary>
    Decimals = 2,

    /// <summary>Distinct values, and which of them each value is.</summary>
    Dictionary = 3,
}

/// <summary>The maps between values and integers.</summary>
internal static class ValueMap
{
    /// <summary>A power of ten up to here is a double without error, so that the quotient of two exact numbers is the nearest double.</summary>
    public const int MaxExponent = 22;

    /// <summary>Integers beyond are not all doubles.</summary>
    public const double MaxDecimal = 1L << 53;

    /// <summary>The bits of 1, about which magnitudes are counted so that they are neither far below nor far above 0.</summary>
    public const long One = 0x3FF0_0000_0000_0000;

    public static readonly double[] PowersOfTen =
    [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ];

    /// <summary>Turns the bits of a double, other than -0, into an integer that ascends with the value and ends with as many zeros.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long ToOrdered(long bits) => bits >= 0 ? bits : -(bits & long.MaxValue);

    /// <summary>Turns the integer back into bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long FromOrdered(long number)
    {
        var sign = number >> 63;
        return unchecked((number ^ sign) - sign) | (sign & long.MinValue);
    }
}
