using CsCheck;
using Runstone.Core.Metrics.Chunks;

namespace Runstone.Core.Tests.Metrics.Chunks;

public sealed class ChunkTests
{
    [Fact]
    public void What_was_written_is_read_bit_for_bit()
    {
        Gen.Select(ChunkGens.Series(700), Gen.Int[0, 1_000_000], Gen.Int[0, 1_000_000]).Sample((points, a, b) =>
        {
            var start = a % points.Count;
            var count = 1 + (b % (points.Count - start));
            using var encoder = new ChunkEncoder();
            using var decoder = new ChunkDecoder();
            var read = new SeriesPoints();
            decoder.Decode(encoder.Encode(points, start, count).Payload, read);
            ChunkGens.AssertSame(points, read, start, count);
        });
    }

    [Fact]
    public void A_full_chunk_is_read_bit_for_bit()
    {
        using var encoder = new ChunkEncoder();
        using var decoder = new ChunkDecoder();
        ChunkGens.Series(ChunkEncoder.MaxPoints).Sample(
            points =>
            {
                var read = new SeriesPoints();
                decoder.Decode(encoder.Encode(points, 0, points.Count).Payload, read);
                ChunkGens.AssertSame(points, read);
            },
            iter: 30,
            threads: 1);
    }

    [Fact]
    public void Chunks_are_appended_one_after_the_other()
    {
        using var encoder = new ChunkEncoder();
        using var decoder = new ChunkDecoder();
        var points = ChunkGens.Make(1000, i => i, i => i / 600, i => i, i => i, i => i);
        var read = new SeriesPoints();

        decoder.Decode(encoder.Encode(points, 0, 500).Payload, read);
        Assert.True(read.Micros.IsEmpty);
        decoder.Decode(encoder.Encode(points, 500, 500).Payload, read);

        ChunkGens.AssertSame(points, read);
        Assert.Equal(1000, read.Micros.Length);
    }

    [Fact]
    public void A_pack_gives_each_series_back()
    {
        Gen.Select(ChunkGens.Series(80).Array[1, 64], Gen.Long[0, (long.MaxValue / 64) - 1], Gen.Int).Sample(
            (series, group, seed) =>
            {
                using var encoder = new ChunkEncoder();
                using var decoder = new ChunkDecoder();
                var ids = Enumerable.Range(0, 64).Select(i => (group * 64) + i).ToArray();
                new Random(seed).Shuffle(ids);
                var pack = series.Zip(ids.Take(series.Length).Order(), (points, id) => (id, points)).ToList();
                var payload = encoder.EncodePack(pack).ToArray();

                Assert.Equal(pack.Select(p => p.id), decoder.PackKeys(payload));
                foreach (var (id, points) in pack)
                {
                    var read = new SeriesPoints();
                    Assert.True(decoder.DecodePack(payload, id, read));
                    ChunkGens.AssertSame(points, read);
                }

                Assert.False(decoder.DecodePack(payload, ids[^1] + (series.Length == 64 ? 64 : 0), new SeriesPoints()));
            },
            iter: 50);
    }

    [Fact]
    public void The_same_points_give_the_same_bytes_whatever_was_written_before()
    {
        using var used = new ChunkEncoder();
        Gen.Select(ChunkGens.Series(500), ChunkGens.Series(500)).Sample(
            (before, points) =>
            {
                using var fresh = new ChunkEncoder();
                var expected = fresh.Encode(points, 0, points.Count).Payload.ToArray();
                _ = used.Encode(before, 0, before.Count);
                Assert.Equal(expected, used.Encode(points, 0, points.Count).Payload.ToArray());
            },
            threads: 1);
    }

    [Fact]
    public void A_damaged_chunk_leaves_what_was_read_before()
    {
        using var encoder = new ChunkEncoder();
        using var decoder = new ChunkDecoder();
        var points = ChunkGens.Make(300, i => i, i => i % 3, i => i, i => i * 0.1, i => i);
        var payload = encoder.Encode(points, 0, 300).Payload.ToArray();
        var read = new SeriesPoints();
        decoder.Decode(payload, read);
        payload[^10] ^= 1;

        Assert.Throws<InvalidDataException>(() => decoder.Decode(payload, read));

        ChunkGens.AssertSame(points, read);
    }

    [Fact]
    public void A_pack_takes_only_ids_of_one_group_that_ascend()
    {
        using var encoder = new ChunkEncoder();
        var points = ChunkGens.Make(3, i => i, _ => 0, i => i, i => i, i => i);

        Assert.Throws<ArgumentException>(() => encoder.EncodePack([(64, points), (63, points)]).Length);
        Assert.Throws<ArgumentException>(() => encoder.EncodePack([(63, points), (64, points)]).Length);
        Assert.Throws<ArgumentException>(() => encoder.EncodePack([(63, points), (63, points)]).Length);
        Assert.Throws<ArgumentException>(() => encoder.EncodePack([(63, new SeriesPoints())]).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => encoder.EncodePack([]).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => encoder.Encode(points, 0, 0).Payload.Length);
    }

    [Fact]
    public void Encoding_and_decoding_take_no_memory_once_buffers_have_grown()
    {
        using var encoder = new ChunkEncoder();
        using var decoder = new ChunkDecoder();
        var random = new Random(1);
        var noise = ChunkGens.Make(8192, i => i * 3L, i => i % 2, i => (i * 1000L) + random.Next(5), i => i % 100 == 0 ? double.NaN : random.NextDouble(), i => -i);
        var loss = ChunkGens.Make(8192, i => i, _ => 0, i => (i * 1000L) + random.Next(5), _ => (float)random.NextDouble(), i => i);
        var short1 = ChunkGens.Make(100, i => i, _ => 0, i => i * 1000L, i => Math.Round(i * 0.1, 1), i => i);
        (long KeyId, SeriesPoints Points)[] pack = [(1, short1), (2, short1), (63, short1)];
        var read = new SeriesPoints();
        void Round()
        {
            foreach (var points in new ReadOnlySpan<SeriesPoints>([noise, loss, short1]))
            {
                read.Clear();
                decoder.Decode(encoder.Encode(points, 0, points.Count).Payload, read);
            }

            decoder.DecodePack(encoder.EncodePack(pack), 2, read);
        }

        Round();
        Round();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10; i++)
            Round();

        // The three references of the list above.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10 * 64);
    }
}
