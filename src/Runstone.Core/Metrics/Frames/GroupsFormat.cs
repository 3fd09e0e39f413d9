using System.Buffers;
using System.Buffers.Binary;

namespace Runstone.Core.Metrics.Frames;

/// <summary>Writes drawn groups as bytes (docs/formats/metric-frames.md).</summary>
public static class GroupsFormat
{
    public const string MediaType = "application/vnd.runstone.groups";

    private const uint CompleteFlag = 1;
    private const int HeaderBytes = 40;
    private const int GroupHeaderBytes = 16;
    private const int Alignment = 8;

    private static ReadOnlySpan<byte> Magic => "RSGROUP1"u8;

    /// <summary>What all groups share.</summary>
    /// <param name="into">Where to write.</param>
    /// <param name="frames">The groups, each of which is written after it.</param>
    /// <param name="runs">Runs that were looked at.</param>
    /// <param name="complete">No more runs belong to the groups.</param>
    public static void WriteHeader(IBufferWriter<byte> into, GroupFrames frames, int runs, bool complete)
    {
        var bytes = into.GetSpan(HeaderBytes)[..HeaderBytes];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[8..], frames.Groups.Count);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[12..], frames.X.Length);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[16..], runs);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[20..], complete ? CompleteFlag : 0);
        BinaryPrimitives.WriteDoubleLittleEndian(bytes[24..], frames.From);
        BinaryPrimitives.WriteDoubleLittleEndian(bytes[32..], frames.To);
        into.Advance(HeaderBytes);
        BinaryColumns.Write(into, frames.X);
    }

    /// <summary>One group of so many runs; <paramref name="by"/> is what they agree in, as JSON, and empty for a group that was given by ids.</summary>
    public static void WriteGroup(IBufferWriter<byte> into, GroupFrame group, int runs, ReadOnlySpan<byte> by)
    {
        var length = GroupHeaderBytes + ((by.Length + Alignment - 1) / Alignment * Alignment);
        var bytes = into.GetSpan(length)[..length];
        bytes.Clear();
        BinaryPrimitives.WriteInt32LittleEndian(bytes, runs);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[4..], group.Runs);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[8..], by.Length);
        by.CopyTo(bytes[GroupHeaderBytes..]);
        into.Advance(length);
        BinaryColumns.Write(into, group.Mean);
        BinaryColumns.Write(into, group.Deviation);
        BinaryColumns.Write(into, group.Min);
        BinaryColumns.Write(into, group.Max);
        BinaryColumns.Write(into, group.Count);
    }
}
