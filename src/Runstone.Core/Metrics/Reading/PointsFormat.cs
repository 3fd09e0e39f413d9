using System.Buffers;
using System.Buffers.Binary;
using Runstone.Core.Metrics.Frames;

namespace Runstone.Core.Metrics.Reading;

/// <summary>Writes every point of a series as bytes, block by block (docs/formats/metric-frames.md).</summary>
public sealed class PointsFormat
{
    public const string MediaType = "application/vnd.runstone.points";

    private const uint MillionthsFlag = 1;
    private const int BlockHeaderBytes = 8;

    private long[] _numbers = [];
    private int[] _millionths = [];

    private static ReadOnlySpan<byte> Magic => "RSPOINT1"u8;

    /// <summary>What stands before the blocks.</summary>
    public static void WriteHeader(IBufferWriter<byte> into) => into.Write(Magic);

    /// <summary>One block of at least one point.</summary>
    public void WriteBlock(IBufferWriter<byte> into, ReadOnlySpan<SeriesPoint> points)
    {
        if (_numbers.Length < points.Length)
            (_numbers, _millionths) = (new long[points.Length], new int[points.Length]);
        var numbers = _numbers.AsSpan(0, points.Length);
        var millionths = _millionths.AsSpan(0, points.Length);
        var any = 0;
        for (var i = 0; i < points.Length; i++)
        {
            (numbers[i], millionths[i]) = (points[i].Step.Whole, points[i].Step.Micros);
            any |= points[i].Step.Micros;
        }

        WriteBlockHeader(into, points.Length, any == 0 ? 0 : MillionthsFlag);
        BinaryColumns.Write(into, numbers);
        for (var i = 0; i < points.Length; i++)
            numbers[i] = points[i].Time;
        BinaryColumns.Write(into, numbers);
        for (var i = 0; i < points.Length; i++)
            numbers[i] = BitConverter.DoubleToInt64Bits(points[i].Value);
        BinaryColumns.Write(into, numbers);
        if (any != 0)
            BinaryColumns.Write(into, millionths);
    }

    /// <summary>The end: without it an answer is not complete. The token tells where the next page begins, in ASCII; empty when nothing is left.</summary>
    public static void WriteEnd(IBufferWriter<byte> into, ReadOnlySpan<byte> nextPage)
    {
        WriteBlockHeader(into, 0, (uint)nextPage.Length);
        into.Write(nextPage);
    }

    private static void WriteBlockHeader(IBufferWriter<byte> into, int points, uint flags)
    {
        var bytes = into.GetSpan(BlockHeaderBytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes, points);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[4..], flags);
        into.Advance(BlockHeaderBytes);
    }
}
