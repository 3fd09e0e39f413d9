using System.Text;
using CsCheck;

namespace Runstone.Protocol.Tests;

/// <summary>What is written is read back bit for bit; what is no batch is refused and costs no memory.</summary>
public sealed class MetricBatchTests
{
    private static readonly Gen<string> Name = Gen.String[Gen.Char['a', 'z'], 1, 12];

    private static readonly Gen<SamplePoint> Point = Gen.Select(
        Gen.Int[0, 1000], Gen.OneOf(Gen.Long[0, 100], Gen.Long), Gen.OneOf(Gen.Const(0), Gen.Const(-1), Gen.Int[0, 999_999]), Gen.Long,
        Gen.OneOf(Gen.Long, Gen.Const(0L), Gen.Const(long.MinValue), Gen.Const(0x7FF0_0000_0000_0000L), Gen.Const(0x7FF8_0000_0000_1234L), Gen.Const(1L)),
        (key, whole, micros, time, bits) => new SamplePoint(key, whole, micros, time, bits));

    private static readonly Gen<SampleBatch> Batch = Gen.Select(
        Name, Name, Gen.Long[0, long.MaxValue], Gen.OneOf(Name, Gen.Const("ключ"), Gen.Const("損失"), Gen.Const("🙂")).Array[1, 200], Point.Array[1, 300], Gen.Bool, Gen.Bool,
        (run, source, sequence, names, points, noSteps, noTimes) =>
        {
            var keys = names.Distinct(StringComparer.Ordinal).Take(points.Length).ToArray();
            var own = points.Select(p => p with
            {
                Key = p.Key % keys.Length,
                Whole = noSteps ? 0 : p.Whole,
                Micros = noSteps ? -1 : p.Micros,
                Time = noTimes ? 0 : p.Time,
            });
            return new SampleBatch(run, source, sequence, keys, [.. own]) { NoSteps = noSteps, NoTimes = noTimes };
        });

    [Fact]
    public void What_is_written_is_read_back_bit_for_bit() => Batch.Sample(batch =>
    {
        var read = SampleBatch.Read(batch.Write());
        Assert.Equal((batch.RunId, batch.Source, batch.Sequence, batch.NoTimes), (read.RunId, read.Source, read.Sequence, read.NoTimes));
        Assert.Equal(batch.Keys, read.Keys);
        Assert.Equal(batch.Points, read.Points);
    });

    [Fact]
    public void Changed_bytes_are_read_or_refused_and_nothing_else() => Gen.Select(
        Batch, Gen.Select(Gen.Int[0, 1 << 20], Gen.Byte).Array[1, 8], Gen.Int[0, 64]).Sample((batch, changes, cut) =>
    {
        var content = batch.Write().AsSpan(MetricBatchFormat.FrameHeaderBytes).ToArray();
        foreach (var (at, value) in changes)
            content[at % content.Length] = value;
        TryRead(content.AsSpan(0, Math.Max(0, content.Length - (cut / 2))));
    });

    [Fact]
    public void Any_bytes_are_read_or_refused_and_nothing_else() => Gen.Byte.Array[0, 200].Sample(bytes =>
    {
        if (bytes.Length > 0)
            bytes[0] = (byte)(bytes[0] & 0x70 | 1);
        TryRead(bytes);
    });

    [Theory]
    [InlineData("02", "byte 0", "version 1")]
    [InlineData("31", "byte 0", "without steps")]
    [InlineData("01 01", "byte 1", "text")]
    [InlineData("01 01 72 01 73 80 80 80 80 80 80 80 80 80 02", "64 bits", "number")]
    [InlineData("01 01 72 01 73 00 FF FF 7F 01", "points", "possible")]
    [InlineData("41 01 72 01 73 00 01 02 01 61 01 62 00 00 00 00", "keys", "possible")]
    public void A_refusal_says_where_and_what(string hex, params string[] words)
    {
        var bytes = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        var refused = Assert.Throws<InvalidDataException>(() => SampleBatch.ReadContent(bytes));
        Assert.All(words, word => Assert.Contains(word, refused.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_frame_that_is_empty_or_too_long_is_refused()
    {
        Assert.Throws<InvalidDataException>(() => MetricBatchFormat.ReadFrame(new byte[8]));
        Assert.Throws<InvalidDataException>(() => MetricBatchFormat.ReadFrame([1, 0, 0, 1, 0, 0, 0, 0]));
        Assert.Equal((MetricBatchFormat.MaxContentBytes, 0u), MetricBatchFormat.ReadFrame([0, 0, 0, 1, 0, 0, 0, 0]));
    }

    [Fact]
    public void The_checksum_is_that_of_rfc_3720() =>
        Assert.Equal(0xE3069283, MetricBatchFormat.Checksum(Encoding.ASCII.GetBytes("123456789")));

    [Fact]
    public void A_batch_that_cannot_be_written_leaves_those_before_it()
    {
        var writer = new MetricBatchWriter();
        writer.Add(new MetricBatchColumns { RunId = "r", Source = "s", Sequence = 0, Keys = ["a"], Values = [1] });
        var before = writer.Written.ToArray();
        Assert.ThrowsAny<ArgumentException>(() => writer.Add(
            new MetricBatchColumns { RunId = "r", Source = "s", Sequence = 0, Keys = ["a", "\uD800"], Key = [0], Values = [1] }));
        Assert.Equal(before, writer.Written.ToArray());
    }

    [Fact]
    public void Reading_and_writing_take_no_memory()
    {
        var keys = Enumerable.Range(0, 10).Select(i => $"series{i}").ToArray();
        var points = Enumerable.Range(0, 10_000).Select(i => (Key: i % 10, Step: (long)i / 10, Time: 1_764_000_000_000L + i, Value: 1.0 / (i + 1))).ToArray();
        var (key, step, time, value) = (
            points.Select(p => p.Key).ToArray(), points.Select(p => p.Step).ToArray(), points.Select(p => p.Time).ToArray(), points.Select(p => p.Value).ToArray());
        var writer = new MetricBatchWriter();
        Write();
        Sum(writer.Written.Span[MetricBatchFormat.FrameHeaderBytes..]);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Write();
        var sum = Sum(writer.Written.Span[MetricBatchFormat.FrameHeaderBytes..]);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(value.Sum(), sum, 1e-9);

        void Write()
        {
            writer.Clear();
            writer.Add(new MetricBatchColumns { RunId = "r", Source = "s", Sequence = 1, Keys = keys, Key = key, Steps = step, Times = time, Values = value });
        }
    }

    private static double Sum(ReadOnlySpan<byte> content)
    {
        var reader = new MetricBatchReader(content);
        for (var i = 0; i < reader.KeyCount; i++)
            reader.ReadKey();
        var sum = 0.0;
        for (var i = 0; i < reader.Count; i++)
        {
            reader.Read(out _, out _, out _, out _, out var value);
            sum += value;
        }

        reader.End();
        return sum;
    }

    private static void TryRead(ReadOnlySpan<byte> content)
    {
        try
        {
            var batch = SampleBatch.ReadContent(content);
            Assert.InRange(batch.Points.Length, 1, content.Length / sizeof(double));
            Assert.InRange(batch.Keys.Length, 1, batch.Points.Length);
            Assert.All(batch.Points, p => Assert.InRange(p.Key, 0, batch.Keys.Length - 1));
        }
        catch (InvalidDataException)
        {
            // The only way to say that the bytes are no batch.
        }
    }
}
