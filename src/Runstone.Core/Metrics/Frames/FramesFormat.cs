using System.Buffers;
using System.Buffers.Binary;

namespace Runstone.Core.Metrics.Frames;

/// <summary>Writes frames as bytes (docs/formats/metric-frames.md).</summary>
public static class FramesFormat
{
    public const string MediaType = "application/vnd.runstone.frames";

    private const uint ExactFlag = 1;
    private const int HeaderBytes = 16;

    private static ReadOnlySpan<byte> Magic => "RSFRAME1"u8;

    /// <summary>What stands before the frames.</summary>
    public static void WriteHeader(IBufferWriter<byte> into, int frames)
    {
        var bytes = into.GetSpan(HeaderBytes)[..HeaderBytes];
        bytes.Clear();
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[Magic.Length..], frames);
        into.Advance(HeaderBytes);
    }

    /// <summary>One frame; columns begin at multiples of eight bytes.</summary>
    public static void WriteFrame(IBufferWriter<byte> into, SeriesFrame frame)
    {
        var bytes = into.GetSpan(HeaderBytes)[..HeaderBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, frame.Exact ? ExactFlag : 0);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[4..], frame.X.Length);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[8..], frame.Points);
        into.Advance(HeaderBytes);
        BinaryColumns.Write(into, frame.X);
        BinaryColumns.Write(into, frame.Last);
        if (frame.Exact)
            return;
        BinaryColumns.Write(into, frame.Min);
        BinaryColumns.Write(into, frame.Max);
        BinaryColumns.Write(into, frame.Mean);
        BinaryColumns.Write(into, frame.First);
        BinaryColumns.Write(into, frame.Count);
    }
}
