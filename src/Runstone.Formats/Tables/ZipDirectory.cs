using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Runstone.Formats.Tables;

/// <summary>A file in a zip file.</summary>
/// <param name="Name">Its path in the archive.</param>
/// <param name="Method">How it is compressed: 0 not at all, 8 deflate.</param>
/// <param name="Packed">Bytes in the archive.</param>
/// <param name="Size">Bytes of its content, as the archive says.</param>
/// <param name="Header">Where its header lies.</param>
internal sealed record ZipMember(string Name, int Method, long Packed, long Size, long Header);

/// <summary>
/// Reads files of a zip file (PKWARE APPNOTE 6.3.10) where they lie, without the rest of it: the directory at its end, then what is asked for. Nothing that the
/// file says is taken for more than a claim; what cannot be true is refused.
/// </summary>
internal static class ZipDirectory
{
    private const int MaxDirectory = 4 * 1024 * 1024, MaxMembers = 10_000;
    private const int EndSize = 22, LocatorSize = 20, WideEndSize = 56, CentralSize = 46, LocalSize = 30;
    private const uint Full = uint.MaxValue;

    /// <summary>The files of the archive, in the order of its directory.</summary>
    public static async Task<IReadOnlyList<ZipMember>> ReadAsync(TableFile file, CancellationToken cancellationToken)
    {
        var (at, length, count) = await EndAsync(file, cancellationToken);
        if (length > MaxDirectory || count > MaxMembers)
            throw Broken(file, string.Create(CultureInfo.InvariantCulture, $"it says that it has {count} files; at most {MaxMembers} are shown."));
        if (at < 0 || length < 0 || at > file.Size - length)
            throw Broken(file, "its directory lies outside of it.");
        var bytes = await BytesAsync(file, at, (int)length, cancellationToken);
        var members = new List<ZipMember>();
        var place = 0;
        for (var i = 0L; i < count; i++)
            members.Add(Member(file, bytes, ref place));
        return members;
    }

    /// <summary>The content of one file. Reading from an offset of a compressed one takes unpacking what is before it.</summary>
    public static async Task<TableFile> OpenAsync(TableFile file, ZipMember member, CancellationToken cancellationToken)
    {
        if (member.Header > file.Size - LocalSize)
            throw Broken(file, $"'{member.Name}' lies outside of it.");
        var header = await BytesAsync(file, member.Header, LocalSize, cancellationToken);
        if (!header.AsSpan(0, 4).SequenceEqual("PK\u0003\u0004"u8))
            throw Broken(file, $"'{member.Name}' does not begin where the directory says.");
        var begin = member.Header + LocalSize + Word(header, 26) + Word(header, 28);
        if (begin > file.Size - member.Packed || (member.Method == 0 && member.Packed != member.Size))
            throw Broken(file, $"'{member.Name}' lies outside of it.");
        return new TableFile(member.Name, member.Size, member.Method == 0 ? StoredAsync : UnpackedAsync);

        Task<Stream> StoredAsync(long from, long? length, CancellationToken token) =>
            file.OpenAsync(begin + from, Math.Min(length ?? long.MaxValue, member.Size - from), token);

        async Task<Stream> UnpackedAsync(long from, long? length, CancellationToken token)
        {
            if (from > TableLimits.MaxScan)
                throw TableLimits.TooFar(member.Name);
            var content = new DeflateStream(await file.OpenAsync(begin, member.Packed, token), CompressionMode.Decompress);
            try
            {
                var buffer = new byte[64 * 1024];
                for (var rest = from; rest > 0;)
                {
                    var step = (int)Math.Min(rest, buffer.Length);
                    await content.ReadExactlyAsync(buffer.AsMemory(0, step), token);
                    rest -= step;
                }

                return content;
            }
            catch
            {
                await content.DisposeAsync();
                throw;
            }
        }
    }

    /// <summary>Where the directory lies, its bytes, and how many files it has.</summary>
    private static async Task<(long At, long Length, long Count)> EndAsync(TableFile file, CancellationToken cancellationToken)
    {
        var tail = await BytesAsync(file, Math.Max(0, file.Size - EndSize - ushort.MaxValue), (int)Math.Min(file.Size, EndSize + ushort.MaxValue), cancellationToken);
        var end = tail.Length - EndSize;
        while (end >= 0 && !(tail.AsSpan(end, 4).SequenceEqual("PK\u0005\u0006"u8) && Word(tail, end + 20) == tail.Length - end - EndSize))
            end--;
        if (end < 0)
            throw Broken(file, "it does not end as a zip file does; it was not written to the end.");
        var (count, length, at) = (Word(tail, end + 10), Long(tail, end + 12), Long(tail, end + 16));
        if (count != ushort.MaxValue && length != Full && at != Full)
            return (at, length, count);
        var locator = end - LocatorSize;
        if (locator < 0 || !tail.AsSpan(locator, 4).SequenceEqual("PK\u0006\u0007"u8))
            throw Broken(file, "its end does not say where its directory is.");
        var wideAt = Wide(tail, locator + 8);
        if (wideAt < 0 || wideAt > file.Size - WideEndSize)
            throw Broken(file, "its directory lies outside of it.");
        var wide = await BytesAsync(file, wideAt, WideEndSize, cancellationToken);
        return wide.AsSpan(0, 4).SequenceEqual("PK\u0006\u0006"u8)
            ? (Wide(wide, 48), Wide(wide, 40), Wide(wide, 32))
            : throw Broken(file, "its end does not say where its directory is.");
    }

    private static ZipMember Member(TableFile file, byte[] bytes, ref int place)
    {
        var at = place;
        if (bytes.Length - at < CentralSize || !bytes.AsSpan(at, 4).SequenceEqual("PK\u0001\u0002"u8))
            throw Broken(file, "its directory has fewer files than it says.");
        var (nameSize, extraSize, noteSize) = (Word(bytes, at + 28), Word(bytes, at + 30), Word(bytes, at + 32));
        place = at + CentralSize + nameSize + extraSize + noteSize;
        if (place > bytes.Length)
            throw Broken(file, "its directory has fewer files than it says.");
        var name = Encoding.UTF8.GetString(bytes, at + CentralSize, nameSize);
        var method = Word(bytes, at + 10);
        if ((Word(bytes, at + 8) & 1) != 0 || method is not (0 or 8))
            throw Broken(file, $"'{name}' is encrypted or compressed in a way that is not read; stored and deflated files are.");
        var (packed, size, header) = (Long(bytes, at + 20), Long(bytes, at + 24), Long(bytes, at + 42));
        var extra = bytes.AsSpan(at + CentralSize + nameSize, extraSize);
        while (extra.Length >= 4)
        {
            var length = BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]);
            if (length > extra.Length - 4)
                break;
            if (BinaryPrimitives.ReadUInt16LittleEndian(extra) == 1)
            {
                var wide = extra.Slice(4, length);
                size = Widened(size, ref wide);
                packed = Widened(packed, ref wide);
                header = Widened(header, ref wide);
            }

            extra = extra[(4 + length)..];
        }

        return packed >= 0 && size >= 0 && header >= 0 && packed <= file.Size && header <= file.Size
            ? new ZipMember(name, method, packed, size, header)
            : throw Broken(file, $"'{name}' lies outside of it.");
    }

    /// <summary>A size that stands among the extra fields when it has no room where it belongs.</summary>
    private static long Widened(long value, ref Span<byte> wide)
    {
        if (value != Full || wide.Length < 8)
            return value;
        var widened = BinaryPrimitives.ReadInt64LittleEndian(wide);
        wide = wide[8..];
        return widened;
    }

    private static int Word(byte[] bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at));

    private static long Long(byte[] bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at));

    private static long Wide(byte[] bytes, int at) => BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(at));

    private static Exception Broken(TableFile file, string what) => TableLimits.Malformed(file.Name, what);

    private static async Task<byte[]> BytesAsync(TableFile file, long offset, int length, CancellationToken cancellationToken)
    {
        var bytes = new byte[length];
        if (length == 0)
            return bytes;
        await using var content = await file.OpenAsync(offset, length, cancellationToken);
        await content.ReadExactlyAsync(bytes, cancellationToken);
        return bytes;
    }
}
