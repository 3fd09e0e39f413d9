using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using System.Text;
using CsCheck;
using Runstone.Core.Artifacts;

namespace Runstone.Core.Tests.Artifacts;

public sealed class StoredZipTests
{
    private static readonly Gen<(string Name, byte[] Bytes, long Time)[]> Files = Gen.Select(
        Gen.OneOf(Gen.String[Gen.Char.AlphaNumeric, 1, 20], Gen.Const("añb/日本/🦊.txt"), Gen.Const("c d/e")), Gen.Byte.Array[0, 300], Gen.Long[-1, 5_000_000_000_000]).Array[0, 12];

    [Fact]
    public void What_is_put_in_is_read_by_others_and_the_length_is_known_before() => Files.Sample(files =>
    {
        var entries = files.Select((f, i) => new ZipEntry($"{i}/{f.Name}", f.Bytes.Length, f.Time)).ToList();
        var zip = new StoredZip(entries);
        using var output = new MemoryStream();
        zip.WriteAsync(output, i => Task.FromResult<Stream>(new MemoryStream(files[i].Bytes)), CancellationToken.None).GetAwaiter().GetResult();
        Assert.Equal(output.Length, zip.Length);

        using var read = new ZipArchive(output, ZipArchiveMode.Read);
        Assert.Equal(entries.Select(e => e.Name), read.Entries.Select(e => e.FullName), StringComparer.Ordinal);
        for (var i = 0; i < files.Length; i++)
        {
            using var content = new MemoryStream();
            using (var stream = read.Entries[i].Open())
                stream.CopyTo(content);
            Assert.Equal(files[i].Bytes, content.ToArray());
            Assert.Equal(Crc32.HashToUInt32(files[i].Bytes), read.Entries[i].Crc32);
        }
    });

    [Fact]
    public void Times_are_kept_to_two_seconds()
    {
        var time = new DateTimeOffset(2026, 11, 23, 7, 31, 58, TimeSpan.Zero);
        var bytes = Write([new ZipEntry("a", 0, time.ToUnixTimeMilliseconds())], _ => Stream.Null);
        var packed = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(10));
        Assert.Equal((2026, 11, 23), ((int)(packed >> 25) + 1980, (int)(packed >> 21) & 15, (int)(packed >> 16) & 31));
        Assert.Equal((7, 31, 58), ((int)(packed >> 11) & 31, (int)(packed >> 5) & 63, (int)(packed & 31) * 2));
    }

    [Fact]
    public void More_files_than_16_bits_count_are_read_by_others()
    {
        var bytes = Write([.. Enumerable.Range(0, 65_540).Select(i => new ZipEntry($"{i}", 0, 0))], _ => Stream.Null);
        using var read = new ZipArchive(new MemoryStream(bytes), ZipArchiveMode.Read);
        Assert.Equal(65_540, read.Entries.Count);
        Assert.Equal("65539", read.Entries[^1].FullName);
    }

    [Fact]
    public async Task Files_above_4_GiB_and_what_lies_behind_them_have_wide_records()
    {
        const long size = (1L << 32) + 5;
        var zip = new StoredZip([new ZipEntry("big", size, 0), new ZipEntry("small", 3, 0)]);
        var output = new TailStream(400);
        await zip.WriteAsync(output, i => Task.FromResult<Stream>(i == 0 ? new ZeroStream(size) : new MemoryStream("abc"u8.ToArray())), TestContext.Current.CancellationToken);
        Assert.Equal(zip.Length, output.Length);

        using var read = new ZipArchive(output, ZipArchiveMode.Read);
        Assert.Equal([size, 3L], read.Entries.Select(e => e.Length));
        using var reader = new StreamReader(await read.Entries[1].OpenAsync(TestContext.Current.CancellationToken), Encoding.UTF8);
        Assert.Equal("abc", await reader.ReadToEndAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public async Task Content_of_another_size_is_refused(int actual)
    {
        var zip = new StoredZip([new ZipEntry("a", 3, 0)]);
        await Assert.ThrowsAsync<InvalidDataException>(() => zip.WriteAsync(Stream.Null, _ => Task.FromResult<Stream>(new MemoryStream(new byte[actual])), TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("", "a/b.txt", "r1/a/b.txt")]
    [InlineData("a", "a/b.txt", "a/b.txt")]
    [InlineData("a/b", "a/b/c/d", "b/c/d")]
    [InlineData("a/b.txt", "a/b.txt", "b.txt")]
    [InlineData("a/C:", "a/C:/x:y", "C_/x:y")]
    [InlineData("a/C:x", "a/C:x", "C_x")]
    public void Everything_lies_in_one_folder_that_is_no_drive(string path, string file, string name)
    {
        var folder = ArtifactFolder.Of("r1", path, [new Artifact(file, new BlobRef(new string('0', 64), 1), 0)]);
        var read = new ZipArchive(new MemoryStream(Write(folder.Zip, _ => new MemoryStream(new byte[1]))), ZipArchiveMode.Read);
        Assert.Equal(name, Assert.Single(read.Entries).FullName);
    }

    private static byte[] Write(ZipEntry[] entries, Func<int, Stream> open) => Write(new StoredZip(entries), open);

    private static byte[] Write(StoredZip zip, Func<int, Stream> open)
    {
        using var output = new MemoryStream();
        zip.WriteAsync(output, i => Task.FromResult(open(i)), CancellationToken.None).GetAwaiter().GetResult();
        return output.ToArray();
    }

    /// <summary>Zeros.</summary>
    private sealed class ZeroStream(long length) : ReadOnlyBytes(length)
    {
        protected override int Fill(Span<byte> buffer, long at)
        {
            buffer.Clear();
            return buffer.Length;
        }
    }

    /// <summary>Takes what is written and gives back the last bytes of it; those before are zeros.</summary>
    private sealed class TailStream(int kept) : ReadOnlyBytes(0)
    {
        private readonly byte[] _tail = new byte[kept];
        private long _length;

        public override bool CanWrite => true;

        public override long Length => _length;

        public override void Write(byte[] buffer, int offset, int count)
        {
            var bytes = buffer.AsSpan(offset, count);
            bytes = bytes[Math.Max(0, bytes.Length - _tail.Length)..];
            _tail.AsSpan(bytes.Length).CopyTo(_tail);
            bytes.CopyTo(_tail.AsSpan(_tail.Length - bytes.Length));
            _length += count;
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Write(buffer.ToArray(), 0, buffer.Length);
            return ValueTask.CompletedTask;
        }

        protected override int Fill(Span<byte> buffer, long at)
        {
            buffer.Clear();
            var start = _length - _tail.Length;
            for (var i = 0; i < buffer.Length; i++)
                buffer[i] = at + i >= start ? _tail[(int)(at + i - start)] : (byte)0;
            return buffer.Length;
        }
    }

    private abstract class ReadOnlyBytes(long length) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => true;

        public override bool CanWrite => false;

        public override long Length => length;

        public override long Position { get; set; }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = Fill(buffer.AsSpan(offset, (int)Math.Min(count, Length - Position)), Position);
            Position += read;
            return read;
        }

        public override long Seek(long offset, SeekOrigin origin) =>
            Position = origin switch { SeekOrigin.Begin => offset, SeekOrigin.Current => Position + offset, _ => Length + offset };

        public override void Flush()
        {
        }

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected abstract int Fill(Span<byte> buffer, long at);
    }
}
