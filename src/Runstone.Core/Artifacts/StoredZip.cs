using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace Runstone.Core.Artifacts;

/// <summary>A file to put into an archive.</summary>
/// <param name="Name">Its path in the archive, with '/' between names; at most 65,535 bytes of UTF-8.</param>
/// <param name="Size">Bytes.</param>
/// <param name="UpdatedAt">Unix milliseconds; kept as UTC, in steps of two seconds, from 1980 to 2107.</param>
public sealed record ZipEntry(string Name, long Size, long UpdatedAt);

/// <summary>
/// A zip file of files whose sizes are known before they are read: stored as they are, without compression, so that <see cref="Length"/>
/// is known before the first byte and nothing is held but the names. Checksums follow the files. Form: PKWARE APPNOTE 6.3.10, with
/// its 64 bit records where a size, a place or the number of files needs them.
/// </summary>
public sealed class StoredZip
{
    private const uint Full = uint.MaxValue;
    private const int LocalSize = 30, CentralSize = 46, EndSize = 22, WideEndSize = 56, LocatorSize = 20;
    private const int DescriptorSize = 16, WideDescriptorSize = 24, LocalExtraSize = 20;
    private const ushort Plain = 20, Wide = 45, Unix = 3 << 8;

    // Bit 3: checksum and sizes follow the content; bit 11: names are UTF-8.
    private const ushort Flags = 0x0808;

    // An ordinary file that everybody reads and its owner writes.
    private const uint Mode = 0x81A4u << 16;

    private readonly IReadOnlyList<ZipEntry> _entries;
    private readonly long[] _places;
    private readonly long _directory;
    private readonly long _directorySize;

    public StoredZip(IReadOnlyList<ZipEntry> entries)
    {
        _entries = entries;
        _places = new long[entries.Count];
        for (var i = 0; i < entries.Count; i++)
        {
            _places[i] = _directory;
            var isWide = IsWide(entries[i]);
            _directory += LocalSize + NameSize(entries[i]) + (isWide ? LocalExtraSize : 0) + entries[i].Size + (isWide ? WideDescriptorSize : DescriptorSize);
        }

        for (var i = 0; i < entries.Count; i++)
            _directorySize += CentralSize + NameSize(entries[i]) + ExtraSize(i);
        Length = _directory + _directorySize + (NeedsWideEnd ? WideEndSize + LocatorSize : 0) + EndSize;
    }

    /// <summary>Bytes of the whole file.</summary>
    public long Length { get; }

    private bool NeedsWideEnd => _entries.Count >= ushort.MaxValue || _directory >= Full || _directorySize >= Full;

    /// <summary>
    /// Writes the file. <paramref name="open"/> gives the content of the entry with an index, in order, each once; content of another size than was said
    /// is an <see cref="InvalidDataException"/>.
    /// </summary>
    public async Task WriteAsync(Stream output, Func<int, Task<Stream>> open, CancellationToken cancellationToken)
    {
        var checks = new uint[_entries.Count];
        var buffer = ArrayPool<byte>.Shared.Rent(128 * 1024);
        try
        {
            for (var i = 0; i < _entries.Count; i++)
            {
                // Opened before anything is said of it, so that content that is gone is found before the first byte.
                await using var content = await open(i);
                await output.WriteAsync(Local(_entries[i]), cancellationToken);
                checks[i] = await CopyAsync(_entries[i], content, output, buffer, cancellationToken);
                await output.WriteAsync(Descriptor(_entries[i], checks[i]), cancellationToken);
            }

            for (var i = 0; i < _entries.Count; i++)
                await output.WriteAsync(Central(i, checks[i]), cancellationToken);
            await output.WriteAsync(End(), cancellationToken);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async Task<uint> CopyAsync(ZipEntry entry, Stream content, Stream output, byte[] buffer, CancellationToken cancellationToken)
    {
        var check = new Crc32();
        var left = entry.Size;
        for (int read; (read = await content.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            left -= read;
            if (left < 0)
                break;
            check.Append(buffer.AsSpan(0, read));
            await output.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }

        return left == 0 ? check.GetCurrentHashAsUInt32() : throw new InvalidDataException($"The content of '{entry.Name}' has not the {entry.Size} bytes that it should have.");
    }

    private static byte[] Local(ZipEntry entry)
    {
        var isWide = IsWide(entry);
        var record = new Record(LocalSize + NameSize(entry) + (isWide ? LocalExtraSize : 0));
        record.Add(0x04034b50u).Add(isWide ? Wide : Plain).Add(Flags).Add((ushort)0).Add(DosTime(entry.UpdatedAt)).Add(0u);
        record.Add(isWide ? Full : 0u).Add(isWide ? Full : 0u).Add((ushort)NameSize(entry)).Add((ushort)(isWide ? LocalExtraSize : 0)).Add(entry.Name);
        return isWide ? record.Add((ushort)1).Add((ushort)16).Add(0L).Add(0L).Bytes : record.Bytes;
    }

    private static byte[] Descriptor(ZipEntry entry, uint check)
    {
        var record = new Record(IsWide(entry) ? WideDescriptorSize : DescriptorSize).Add(0x08074b50u).Add(check);
        return IsWide(entry) ? record.Add(entry.Size).Add(entry.Size).Bytes : record.Add((uint)entry.Size).Add((uint)entry.Size).Bytes;
    }

    private byte[] Central(int index, uint check)
    {
        var (entry, place) = (_entries[index], _places[index]);
        var (isWide, isFar, extra) = (IsWide(entry), place >= Full, ExtraSize(index));
        var version = extra > 0 ? Wide : Plain;
        var record = new Record(CentralSize + NameSize(entry) + extra);
        record.Add(0x02014b50u).Add((ushort)(Unix | version)).Add(version).Add(Flags).Add((ushort)0).Add(DosTime(entry.UpdatedAt)).Add(check);
        record.Add(isWide ? Full : (uint)entry.Size).Add(isWide ? Full : (uint)entry.Size).Add((ushort)NameSize(entry)).Add((ushort)extra);
        record.Add((ushort)0).Add((ushort)0).Add((ushort)0).Add(Mode).Add(isFar ? Full : (uint)place).Add(entry.Name);
        if (extra > 0)
            record.Add((ushort)1).Add((ushort)(extra - 4));
        if (isWide)
            record.Add(entry.Size).Add(entry.Size);
        return isFar ? record.Add(place).Bytes : record.Bytes;
    }

    private byte[] End()
    {
        var record = new Record((NeedsWideEnd ? WideEndSize + LocatorSize : 0) + EndSize);
        if (NeedsWideEnd)
        {
            record.Add(0x06064b50u).Add((long)(WideEndSize - 12)).Add((ushort)(Unix | Wide)).Add(Wide).Add(0u).Add(0u);
            record.Add((long)_entries.Count).Add((long)_entries.Count).Add(_directorySize).Add(_directory);
            record.Add(0x07064b50u).Add(0u).Add(_directory + _directorySize).Add(1u);
        }

        var count = (ushort)Math.Min(_entries.Count, ushort.MaxValue);
        record.Add(0x06054b50u).Add((ushort)0).Add((ushort)0).Add(NeedsWideEnd ? ushort.MaxValue : count).Add(NeedsWideEnd ? ushort.MaxValue : count);
        return record.Add(NeedsWideEnd ? Full : (uint)_directorySize).Add(NeedsWideEnd ? Full : (uint)_directory).Add((ushort)0).Bytes;
    }

    private int ExtraSize(int index) => (IsWide(_entries[index]) ? 16 : 0) + (_places[index] >= Full ? 8 : 0) is > 0 and var size ? size + 4 : 0;

    private static bool IsWide(ZipEntry entry) => entry.Size >= Full;

    private static int NameSize(ZipEntry entry) => Encoding.UTF8.GetByteCount(entry.Name);

    private static uint DosTime(long unixMilliseconds)
    {
        var time = DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(unixMilliseconds, 315_532_800_000, 4_354_819_198_000));
        var date = (uint)(((time.Year - 1980) << 9) | (time.Month << 5) | time.Day);
        return (date << 16) | (uint)((time.Hour << 11) | (time.Minute << 5) | (time.Second / 2));
    }

    /// <summary>Bytes that are filled from the front.</summary>
    private sealed class Record(int size)
    {
        private int _at;

        public byte[] Bytes { get; } = new byte[size];

        public Record Add(ushort value)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(Bytes.AsSpan(_at), value);
            _at += 2;
            return this;
        }

        public Record Add(uint value)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(Bytes.AsSpan(_at), value);
            _at += 4;
            return this;
        }

        public Record Add(long value)
        {
            BinaryPrimitives.WriteInt64LittleEndian(Bytes.AsSpan(_at), value);
            _at += 8;
            return this;
        }

        public Record Add(string text)
        {
            _at += Encoding.UTF8.GetBytes(text, Bytes.AsSpan(_at));
            return this;
        }
    }
}
