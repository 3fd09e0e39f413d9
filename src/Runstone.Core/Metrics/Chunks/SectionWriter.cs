using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Runstone.Core.Metrics.Chunks;

/// <summary>Writes bytes whose number the reader knows, as they are or as one Zstandard frame.</summary>
internal sealed class SectionWriter : IDisposable
{
    /// <summary>Shorter ones hardly pay for the frame.</summary>
    private const int CompressFrom = 24;

    /// <summary>Shorter matches among random symbols cost more than the symbols.</summary>
    private const int LeastMatch = 7;

    private readonly Compressor _compressor = new(level: 1);

    public SectionWriter() => _compressor.SetParameter(ZSTD_cParameter.ZSTD_c_minMatch, LeastMatch);

    public void Write(ChunkWriter writer, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < CompressFrom || !TryCompress(writer, bytes))
        {
            writer.Varint(0);
            writer.Bytes(bytes);
        }
    }

    public void Dispose() => _compressor.Dispose();

    /// <summary>Compresses when that saves a thirty-second part; below that, reading would pay more than the disk gains.</summary>
    private bool TryCompress(ChunkWriter writer, ReadOnlySpan<byte> bytes)
    {
        // The frame is written behind the room for its length and moved up to it.
        var room = writer.Reserve(Varint.MaxBytes + Compressor.GetCompressBound(bytes.Length));
        var frame = room[Varint.MaxBytes..];
        var length = _compressor.Wrap(bytes, frame);
        if (length > bytes.Length - (bytes.Length / 32) - 4)
            return false;
        var at = Varint.Write(room, 0, (ulong)length);
        frame[..length].CopyTo(room[at..]);
        writer.Advance(at + length);
        return true;
    }
}
