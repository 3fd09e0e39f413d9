using System.Buffers.Binary;

namespace Runstone.Protocol.Data;

/// <summary>How the bytes of an object are stored in a pack.</summary>
[Flags]
public enum PackFlags : byte
{
    /// <summary>As they are.</summary>
    None = 0,

    /// <summary>As one frame of Zstandard (RFC 8878), shorter than they are.</summary>
    Zstd = 1,
}

/// <summary>An object of a pack: what its header says, and where it is.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Flags">How its bytes are stored.</param>
/// <param name="Id">The SHA-256 of its plain bytes, as the pack says: compare it with that of the bytes.</param>
/// <param name="PlainLength">Plain bytes, 1 to <see cref="DataFormat.MaxObjectBytes"/>.</param>
/// <param name="StoredLength">Stored bytes; less than the plain ones when compressed, else as many.</param>
/// <param name="Offset">Where in the pack its stored bytes begin.</param>
public readonly record struct PackObject(DataObjectKind Kind, PackFlags Flags, DataObjectId Id, int PlainLength, int StoredLength, long Offset);

/// <summary>The frame of packs (docs/formats/data-versions.md).</summary>
public static class PackFormat
{
    /// <summary>Bytes that a pack may have.</summary>
    public const int MaxBytes = 32 << 20;

    /// <summary>Bytes before the first object.</summary>
    public const int HeaderBytes = 8;

    /// <summary>Bytes before the stored bytes of an object.</summary>
    public const int ObjectHeaderBytes = 42;

    /// <summary>Bytes behind the last object.</summary>
    public const int TrailerBytes = 5;

    internal const byte Version = 1;

    /// <summary>In place of a kind: no object follows.</summary>
    internal const byte End = 0;

    internal static ReadOnlySpan<byte> Header => [(byte)'R', (byte)'S', (byte)'P', (byte)'K', Version, 0, 0, 0];

    internal static string? Problem(DataObjectKind kind, PackFlags flags, long plainLength, long storedLength)
    {
        if (kind is < DataObjectKind.Chunk or > DataObjectKind.Version)
            return $"an object is of the unknown kind {(byte)kind}";
        if ((flags & ~PackFlags.Zstd) != 0)
            return $"an object has the unknown flags {(byte)flags:x2}";
        if (plainLength is < 1 or > DataFormat.MaxObjectBytes)
            return $"an object has {plainLength} plain bytes, where 1 to {DataFormat.MaxObjectBytes} are possible";
        var isCompressed = flags.HasFlag(PackFlags.Zstd);
        if (isCompressed ? storedLength < 1 || storedLength >= plainLength : storedLength != plainLength)
            return $"an object of {plainLength} plain bytes has {storedLength} stored ones, which its flags {(byte)flags:x2} do not allow";
        return null;
    }

    internal static void WriteObject(Span<byte> header, in PackObject entry)
    {
        (header[0], header[1]) = ((byte)entry.Kind, (byte)entry.Flags);
        BinaryPrimitives.WriteInt32LittleEndian(header[2..], entry.PlainLength);
        BinaryPrimitives.WriteInt32LittleEndian(header[6..], entry.StoredLength);
        entry.Id.CopyTo(header[10..]);
    }
}
