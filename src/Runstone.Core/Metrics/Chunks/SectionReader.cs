using ZstdSharp;

namespace Runstone.Core.Metrics.Chunks;

/// <summary>Reads what <see cref="SectionWriter"/> wrote.</summary>
internal sealed class SectionReader : IDisposable
{
    private Decompressor? _decompressor;

    /// <summary>Fills <paramref name="into"/>, whose length is that of the section.</summary>
    public void Read(ref ChunkReader reader, Span<byte> into)
    {
        var compressed = reader.Count(0, into.Length, "bytes in a section");
        if (compressed == 0)
        {
            reader.Bytes(into.Length).CopyTo(into);
            return;
        }

        _decompressor ??= new Decompressor();
        try
        {
            var length = _decompressor.Unwrap(reader.Bytes(compressed), into);
            if (length != into.Length)
                throw ChunkFormat.Damaged($"a section has {length} bytes instead of {into.Length}");
        }
        catch (ZstdException e)
        {
            throw new InvalidDataException("The metric chunk is damaged: a section cannot be decompressed.", e);
        }
    }

    public void Dispose() => _decompressor?.Dispose();
}
