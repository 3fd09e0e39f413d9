using CsCheck;
using Runstone.Core.Metrics.Chunks;

namespace Runstone.Core.Tests.Metrics.Chunks;

/// <summary>Each coding of a column, whatever the model it is given.</summary>
public sealed class ColumnTests
{
    [Fact]
    public void Integers_come_back_under_any_model()
    {
        var model = Gen.Select(Gen.Int[0, 2], Gen.Int[0, IntegerModel.MaxShift], Gen.OneOf(Gen.Long, Gen.Const(0L), Gen.Long[-1000, 1000]), (o, s, start) => new IntegerModel(o, s, start, 0));
        Gen.Select(ChunkGens.Paces, Gen.Int[3, 600], model).Sample((numbers, count, chosen) =>
        {
            var column = Enumerable.Range(0, count).Select(numbers).ToArray();
            Assert.Equal(column, Integers(column, (writer, columns) => columns.Write(writer, column, chosen)));
            Assert.Equal(column, Integers(column, (writer, columns) => columns.Write(writer, column)));
        });
    }

    [Theory]
    [InlineData((int)ValueCoding.Doubles)]
    [InlineData((int)ValueCoding.Magnitudes)]
    [InlineData((int)ValueCoding.Decimals)]
    [InlineData((int)ValueCoding.Dictionary)]
    public void Values_of_each_coding_come_back_bit_for_bit(int number)
    {
        var coding = (ValueCoding)number;
        Gen.Select(Gen.Int, Gen.Int[100, 1000], Gen.Int[0, 3], Gen.Int[0, 30]).Sample((seed, count, form, apart) =>
        {
            var random = new Random(seed);
            var column = new double[count];
            for (var i = 0; i < count; i++)
            {
                column[i] = random.Next(1000) < apart && i % (count / 8) != 0
                    ? ChunkGens.OddValues[random.Next(ChunkGens.OddValues.Length)]
                    : Next(coding, random, form);
            }

            var (chosen, back) = Values(column);

            Assert.Equal(column.Select(BitConverter.DoubleToInt64Bits), back.Select(BitConverter.DoubleToInt64Bits));
            if (apart == 0)
                Assert.Equal(coding, chosen);
        });
    }

    [Fact]
    public void Any_values_come_back_bit_for_bit()
    {
        Gen.Select(ChunkGens.Curves, Gen.Int[1, 3000]).Sample((curve, count) =>
        {
            var column = Enumerable.Range(0, count).Select(curve).ToArray();
            Assert.Equal(column.Select(BitConverter.DoubleToInt64Bits), Values(column).Back.Select(BitConverter.DoubleToInt64Bits));
        });
    }

    [Fact]
    public void A_single_is_told_from_other_doubles()
    {
        Gen.UInt.Sample(bits =>
        {
            var wide = SingleBits.Widen(bits);
            Assert.True(SingleBits.IsExact(wide));
            Assert.Equal(bits, SingleBits.Narrow(wide));
            Assert.False(SingleBits.IsExact(BitConverter.UInt64BitsToDouble(BitConverter.DoubleToUInt64Bits(wide) | 1)));
        });
        Assert.False(SingleBits.IsExact(1e300));
        Assert.False(SingleBits.IsExact(0.1));
        Assert.True(SingleBits.IsExact(double.NaN));
    }

    [Fact]
    public void Columns_that_follow_a_pace_cost_nothing_and_jitter_its_entropy()
    {
        var random = new Random(1);
        Assert.InRange(Bytes(i => 7 + (i * 1_000_000_007L)), 3, 12);
        Assert.InRange(Bytes(i => (i / 4096 * 10_000L) + i), 3, 60);

        // One of 16 numbers: half a byte.
        Assert.InRange(Bytes(i => (250L * i) + random.Next(16)) / 8192.0, 0.5, 0.65);
        var now = 1_764_000_000_000L;
        Assert.InRange(Bytes(_ => now += 250 + random.Next(16)) / 8192.0, 0.5, 0.51);

        // With a pause now and then it is hardly more.
        Assert.InRange(Bytes(_ => now += 250 + random.Next(16) + (random.Next(500) == 0 ? 60_000 : 0)) / 8192.0, 0.5, 0.54);
    }

    [Fact]
    public void Values_cost_what_is_random_in_them()
    {
        var random = new Random(1);
        AssertBytes(0, 0.003, _ => 0.1 + 0.2);
        AssertBytes(0, 0.003, i => i / 4.0);
        AssertBytes(0.12, 0.14, _ => random.Next(2) == 0 ? 0.1 : 0.7);
        AssertBytes(1.1, 1.3, _ => Math.Round(random.NextDouble() * 10, 2));
        AssertBytes(2.8, 3.1, _ => random.NextSingle() + 1);
        AssertBytes(6.5, 6.9, _ => random.NextDouble());
        AssertBytes(1.4, 1.8, i => i % 1000 < 500 ? double.NaN : random.NextSingle() + 1);
        AssertBytes(8, 8.1, _ => BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue)));
    }

    private static void AssertBytes(double least, double most, Func<int, double> value)
    {
        using var sections = new SectionWriter();
        var writer = new ChunkWriter();
        writer.Begin();
        new ValueColumnWriter(sections, new IntegerColumnWriter(sections)).Write(writer, Enumerable.Range(0, 8192).Select(value).ToArray());
        Assert.InRange(writer.Length / 8192.0, least, most);
    }

    private static int Bytes(Func<int, long> number)
    {
        using var sections = new SectionWriter();
        var writer = new ChunkWriter();
        writer.Begin();
        new IntegerColumnWriter(sections).Write(writer, Enumerable.Range(0, 8192).Select(number).ToArray());
        return writer.Length;
    }

    private static double Next(ValueCoding coding, Random random, int form) => (coding, form) switch
    {
        (ValueCoding.Doubles, 0) => random.NextDouble() + 1e-20,
        (ValueCoding.Doubles, 1) => random.NextSingle() + 1,
        (ValueCoding.Doubles, _) => (random.NextDouble() + 0.5) * Math.Pow(10, (form * 100) - 250),
        (ValueCoding.Magnitudes, 0) => random.NextSingle() - 0.5f,
        (ValueCoding.Magnitudes, _) => (random.NextDouble() - 0.5) * Math.Pow(10, (form * 100) - 200),
        (ValueCoding.Decimals, 0) => random.Next(100_000),
        (ValueCoding.Decimals, _) => Math.Round((random.NextDouble() - 0.5) * 100, form + 3),
        _ => (random.Next(form + 1) + 1) / 7.0,
    };

    private static long[] Integers(long[] column, Action<ChunkWriter, IntegerColumnWriter> write)
    {
        using var sections = new SectionWriter();
        var writer = new ChunkWriter();
        writer.Begin();
        write(writer, new IntegerColumnWriter(sections));
        using var read = new SectionReader();
        var reader = new ChunkReader(writer.Written);
        var back = new long[column.Length];
        new IntegerColumnReader(read).Read(ref reader, back);
        reader.End();
        return back;
    }

    private static (ValueCoding Coding, double[] Back) Values(double[] column)
    {
        using var sections = new SectionWriter();
        var writer = new ChunkWriter();
        writer.Begin();
        new ValueColumnWriter(sections, new IntegerColumnWriter(sections)).Write(writer, column);
        using var read = new SectionReader();
        var reader = new ChunkReader(writer.Written);
        var back = new double[column.Length];
        new ValueColumnReader(read, new IntegerColumnReader(read)).Read(ref reader, back);
        reader.End();
        return ((ValueCoding)writer.Written[0], back);
    }
}
