using System.Buffers.Binary;

namespace Runstone.Protocol.Tests;

/// <summary>A point as a batch holds it; micros -1 is no step.</summary>
internal readonly record struct SamplePoint(int Key, long Whole, int Micros, long Time, long Bits);

/// <summary>A batch in plain lists, and how it is written and read.</summary>
internal sealed record SampleBatch(string RunId, string Source, long Sequence, string[] Keys, SamplePoint[] Points)
{
    public bool NoSteps { get; init; }

    public bool NoTimes { get; init; }

    public byte[] Write()
    {
        var writer = new MetricBatchWriter();
        writer.Add(new MetricBatchColumns
        {
            RunId = RunId,
            Source = Source,
            Sequence = Sequence,
            Keys = Keys,
            Key = Points.Select(p => p.Key).ToArray(),
            Steps = NoSteps ? [] : Points.Select(p => p.Whole).ToArray(),
            Micros = NoSteps ? [] : Points.Select(p => p.Micros).ToArray(),
            Times = NoTimes ? [] : Points.Select(p => p.Time).ToArray(),
            Values = Points.Select(p => BitConverter.Int64BitsToDouble(p.Bits)).ToArray(),
        });
        return writer.Written.ToArray();
    }

    /// <summary>Reads a frame as a server would; throws <see cref="InvalidDataException"/> when it is none.</summary>
    public static SampleBatch Read(ReadOnlySpan<byte> frame)
    {
        var (length, checksum) = MetricBatchFormat.ReadFrame(frame);
        var content = frame.Slice(MetricBatchFormat.FrameHeaderBytes, length);
        Assert.Equal(checksum, MetricBatchFormat.Checksum(content));
        return ReadContent(content);
    }

    public static SampleBatch ReadContent(ReadOnlySpan<byte> content)
    {
        var reader = new MetricBatchReader(content);
        var keys = new string[reader.KeyCount];
        for (var i = 0; i < keys.Length; i++)
            keys[i] = MetricBatchReader.Text(reader.ReadKey());
        var points = new SamplePoint[reader.Count];
        for (var i = 0; i < points.Length; i++)
        {
            reader.Read(out var key, out var whole, out var micros, out var time, out var value);
            points[i] = new SamplePoint(key, whole, micros, time, BitConverter.DoubleToInt64Bits(value));
        }

        reader.End();
        return new SampleBatch(MetricBatchReader.Text(reader.RunId), MetricBatchReader.Text(reader.Source), reader.Sequence, keys, points)
        {
            NoTimes = !reader.HasTimes,
        };
    }

    /// <summary>The bytes with the header of a frame before them.</summary>
    public static byte[] Frame(ReadOnlySpan<byte> content)
    {
        var frame = new byte[MetricBatchFormat.FrameHeaderBytes + content.Length];
        BinaryPrimitives.WriteInt32LittleEndian(frame, content.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(4), MetricBatchFormat.Checksum(content));
        content.CopyTo(frame.AsSpan(MetricBatchFormat.FrameHeaderBytes));
        return frame;
    }
}
