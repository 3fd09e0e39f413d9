using System.Buffers.Binary;
using CsCheck;
using Runstone.Core.Errors;
using Runstone.Protocol;
using Runstone.Server.Api;
using Runstone.Server.Hosting;

namespace Runstone.Server.Tests.Api;

/// <summary>What comes as a body of batches is read or refused, whatever it is, and gives back what it takes of the memory of all requests.</summary>
public sealed class MetricBatchBodyTests
{
    private static readonly string[] Codings = ["", "gzip", "br", "zstd"];

    private static readonly Gen<(int At, byte Value)[]> Changes = Gen.Select(Gen.Int[0, int.MaxValue], Gen.Byte).Array[0, 4];

    [Fact]
    public async Task Any_body_is_read_or_refused_and_nothing_else()
    {
        await Gen.Select(Gen.Byte.Array[0, 300], Gen.Int[0, Codings.Length - 1]).SampleAsync((bytes, coding) => ReadAsync(bytes, Codings[coding]));
    }

    [Fact]
    public async Task Changed_frames_are_read_or_refused_and_nothing_else()
    {
        await Gen.Select(Changes, Gen.Int[0, 3], Gen.Int[0, 40], Gen.Bool).SampleAsync((changes, frames, cut, isSummed) =>
        {
            var bytes = Enumerable.Range(0, frames).SelectMany(Frame).ToArray();
            foreach (var (at, value) in bytes.Length == 0 ? [] : changes)
                bytes[at % bytes.Length] = value;
            if (isSummed)
                Sum(bytes);
            return ReadAsync(bytes[..Math.Max(0, bytes.Length - Math.Max(0, cut - 20))], "");
        });
    }

    private static async Task ReadAsync(byte[] bytes, string coding)
    {
        var memory = new RequestMemory(64L << 20, TimeSpan.Zero, TimeProvider.System);
        var decoder = new MetricBatchDecoder();
        await using (var body = new MetricBatchBody(MetricBatchBody.Decode(new MemoryStream(bytes), coding)!, memory))
        {
            try
            {
                while (await body.ReadAsync(CancellationToken.None))
                    MetricBatchDecoder.Return(decoder.Decode(body.Content, 0).Points);
            }
            catch (InvalidDataException)
            {
                // What stands in a frame is no batch.
            }
            catch (RunstoneException e)
            {
                Assert.Equal((ErrorCode.Invalid, $"batches[{body.Index}]"), (e.Error.Code, e.Error.Field));
            }
        }

        Assert.Equal(0, memory.Taken);
    }

    /// <summary>Puts right checksums into the frames that are whole.</summary>
    private static void Sum(Span<byte> bytes)
    {
        while (bytes.Length > MetricBatchFormat.FrameHeaderBytes)
        {
            var length = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            if (length > bytes.Length - MetricBatchFormat.FrameHeaderBytes)
                return;
            var end = MetricBatchFormat.FrameHeaderBytes + (int)length;
            BinaryPrimitives.WriteUInt32LittleEndian(bytes[4..], MetricBatchFormat.Checksum(bytes[MetricBatchFormat.FrameHeaderBytes..end]));
            bytes = bytes[end..];
        }
    }

    private static byte[] Frame(int number)
    {
        var writer = new MetricBatchWriter();
        writer.Add(new MetricBatchColumns { RunId = "run", Source = "me", Sequence = number, Keys = ["a", "b"], Key = [0, 1, 0], Steps = [1, 2, 3], Times = [4, 5, 6], Values = [7, double.NaN, 8] });
        return writer.Written.ToArray();
    }
}
