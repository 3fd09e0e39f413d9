using System.Diagnostics.Metrics;
using System.Text.Json;
using Runstone.Core.Errors;

namespace Runstone.Core.Ingest;

/// <summary>The figures of the ingest path, under the meter "Runstone.Core"; docs/how-to/monitor.md says what they mean.</summary>
internal static class IngestTelemetry
{
    private static readonly Meter Meter = new("Runstone.Core");

    public static readonly Counter<long> Batches =
        Meter.CreateCounter<long>("runstone.ingest.batches", "{batch}", "Batches made durable.");

    public static readonly Counter<long> Points =
        Meter.CreateCounter<long>("runstone.ingest.points", "{point}", "Metric points made durable.");

    public static readonly Histogram<int> CommitBatches = Meter.CreateHistogram(
        "runstone.ingest.commit.batches", "{batch}", "Batches that shared one commit.", tags: null,
        new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024] });

    public static readonly Histogram<double> CommitTime = Meter.CreateHistogram(
        "runstone.ingest.commit.duration", "s", "Time from the first statement to the durable commit.", tags: null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] });

    private static readonly Counter<long> Refused =
        Meter.CreateCounter<long>("runstone.ingest.refused", "{batch}", "Batches of which nothing was kept.");

    // Made once, so that a refusal under load costs no text.
    private static readonly KeyValuePair<string, object?>[] Reasons =
        [.. Enum.GetValues<ErrorCode>().Select(code => KeyValuePair.Create(
            "error.type", (object?)JsonNamingPolicy.SnakeCaseLower.ConvertName(code.ToString())))];

    /// <summary>Shows how full the queue is, as long as the meter that comes back is not disposed.</summary>
    public static Meter Observe(Allowance queue)
    {
        var meter = new Meter(Meter.Name);
        meter.CreateObservableUpDownCounter("runstone.ingest.queue.batches", () => queue.Count, "{batch}", "Batches that wait for the end of their commit.");
        meter.CreateObservableUpDownCounter("runstone.ingest.queue.size", () => queue.Bytes, "By", "Memory of the batches that wait, estimated.");
        return meter;
    }

    public static void Refuse(ErrorCode reason) => Refused.Add(1, Reasons[(int)reason]);
}
