namespace Runstone.Core.Metrics.Chunks;

/// <summary>How a column of integers is written: docs/formats/metric-chunk.md, "Integers".</summary>
/// <param name="Order">How many times differences are taken: 0 to 2; -1 for a line, which needs no more than its start and stride.</param>
/// <param name="Shift">Low bits of a residual that are written as they are.</param>
/// <param name="Start">What is taken from a residual first.</param>
/// <param name="Bits">About how many bits the column will take.</param>
internal readonly record struct IntegerModel(int Order, int Shift, long Start, double Bits)
{
    public const int MaxShift = 56;

    /// <summary>The symbol of a residual that is too far away and stands elsewhere.</summary>
    public const byte Escape = byte.MaxValue;

    public static readonly IntegerModel Line = new(-1, 0, 0, 160);

    public bool IsLine => Order < 0;
}
