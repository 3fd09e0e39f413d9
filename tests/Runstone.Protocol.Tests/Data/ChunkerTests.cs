using CsCheck;
using Runstone.Protocol.Data;

namespace Runstone.Protocol.Tests.Data;

/// <summary>Where chunks end depends on the bytes, and on nothing else.</summary>
public sealed class ChunkerTests
{
    // Lengths of the chunks of the first 2 MiB of the sample bytes, computed by a plain loop in Python from the definition in docs/formats/data-versions.md.
    private static readonly int[] SampleLengths = [72_716, 20_369, 71_606, 67_775, 79_309, 72_647, 59_790, 93_971, 70_631, 54_190, 114_406, 69_248, 91_880, 69_273, 86_660, 79_606, 71_806, 83_747, 71_032, 67_398, 99_561, 91_879, 93_961, 72_424, 74_014, 83_536, 93_399, 20_318];

    [Fact]
    public void Sample_bytes_have_the_chunks_that_another_program_finds() => Assert.Equal(SampleLengths, Lengths(SampleBytes.Make(2 << 20), [int.MaxValue]));

    [Fact]
    public void Bytes_without_a_cut_have_chunks_of_the_greatest_length() =>
        Assert.Equal([Chunker.MaxBytes, Chunker.MaxBytes, 5], Lengths(new byte[(2 * Chunker.MaxBytes) + 5], [1000]));

    [Fact]
    public void An_empty_file_has_no_chunk() => Assert.Empty(Lengths([], [1]));

    [Fact]
    public void Portions_do_not_matter() => Gen.Select(Gen.Int[0, 1 << 20], Gen.Int[0, 1000], Gen.OneOf(Gen.Int[1, 100_000], Gen.Int[1, 64]).Array[1, 20])
        .Sample((length, first, portions) =>
        {
            var bytes = SampleBytes.Make(length, first);
            Assert.Equal(Lengths(bytes, [int.MaxValue]), Lengths(bytes, portions));
        }, iter: 30);

    [Fact]
    public void Chunks_are_within_bounds_and_a_change_at_the_front_moves_few() => Gen.Select(Gen.Int[0, 1000], Gen.Byte.Array[1, 3000]).Sample((first, inserted) =>
    {
        var bytes = SampleBytes.Make(4 << 20, first * 1_000_000L);
        var before = Chunks(bytes);
        byte[] changed = [.. inserted, .. bytes];
        var after = Chunks(changed);
        Assert.InRange(before.Except(after).Count(), 0, 4);
        Assert.All(Lengths(bytes, [int.MaxValue])[..^1], n => Assert.InRange(n, Chunker.MinBytes, Chunker.MaxBytes));
    }, iter: 10);

    [Fact]
    public async Task A_stream_that_gives_bytes_in_any_portions_has_the_same_chunks()
    {
        var bytes = SampleBytes.Make(3_000_000, 7);
        var expected = Lengths(bytes, [int.MaxValue]);
        foreach (var portion in (int[])[1000, 65_536, 5_000_000])
        {
            using var reader = new ChunkReader(new PortionedStream(bytes, portion), 2 * Chunker.MaxBytes);
            var (lengths, content) = (new List<int>(), new MemoryStream());
            while (await reader.ReadAsync() is { Length: > 0 } chunk)
            {
                lengths.Add(chunk.Length);
                content.Write(chunk.Span);
            }

            Assert.Equal(expected, lengths);
            Assert.Equal(bytes, content.ToArray());
            Assert.Equal(bytes.Length, reader.Position);
            Assert.True((await reader.ReadAsync()).IsEmpty);
        }
    }

    [Fact]
    public void Cutting_takes_no_memory()
    {
        var bytes = SampleBytes.Make(1 << 20);
        var chunker = new Chunker();
        Count(chunker, bytes);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Count(chunker, bytes);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static int Count(Chunker chunker, ReadOnlySpan<byte> bytes)
    {
        chunker.Reset();
        var count = 0;
        while (bytes.Length > 0)
        {
            bytes = bytes[chunker.Push(bytes, out var ends)..];
            count += ends ? 1 : 0;
        }

        return count;
    }

    private static HashSet<DataObjectId> Chunks(byte[] bytes)
    {
        var (chunks, at) = (new HashSet<DataObjectId>(), 0);
        foreach (var length in Lengths(bytes, [int.MaxValue]))
        {
            chunks.Add(DataObjectId.Of(bytes.AsSpan(at, length)));
            at += length;
        }

        return chunks;
    }

    private static List<int> Lengths(ReadOnlySpan<byte> bytes, int[] portions)
    {
        var (chunker, lengths, length, turn) = (new Chunker(), new List<int>(), 0, 0);
        while (bytes.Length > 0)
        {
            var portion = bytes[..Math.Min(portions[turn++ % portions.Length], bytes.Length)];
            var taken = chunker.Push(portion, out var ends);
            length += taken;
            Assert.Equal(ends ? 0 : length, chunker.Length);
            bytes = bytes[taken..];
            if (!ends)
                continue;
            lengths.Add(length);
            length = 0;
        }

        if (length > 0)
            lengths.Add(length);
        return lengths;
    }

    /// <summary>A stream that never gives more than so many bytes at once.</summary>
    private sealed class PortionedStream(byte[] bytes, int portion) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, portion)], cancellationToken);
    }
}
