using System.Buffers;
using Runstone.Core.Ingest;
using Runstone.Core.Metrics;
using Runstone.Protocol;

namespace Runstone.Server.Api;

/// <summary>Makes batches of the domain from the bytes of metric batches: points go straight into a pooled array, texts are known ones.</summary>
internal sealed class MetricBatchDecoder
{
    private readonly KeyTexts _texts = new();

    /// <summary>
    /// The batch, and the array of its points, which goes back to the pool (<see cref="Return"/>) when the batch is written. Throws
    /// <see cref="InvalidDataException"/> when the content is no batch. Points without a time get <paramref name="now"/>.
    /// </summary>
    public (IngestBatch Batch, MetricPoint[] Points) Decode(ReadOnlySpan<byte> content, long now)
    {
        var reader = new MetricBatchReader(content);
        var run = _texts.Get(reader.RunId);
        var source = _texts.Get(reader.Source);
        var keys = new string[reader.KeyCount];
        for (var i = 0; i < keys.Length; i++)
            keys[i] = _texts.Get(reader.ReadKey());
        var points = ArrayPool<MetricPoint>.Shared.Rent(reader.Count);
        try
        {
            ReadPoints(ref reader, points.AsSpan(0, reader.Count), now);
        }
        catch
        {
            Return(points);
            throw;
        }

        var batch = new IngestBatch(run)
        {
            Metrics = new MetricBatch(keys, points.AsMemory(0, reader.Count)),
            Sequence = new BatchSequence(source, reader.Sequence),
            RejectWhenEnded = true,
        };
        return (batch, points);
    }

    public static void Return(MetricPoint[] points) => ArrayPool<MetricPoint>.Shared.Return(points);

    private static void ReadPoints(ref MetricBatchReader reader, Span<MetricPoint> points, long now)
    {
        var hasTimes = reader.HasTimes;
        for (var i = 0; i < points.Length; i++)
        {
            reader.Read(out var key, out var whole, out var micros, out var time, out var value);
            points[i] = new MetricPoint(
                key, micros == MetricBatchColumns.NoStep ? Step.Unset : new Step(whole, micros), hasTimes ? time : now, value);
        }

        reader.End();
    }
}
