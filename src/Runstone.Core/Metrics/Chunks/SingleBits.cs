using System.Runtime.CompilerServices;

namespace Runstone.Core.Metrics.Chunks;

/// <summary>
/// Doubles that come from singles. What is not a number stays outside of conversions, which may change its bits: only that whose
/// low 29 bits are 0 counts as a single, and its upper bits are moved as they are.
/// </summary>
internal static class SingleBits
{
    private const int LostBits = 29;

    /// <summary>Whether widening the nearest single gives back every bit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsExact(double value) =>
        double.IsFinite(value)
            ? BitConverter.DoubleToUInt64Bits((float)value) == BitConverter.DoubleToUInt64Bits(value)
            : (BitConverter.DoubleToUInt64Bits(value) & ((1UL << LostBits) - 1)) == 0;

    /// <summary>The bits of the single.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Narrow(double value)
    {
        if (double.IsFinite(value))
            return BitConverter.SingleToUInt32Bits((float)value);
        var bits = BitConverter.DoubleToUInt64Bits(value);
        return (uint)(bits >> 32 & 0x8000_0000) | 0x7F80_0000 | (uint)(bits >> LostBits & 0x007F_FFFF);
    }

    /// <summary>The double of the bits of a single.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Widen(uint bits)
    {
        var single = BitConverter.UInt32BitsToSingle(bits);
        return float.IsFinite(single)
            ? single
            : BitConverter.UInt64BitsToDouble(((ulong)(bits & 0x8000_0000) << 32) | 0x7FF0_0000_0000_0000 | ((ulong)(bits & 0x007F_FFFF) << LostBits));
    }
}
