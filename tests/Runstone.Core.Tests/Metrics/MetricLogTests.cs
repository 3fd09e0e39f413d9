using CsCheck;
using Runstone.Core.Metrics;

namespace Runstone.Core.Tests.Metrics;

public sealed class MetricLogTests
{
    private static readonly Gen<double> Values = Gen.OneOf(
        Gen.Double, Gen.Double[-1, 1], Gen.Int[-5, 5].Select(i => (double)i), Gen.ULong.Select(BitConverter.UInt64BitsToDouble),
        Any(0.0, -0.0, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.Epsilon, BitConverter.UInt64BitsToDouble(0xFFF0_0000_0000_0001)));

    private static readonly Gen<long> Numbers = Gen.OneOf(
        Gen.Long, Gen.Int[0, 100].Select(i => (long)i), Any(long.MinValue, long.MaxValue, 0L, -1L));

    private static readonly Gen<Step> Steps = Gen.OneOf(
        Numbers.Select(n => new Step(n)), Gen.Select(Numbers, Gen.Int[0, 999_999], (whole, micros) => new Step(whole, micros)));

    private static readonly Gen<(long[] Ids, MetricPoint[] Points)> Batches =
        from ids in Gen.OneOf(Gen.Long[1, 300], Gen.Long[1, long.MaxValue]).Array[1, 20]
        from points in Gen.Select(Gen.Int[0, ids.Length - 1], Steps, Numbers, Values, (k, s, t, v) => new MetricPoint(k, s, t, v)).Array[1, 200]
        select (ids, points);

    [Fact]
    public void What_was_written_is_read_bit_for_bit()
    {
        Batches.Sample(batch =>
        {
            using var encoder = new MetricLogEncoder();
            using var decoder = new MetricLogDecoder();
            decoder.Decode(encoder.Encode(batch.Ids, batch.Points));
            AssertSame(batch.Ids, batch.Points, decoder);
        });
    }

    [Fact]
    public void One_instance_serves_rows_of_all_sizes()
    {
        using var encoder = new MetricLogEncoder();
        using var decoder = new MetricLogDecoder();
        foreach (var count in new[] { 1, 100_000, 3, 2000, 1 })
        {
            var points = Enumerable.Range(0, count).Select(i => new MetricPoint(i % 7 == 0 ? 1 : 0, new Step(i, i % 2), -i, i * 0.1)).ToArray();
            decoder.Decode(encoder.Encode([7, 5], points));
            AssertSame([7, 5], points, decoder);
        }
    }

    [Fact]
    public void A_header_tells_which_keys_are_in_the_row()
    {
        Gen.Select(Batches, Gen.Long[1, 300]).Sample((batch, other) =>
        {
            using var encoder = new MetricLogEncoder();
            var header = MetricLogHeader.Read(encoder.Encode(batch.Ids, batch.Points));
            var used = batch.Points.Select(p => batch.Ids[p.Key]).ToHashSet();
            foreach (var id in batch.Ids)
                Assert.Equal(used.Contains(id), header.Contains(id));
            Assert.Equal(used.Contains(other), header.Contains(other));
            Assert.False(header.Contains(0));
            Assert.Equal((used.Count, batch.Points.Length), (header.KeyCount, header.Count));
        });
    }

    [Fact]
    public void Every_truncation_is_told()
    {
        Batches.Sample(
            batch =>
            {
                using var encoder = new MetricLogEncoder();
                using var decoder = new MetricLogDecoder();
                var payload = encoder.Encode(batch.Ids, batch.Points).ToArray();
                for (var length = 0; length < payload.Length; length++)
                    Assert.Throws<InvalidDataException>(() => decoder.Decode(payload.AsSpan(0, length)));
                Assert.Throws<InvalidDataException>(() => decoder.Decode([.. payload, 0]));
            },
            iter: 30);
    }

    [Fact]
    public void Bytes_that_are_no_row_are_told_and_take_no_memory()
    {
        using var decoder = new MetricLogDecoder();
        var flags = Gen.OneOf(Gen.Byte, Gen.Byte[0, 7].Select(b => (byte)((b << 4) | 1)));
        Gen.Select(flags, Gen.Byte.Array[0, 200]).Sample((first, rest) => Survives(decoder, [first, .. rest]));
    }

    [Fact]
    public void A_changed_byte_is_read_or_told_but_never_trips()
    {
        Gen.Select(Batches, Gen.Int[0, 1_000_000], Gen.Byte).Sample((batch, at, value) =>
        {
            using var encoder = new MetricLogEncoder();
            using var decoder = new MetricLogDecoder();
            var payload = encoder.Encode(batch.Ids, batch.Points).ToArray();
            payload[at % payload.Length] = value;
            Survives(decoder, payload);
        });
    }

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("02")]
    [InlineData("C1010100000000000000000000")]
    [InlineData("01FFFFFFFF0701")]
    [InlineData("4101FFFFFFFF07")]
    [InlineData("41010000")]
    [InlineData("0102010001000000")]
    [InlineData("5101FFFFFFFF07FFFFFFFF0700")]
    [InlineData("4101FFFFFFFFFFFFFFFFFF7F")]
    public void A_hostile_row_is_refused(string hex)
    {
        using var decoder = new MetricLogDecoder();
        var before = GC.GetAllocatedBytesForCurrentThread();

        var e = Assert.Throws<InvalidDataException>(() => decoder.Decode(Convert.FromHexString(hex)));

        Assert.StartsWith("The metric log row", e.Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200_000);
    }

    [Fact]
    public void One_point_takes_few_bytes_and_encoding_takes_no_memory()
    {
        using var encoder = new MetricLogEncoder();
        long[] ids = [3];
        MetricPoint[] points = [new(0, new Step(1000), 1_764_000_000_000, 0.25)];
        Assert.Equal(19, encoder.Encode(ids, points).Length);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
            encoder.Encode(ids, points);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void A_row_that_does_not_shrink_is_stored_as_it_is()
    {
        using var encoder = new MetricLogEncoder();
        var random = new Random(1);
        var noise = Enumerable.Range(0, 1000).Select(_ => new MetricPoint(0, new Step(random.NextInt64()), random.NextInt64(), random.NextDouble())).ToArray();
        var calm = Enumerable.Range(0, 1000).Select(i => new MetricPoint(0, new Step(i), i, 1)).ToArray();

        Assert.Equal(0, encoder.Encode([1], noise)[0] & 0x10);
        Assert.Equal(0x10, encoder.Encode([1], calm)[0] & 0x10);
        Assert.InRange(encoder.Encode([1], calm).Length, 10, 200);
    }

    [Fact]
    public void A_point_without_step_cannot_be_written()
    {
        using var encoder = new MetricLogEncoder();

        Assert.Throws<ArgumentException>(() => encoder.Encode([1], [new MetricPoint(0, Step.Unset, 0, 0)]).Length);
    }

    private static Gen<T> Any<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static void Survives(MetricLogDecoder decoder, byte[] payload)
    {
        try
        {
            decoder.Decode(payload);
            Assert.All(decoder.Points.ToArray(), p => Assert.InRange(p.Key, 0, decoder.KeyIds.Length - 1));
        }
        catch (InvalidDataException e)
        {
            Assert.StartsWith("The metric log row", e.Message, StringComparison.Ordinal);
        }
    }

    private static void AssertSame(long[] ids, MetricPoint[] points, MetricLogDecoder decoder)
    {
        Assert.Equal(points.Length, decoder.Points.Length);
        Assert.Equal(points.Select(p => ids[p.Key]).Distinct().Order(), decoder.KeyIds.ToArray());
        for (var i = 0; i < points.Length; i++)
        {
            var (expected, actual) = (points[i], decoder.Points[i]);
            Assert.Equal(ids[expected.Key], decoder.KeyIds[actual.Key]);
            Assert.Equal((expected.Step, expected.Time), (actual.Step, actual.Time));
            Assert.Equal(BitConverter.DoubleToInt64Bits(expected.Value), BitConverter.DoubleToInt64Bits(actual.Value));
        }
    }
}
