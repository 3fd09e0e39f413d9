using System.Buffers;

namespace Runstone.Storage.S3;

/// <summary>
/// One part of a stream in memory. It begins small and grows as content arrives, so that small files do not cost a whole part.
/// </summary>
internal sealed class PartBuffer(int capacity) : IDisposable
{
    private const int FirstSize = 64 * 1024;
    private const int Growth = 4;

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(Math.Min(FirstSize, capacity));

    public int Length { get; private set; }

    /// <summary>The stream came to its end; more content follows otherwise, or not: a full part does not know.</summary>
    public bool AtEnd { get; private set; }

    public ReadOnlySpan<byte> Content => _bytes.AsSpan(0, Length);

    /// <summary>Replaces the content by what comes next, to the end or until the part is full.</summary>
    public async Task FillAsync(Stream source, CancellationToken cancellationToken)
    {
        (Length, AtEnd) = (0, false);
        while (Length < capacity)
        {
            if (Length == _bytes.Length)
                Grow();
            var read = await source.ReadAsync(_bytes.AsMemory(Length, Math.Min(_bytes.Length, capacity) - Length), cancellationToken);
            if (read == 0)
            {
                AtEnd = true;
                return;
            }

            Length += read;
        }
    }

    /// <summary>The content as a stream, which a retried request reads again; valid until the next fill.</summary>
    public MemoryStream AsStream() => new(_bytes, 0, Length, writable: false);

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
        Length = 0;
    }

    private void Grow()
    {
        var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min((long)_bytes.Length * Growth, capacity));
        Content.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
