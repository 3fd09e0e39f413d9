using System.Buffers.Binary;
using CsCheck;
using Runstone.Core.Metrics.Chunks;

namespace Runstone.Core.Tests.Metrics.Chunks;

/// <summary>Damaged and hostile bytes are told, whatever they are, and take little memory. CsCheck_Time makes each of these run as long as one likes.</summary>
public sealed class ChunkDamageTests
{
    /// <summary>What the largest pack needs twice over, for buffers grow by doubling.</summary>
    private const int MostMemory = 8 * 1024 * 1024;

    private static readonly Gen<(int At, byte Value)[]> Changes = Gen.Select(Gen.Int[0, int.MaxValue], Gen.Byte).Array[1, 4];

    private static readonly Gen<byte[]> Anything =
        from kind in Gen.Byte[1, 4]
        from rest in Gen.OneOf(Gen.Byte.Array[0, 100], Gen.Byte[0, 3].Array[0, 100])
        select Sealed([(byte)((kind << 4) | 1), .. rest, 0, 0, 0, 0]);

    [Fact]
    public void A_changed_byte_is_told_by_the_checksum()
    {
        Gen.Select(ChunkGens.Series(300), Gen.Int[0, int.MaxValue], Gen.Byte[1, 255]).Sample((points, at, change) =>
        {
            foreach (var (bytes, read) in All(points))
            {
                bytes[at % bytes.Length] ^= change;
                Assert.Throws<InvalidDataException>(() => read(bytes));
            }
        });
    }

    [Fact]
    public void Every_truncation_is_told()
    {
        ChunkGens.Series(40).Sample(
            points =>
            {
                foreach (var (bytes, read) in All(points))
                {
                    for (var length = 0; length < bytes.Length; length++)
                    {
                        Assert.Throws<InvalidDataException>(() => read(bytes[..length]));
                        Assert.Throws<InvalidDataException>(() => read(length < 5 ? [] : Sealed(bytes[..length])));
                    }

                    Assert.Throws<InvalidDataException>(() => read([.. bytes, 0]));
                    Assert.Throws<InvalidDataException>(() => read(Sealed([.. bytes, 0])));
                }
            },
            iter: 30);
    }

    [Fact]
    public void Changed_bytes_under_a_true_checksum_are_read_or_told_but_never_trip()
    {
        Gen.Select(ChunkGens.Series(600), Changes).Sample((points, changes) =>
        {
            foreach (var (bytes, read) in All(points))
            {
                foreach (var (at, value) in changes)
                    bytes[at % bytes.Length] = value;
                Survives(() => read(Sealed(bytes)));
            }
        });
    }

    [Fact]
    public void Changed_heads_under_a_true_checksum_are_read_or_told_but_never_trip()
    {
        Gen.Select(ChunkGens.Series(600), Changes).Sample((points, changes) =>
        {
            foreach (var (bytes, read) in All(points))
            {
                foreach (var (at, value) in changes)
                    bytes[1 + (at % Math.Min(40, bytes.Length - 1))] = value;
                Survives(() => read(Sealed(bytes)));
            }
        });
    }

    [Fact]
    public void Any_bytes_are_read_or_told_but_never_trip()
    {
        Anything.Sample(bytes =>
        {
            using var decoder = new ChunkDecoder();
            Survives(() => decoder.Decode(bytes, new SeriesPoints()));
            Survives(() => decoder.OpenPack(bytes));
            Survives(() => decoder.PackKeys(bytes));
            Survives(() => ChunkSummary.Read(bytes));
            Survives(() => ChunkRollup.Read(bytes));
        });
    }

    [Theory]
    [InlineData("", "only 0 bytes")]
    [InlineData("12 01", "begins with 12")]
    [InlineData("11 8140", "8193 points")]
    [InlineData("11 00", "0 points")]
    [InlineData("11 01 03", "form 3")]
    [InlineData("11 01 00 02 00", "coding 2")]
    [InlineData("11 01 00 04 00", "coding 4")]
    [InlineData("11 03 00 01 39 00", "57 low bits")]
    [InlineData("11 03 00 01 00 00 04 00000000", "4 bytes in a section")]
    [InlineData("11 03 00 01 00 00 03 000000", "cannot be decompressed")]
    [InlineData("11 03 00 01 00 00 00 FFFFFF 09", "have 9 bytes")]
    [InlineData("11 01 00 00 00 00 00 00 00 00 00 00 04", "coding 4")]
    [InlineData("11 01 00 00 00 00 00 00 00 00 00 00 02 17", "23 decimal digits")]
    [InlineData("11 01 00 00 00 00 00 00 00 00 00 00 00 02", "2 values apart")]
    [InlineData("11 02 00 00 00 00 00 00 00 00 00 00 00 01 02", "values between")]
    [InlineData("11 01 00 00 00 00 00 00 00 00 00 00 00 00 40", "64 zero bits")]
    [InlineData("11 01 00 00 00 00 00 00 00 00 00 00 03 02", "2 distinct values")]
    [InlineData("11 01 00 00 00 00 00 00 00 00 00 00 03 01 03", "coding 3")]
    [InlineData("11 01 00 00 00 00 00 00 00 00 00 00 03 01 00 00 00 00 00 00 00 02 00", "number 1 of 1")]
    [InlineData("11 01 02 00 00 00 00 01 00", "-1 millionths")]
    [InlineData("21 FFFFFFFFFFFFFFFFFF01 01 00 01", "63 bits")]
    [InlineData("21 00 41", "65 series")]
    [InlineData("21 00 01 40 01", "place 64")]
    [InlineData("21 00 02 01 01 01 01", "do not ascend")]
    [InlineData("21 00 01 00 8004", "512 points")]
    public void A_hostile_chunk_is_refused(string hex, string why)
    {
        var bytes = Sealed([.. Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)), 0, 0, 0, 0]);
        if (hex.Length == 0)
            bytes = [];
        using var decoder = new ChunkDecoder();
        var into = new SeriesPoints();

        var e = Assert.Throws<InvalidDataException>(() =>
        {
            if (hex.StartsWith("21", StringComparison.Ordinal))
                decoder.DecodePack(bytes, 0, into);
            else
                decoder.Decode(bytes, into);
        });

        Assert.Contains(why, e.Message, StringComparison.Ordinal);
        Assert.Equal(0, into.Count);
    }

    private static IEnumerable<(byte[] Bytes, Action<byte[]> Read)> All(SeriesPoints points)
    {
        using var encoder = new ChunkEncoder();
        using var decoder = new ChunkDecoder();
        var chunk = encoder.Encode(points, 0, points.Count);
        var (payload, summary) = (chunk.Payload.ToArray(), chunk.Summary.ToArray());
        yield return (payload, b => decoder.Decode(b, new SeriesPoints()));
        yield return (summary, b => ChunkSummary.Read(b));
        var known = ChunkSummary.Read(encoder.Encode(points, 0, points.Count).Summary);
        yield return (ChunkRollup.Encode([(7, known), (8, known)]), b => ChunkRollup.Read(b));
        var some = new SeriesPoints();
        some.AddRange(points, 0, Math.Min(points.Count, 30));
        yield return (encoder.EncodePack([(1, some), (9, some), (40, some)]).ToArray(), b => decoder.DecodePack(b, 9, new SeriesPoints()));
    }

    private static void Survives(Action read)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            read();
        }
        catch (InvalidDataException e)
        {
            Assert.StartsWith("The metric chunk", e.Message, StringComparison.Ordinal);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostMemory);
    }

    /// <summary>Puts the right checksum at the end.</summary>
    private static byte[] Sealed(byte[] bytes)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(bytes.Length - 4), Crc32C.Of(bytes.AsSpan(0, bytes.Length - 4)));
        return bytes;
    }
}
