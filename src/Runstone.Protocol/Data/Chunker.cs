using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Runstone.Protocol.Data;

/// <summary>
/// Cuts bytes into chunks where the bytes themselves say so, so that a change moves few cuts: FastCDC with normalised chunking (W. Xia et al., "FastCDC: a Fast and Efficient
/// Content-Defined Chunking Approach for Data Deduplication", USENIX ATC 2016, sections 3.2 to 3.4), under the name <see cref="DataFormat.Chunking"/>.
/// <para>
/// Of the bytes b[1], b[2], ... of a chunk those before b[16384] are not looked at. From there on <c>f = 2 f + gear[b]</c> modulo 2^64, beginning with f = 0, and the chunk ends behind a
/// byte when the upper 18 bits of f are 0, or the upper 14 bits once it has 65,536 bytes, or when it has 262,144 bytes. <c>gear[i]</c> is the first 8 bytes, as a big-endian number, of the
/// SHA-256 of the ASCII text <c>fastcdc-64k-1</c> with the byte i behind it. The upper bits depend on the last 47 bytes at least, which is what the spread masks of the paper are for.
/// The last chunk of a file ends with the file, and an empty file has none. Random bytes have chunks of 73 KiB on average.
/// </para>
/// Bytes are pushed in any portions; the cuts do not depend on them. Nothing is copied, and nothing kept but a few numbers. Not safe for use by two threads.
/// </summary>
public sealed class Chunker
{
    /// <summary>Bytes of a chunk at least, but for the last of a file.</summary>
    public const int MinBytes = 16 << 10;

    /// <summary>Bytes from which on a chunk ends more easily.</summary>
    public const int NormalBytes = 64 << 10;

    /// <summary>Bytes of a chunk at most.</summary>
    public const int MaxBytes = 256 << 10;

    private const ulong SmallMask = ~0UL << (64 - 18);
    private const ulong LargeMask = ~0UL << (64 - 14);

    private static readonly ulong[] Gear = MakeGear();

    private ulong _fingerprint;

    /// <summary>Bytes of the chunk that has not ended; at the end of a file the length of its last chunk, when it is not 0.</summary>
    public int Length { get; private set; }

    /// <summary>
    /// Looks at the next bytes of the file. Returns how many of them belong to the current chunk, at least 1 unless there are none; when <paramref name="ends"/>, the chunk ends with
    /// them, and the bytes behind are to be pushed again as the beginning of the next.
    /// </summary>
    public int Push(ReadOnlySpan<byte> bytes, out bool ends)
    {
        var end = Scan(bytes);
        ends = end >= 0;
        if (!ends)
        {
            Length += bytes.Length;
            return bytes.Length;
        }

        Reset();
        return end;
    }

    /// <summary>Forgets what was pushed: the next byte begins a file.</summary>
    public void Reset() => (Length, _fingerprint) = (0, 0);

    /// <summary>Where the current chunk ends in the bytes, -1 when it goes on behind them.</summary>
    private int Scan(ReadOnlySpan<byte> bytes)
    {
        var from = Math.Min(Math.Max(MinBytes - 1 - Length, 0), bytes.Length);
        var normal = Math.Min(Math.Max(NormalBytes - 1 - Length, from), bytes.Length);
        var most = Math.Min(MaxBytes - Length, bytes.Length);
        var fingerprint = _fingerprint;
        var end = Find(bytes[..normal], from, SmallMask, ref fingerprint);
        if (end < 0)
            end = Find(bytes[..most], normal, LargeMask, ref fingerprint);
        _fingerprint = fingerprint;
        return end < 0 && Length + most == MaxBytes ? most : end;
    }

    private static int Find(ReadOnlySpan<byte> bytes, int from, ulong mask, ref ulong fingerprint)
    {
        ref var first = ref MemoryMarshal.GetReference(bytes);
        ref var gear = ref MemoryMarshal.GetArrayDataReference(Gear);
        var f = fingerprint;
        for (var i = from; i < bytes.Length; i++)
        {
            f = (f << 1) + Unsafe.Add(ref gear, Unsafe.Add(ref first, i));
            if ((f & mask) == 0)
                return i + 1;
        }

        fingerprint = f;
        return -1;
    }

    private static ulong[] MakeGear()
    {
        var gear = new ulong[256];
        Span<byte> seed = [.. "fastcdc-64k-1"u8, 0];
        Span<byte> hash = stackalloc byte[DataObjectId.Length];
        for (var i = 0; i < gear.Length; i++)
        {
            seed[^1] = (byte)i;
            SHA256.HashData(seed, hash);
            gear[i] = BinaryPrimitives.ReadUInt64BigEndian(hash);
        }

        return gear;
    }
}
