using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Runstone.Protocol.Data;

/// <summary>
/// A SHA-256 (FIPS 180-4): of the bytes of an object (chunk, page, version), or of all bytes of a file. Ordered as its hex digits are; printed as 64 of them in lower case, as sha256sum
/// prints it. <c>default</c> is 32 zero bytes.
/// </summary>
public readonly record struct DataObjectId : IComparable<DataObjectId>
{
    /// <summary>Bytes of an id.</summary>
    public const int Length = 32;

    private readonly ulong _a;
    private readonly ulong _b;
    private readonly ulong _c;
    private readonly ulong _d;

    /// <summary>The id that these bytes are, which have to be <see cref="Length"/>.</summary>
    public DataObjectId(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Length)
            throw new ArgumentException($"A SHA-256 has {Length} bytes, not {bytes.Length}.", nameof(bytes));
        _a = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        _b = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        _c = BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]);
        _d = BinaryPrimitives.ReadUInt64BigEndian(bytes[24..]);
    }

    internal byte FirstByte => (byte)(_a >> 56);

    /// <summary>The SHA-256 of the content.</summary>
    public static DataObjectId Of(ReadOnlySpan<byte> content)
    {
        Span<byte> hash = stackalloc byte[Length];
        SHA256.HashData(content, hash);
        return new DataObjectId(hash);
    }

    /// <summary>Reads 64 hex digits in lower case, and nothing else: one id has one text.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out DataObjectId id)
    {
        id = default;
        if (text is not { Length: 2 * Length } || text.AsSpan().ContainsAnyExcept("0123456789abcdef"))
            return false;
        id = new DataObjectId(Convert.FromHexString(text));
        return true;
    }

    /// <summary>Writes the <see cref="Length"/> bytes to the beginning of the target.</summary>
    public void CopyTo(Span<byte> target)
    {
        BinaryPrimitives.WriteUInt64BigEndian(target, _a);
        BinaryPrimitives.WriteUInt64BigEndian(target[8..], _b);
        BinaryPrimitives.WriteUInt64BigEndian(target[16..], _c);
        BinaryPrimitives.WriteUInt64BigEndian(target[24..], _d);
    }

    /// <inheritdoc/>
    public int CompareTo(DataObjectId other)
    {
        var order = _a.CompareTo(other._a);
        order = order != 0 ? order : _b.CompareTo(other._b);
        order = order != 0 ? order : _c.CompareTo(other._c);
        return order != 0 ? order : _d.CompareTo(other._d);
    }

    /// <summary>64 hex digits in lower case.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Length];
        CopyTo(bytes);
        return Convert.ToHexStringLower(bytes);
    }
}
