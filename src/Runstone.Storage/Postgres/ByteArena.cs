namespace Runstone.Storage.Postgres;

/// <summary>Keeps bytes until a group is written, in memory that the next group uses again.</summary>
internal sealed class ByteArena
{
    private const int ChunkBytes = 1 << 20;

    private byte[] _chunk = new byte[ChunkBytes / 4];
    private int _used;

    public ReadOnlyMemory<byte> Keep(ReadOnlySpan<byte> bytes)
    {
        // What was handed out keeps the old chunk alive until the group is done with it.
        if (bytes.Length > _chunk.Length - _used)
            (_chunk, _used) = (new byte[Math.Max(ChunkBytes, bytes.Length)], 0);
        var kept = _chunk.AsMemory(_used, bytes.Length);
        bytes.CopyTo(kept.Span);
        _used += bytes.Length;
        return kept;
    }

    public void Clear()
    {
        _used = 0;
        if (_chunk.Length > 4 * ChunkBytes)
            _chunk = new byte[ChunkBytes];
    }
}
