using Runstone.Protocol;

namespace Runstone.Limits;

/// <summary>The least that reading a metric batch costs: its checksum is verified and each point is looked at once.</summary>
internal static class BatchWalk
{
    /// <summary>The sum of the values of all batches of a body.</summary>
    public static double Sum(ReadOnlySpan<byte> body)
    {
        var sum = 0.0;
        while (!body.IsEmpty)
        {
            var (length, checksum) = MetricBatchFormat.ReadFrame(body);
            var content = body.Slice(MetricBatchFormat.FrameHeaderBytes, length);
            if (MetricBatchFormat.Checksum(content) != checksum)
                throw new InvalidDataException("A checksum is wrong.");
            sum += SumOf(content);
            body = body[(MetricBatchFormat.FrameHeaderBytes + length)..];
        }

        return sum;
    }

    private static double SumOf(ReadOnlySpan<byte> content)
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

        return sum;
    }
}
