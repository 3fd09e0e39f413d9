using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Runstone.Core.Metrics.Frames;

/// <summary>Columns of numbers, little-endian, each filled up with zeros to a multiple of eight bytes.</summary>
internal static class BinaryColumns
{
    public static void Write(IBufferWriter<byte> into, ReadOnlySpan<double> column) => Write(into, MemoryMarshal.Cast<double, long>(column));

    public static void Write(IBufferWriter<byte> into, ReadOnlySpan<long> column)
    {
        if (BitConverter.IsLittleEndian)
        {
            into.Write(MemoryMarshal.AsBytes(column));
            return;
        }

        foreach (var number in column)
        {
            BinaryPrimitives.WriteInt64LittleEndian(into.GetSpan(sizeof(long)), number);
            into.Advance(sizeof(long));
        }
    }

    public static void Write(IBufferWriter<byte> into, ReadOnlySpan<int> column)
    {
        var length = (column.Length + (column.Length & 1)) * sizeof(int);
        var bytes = into.GetSpan(length)[..length];
        bytes.Clear();
        for (var i = 0; i < column.Length; i++)
            BinaryPrimitives.WriteInt32LittleEndian(bytes[(i * sizeof(int))..], column[i]);
        into.Advance(length);
    }
}
