using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using CsCheck;
using Runstone.Core.Errors;
using Runstone.Formats.Tables;

namespace Runstone.Formats.Tests.Tables;

public sealed class NumpyArchiveTests
{
    private static readonly byte[] Stored = Archive(CompressionLevel.NoCompression), Deflated = Archive(CompressionLevel.Optimal);

    [Fact]
    public async Task Arrays_are_listed_and_read_by_name()
    {
        foreach (var bytes in new[] { Stored, Deflated })
        {
            var list = await ReadAsync(bytes, null);
            Assert.Equal("weights.npy|<i2|(500, 2)|2072;one.npy|<i2|(1,)|70;note.txt|||4", Shown(list));
            Assert.Equal(("npz", 3L, false), (list.Format, list.Total, list.HasMore));
            Assert.Equal("one.npy|<i2|(1,)|70", Shown(await ReadAsync(bytes, null, 1, 1)));
            var rows = await ReadAsync(bytes, "weights.npy", 498, 5);
            Assert.Equal(("996|997;998|999", 500L), (Shown(rows), rows.Total));
            Assert.Equal("7", Shown(await ReadAsync(bytes, "one.npy")));
        }
    }

    [Fact]
    public async Task What_is_not_there_or_no_array_says_so()
    {
        var gone = await Assert.ThrowsAsync<RunstoneException>(() => ReadAsync(Stored, "gone.npy"));
        Assert.Equal((ErrorCode.NotFound, "entry"), (gone.Error.Code, gone.Error.Field));
        var note = await Assert.ThrowsAsync<RunstoneException>(() => ReadAsync(Stored, "note.txt"));
        Assert.Contains("does not begin as a .npy file does", note.Message, StringComparison.Ordinal);
        var half = await Assert.ThrowsAsync<RunstoneException>(() => ReadAsync(Stored[..^1], null));
        Assert.Contains("it was not written to the end", half.Message, StringComparison.Ordinal);
        var entry = await Assert.ThrowsAsync<RunstoneException>(() => TablePreview.ReadAsync(Of("a.npy", Stored), "x", 0, 5, CancellationToken.None));
        Assert.Equal((ErrorCode.Invalid, "entry"), (entry.Error.Code, entry.Error.Field));
    }

    [Fact]
    public async Task Directories_of_64_bits_are_read()
    {
        var end = Stored.Length - 22;
        var (length, at) = (BinaryPrimitives.ReadUInt32LittleEndian(Stored.AsSpan(end + 12)), BinaryPrimitives.ReadUInt32LittleEndian(Stored.AsSpan(end + 16)));
        var wide = new byte[56 + 20];
        "PK\u0006\u0006"u8.CopyTo(wide);
        BinaryPrimitives.WriteInt64LittleEndian(wide.AsSpan(32), 3);
        BinaryPrimitives.WriteInt64LittleEndian(wide.AsSpan(40), length);
        BinaryPrimitives.WriteInt64LittleEndian(wide.AsSpan(48), at);
        "PK\u0006\u0007"u8.CopyTo(wide.AsSpan(56));
        BinaryPrimitives.WriteInt64LittleEndian(wide.AsSpan(64), end);
        var last = Stored[end..];
        last.AsSpan(10, 10).Fill(0xFF);
        Assert.Equal("7", Shown(await ReadAsync([.. Stored[..end], .. wide, .. last], "one.npy")));
    }

    [Fact]
    public async Task Claims_of_more_than_there_is_are_refused()
    {
        var many = Stored.ToArray();
        BinaryPrimitives.WriteUInt16LittleEndian(many.AsSpan(many.Length - 22 + 10), 20_000);
        Assert.Contains("at most 10000", (await Assert.ThrowsAsync<RunstoneException>(() => ReadAsync(many, null))).Message, StringComparison.Ordinal);
        var large = Stored.ToArray();
        BinaryPrimitives.WriteUInt32LittleEndian(large.AsSpan(large.Length - 22 + 12), 4_000_000);
        Assert.Contains("outside of it", (await Assert.ThrowsAsync<RunstoneException>(() => ReadAsync(large, null))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_change_of_an_archive_is_read_or_refused() =>
        Gen.Select(Gen.Bool, Gen.Int[0, 4000], Gen.Byte, Gen.Int[0, 4000], Gen.Byte).Sample((isStored, from, value, other, second) =>
        {
            var bytes = (isStored ? Stored : Deflated).ToArray();
            // Headers and the directory are a small part of the bytes, at its end: most changes go there.
            bytes[^((from % Math.Min(bytes.Length, 400)) + 1)] = value;
            bytes[other % bytes.Length] = second;
            foreach (var entry in new[] { null, "weights.npy", "one.npy" })
                ReadOrRefuse(bytes, entry);
            ReadOrRefuse(bytes[..(from % bytes.Length)], null);
        });

    private static void ReadOrRefuse(byte[] bytes, string? entry)
    {
        try
        {
            Assert.InRange(ReadAsync(bytes, entry, 0, 5).GetAwaiter().GetResult().Rows.Count, 0, 5);
        }
        catch (RunstoneException e)
        {
            Assert.Contains(e.Error.Code, new[] { ErrorCode.Invalid, ErrorCode.NotFound, ErrorCode.TooLarge });
        }
    }

    private static byte[] Archive(CompressionLevel level)
    {
        var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            Add("weights.npy", Npy("(500, 2)", Enumerable.Range(0, 1000)));
            Add("one.npy", Npy("(1,)", [7]));
            Add("note.txt", "text"u8.ToArray());

            void Add(string name, byte[] content)
            {
                using var entry = zip.CreateEntry(name, level).Open();
                entry.Write(content);
            }
        }

        return stream.ToArray();
    }

    private static byte[] Npy(string shape, IEnumerable<int> values)
    {
        var header = $"{{'descr': '<i2', 'fortran_order': False, 'shape': {shape}, }}\n";
        return [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. Encoding.ASCII.GetBytes(header), .. values.SelectMany(v => BitConverter.GetBytes((short)v))];
    }

    private static string Shown(TablePage page) => string.Join(';', page.Rows.Select(r => string.Join('|', r)));

    private static TableFile Of(string name, byte[] bytes) =>
        new(name, bytes.Length, (from, length, _) => Task.FromResult<Stream>(new MemoryStream(bytes, (int)from, (int)Math.Min(length ?? long.MaxValue, bytes.Length - from))));

    private static Task<TablePage> ReadAsync(byte[] bytes, string? entry, long offset = 0, int limit = 100) =>
        TablePreview.ReadAsync(Of("a.npz", bytes), entry, offset, limit, CancellationToken.None);
}
