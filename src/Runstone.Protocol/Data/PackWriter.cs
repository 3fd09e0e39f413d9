using System.Buffers.Binary;

namespace Runstone.Protocol.Data;

/// <summary>Writes one pack to a stream, which stays the caller's. Not safe for use by two threads.</summary>
public sealed class PackWriter
{
    private readonly Stream _target;
    private readonly byte[] _header = new byte[PackFormat.ObjectHeaderBytes];
    private bool _hasEnded;

    /// <summary>Writes nothing yet.</summary>
    public PackWriter(Stream target)
    {
        ArgumentNullException.ThrowIfNull(target);
        _target = target;
    }

    /// <summary>Objects so far.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes of the pack if it ended here.</summary>
    public long Length { get; private set; } = PackFormat.HeaderBytes + PackFormat.TrailerBytes;

    /// <summary>Whether an object with so many stored bytes has a place in the pack.</summary>
    public bool HasRoom(int storedLength) => Length + PackFormat.ObjectHeaderBytes + storedLength <= PackFormat.MaxBytes;

    /// <summary>
    /// Appends an object and says where it is. Its stored bytes are the plain ones, or what the flags say of them; whether they are, and whether the id is theirs, is for who reads them to
    /// check. Throws <see cref="ArgumentException"/> when lengths and flags do not fit or there is no room (<see cref="HasRoom"/>).
    /// </summary>
    public async ValueTask<PackObject> AddAsync(
        DataObjectKind kind, PackFlags flags, DataObjectId id, int plainLength, ReadOnlyMemory<byte> stored, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_hasEnded, this);
        if (PackFormat.Problem(kind, flags, plainLength, stored.Length) is { } problem)
            throw new ArgumentException($"Of {id}: {problem}.", nameof(stored));
        if (!HasRoom(stored.Length))
            throw new ArgumentException($"The pack has {Length} bytes, and no room for {stored.Length} more below {PackFormat.MaxBytes}.", nameof(stored));
        await BeginAsync(cancellationToken).ConfigureAwait(false);
        var entry = new PackObject(kind, flags, id, plainLength, stored.Length, Length - PackFormat.TrailerBytes + PackFormat.ObjectHeaderBytes);
        PackFormat.WriteObject(_header, entry);
        await _target.WriteAsync(_header, cancellationToken).ConfigureAwait(false);
        await _target.WriteAsync(stored, cancellationToken).ConfigureAwait(false);
        Count++;
        Length += PackFormat.ObjectHeaderBytes + stored.Length;
        return entry;
    }

    /// <summary>Writes the end; nothing can be added after it.</summary>
    public async ValueTask EndAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_hasEnded, this);
        await BeginAsync(cancellationToken).ConfigureAwait(false);
        _hasEnded = true;
        _header[0] = PackFormat.End;
        BinaryPrimitives.WriteInt32LittleEndian(_header.AsSpan(1), Count);
        await _target.WriteAsync(_header.AsMemory(0, PackFormat.TrailerBytes), cancellationToken).ConfigureAwait(false);
    }

    private ValueTask BeginAsync(CancellationToken cancellationToken) =>
        Count == 0 ? _target.WriteAsync(PackFormat.Header.ToArray(), cancellationToken) : ValueTask.CompletedTask;
}
