using System.Diagnostics.Metrics;

namespace Runstone.Core.Ingest;

/// <summary>The figures of the ingest path, under the meter "Runstone.Core".</summary>
internal static class IngestTelemetry
{
    private static readonly Meter Meter = new("Runstone.Core");

    public static readonly Counter<long> Batches =
        Meter.CreateCounter<long>("runstone.ingest.batches", "{batch}", "Batches made durable.");

    public static readonly Counter<long> Points =
        Meter.CreateCounter<long>("runstone.ingest.points", "{point}", "Metric points made durable.");

    public static readonly Counter<long> Rejected =
        Meter.CreateCounter<long>("runstone.ingest.rejected", "{batch}", "Batches of which nothing was kept.");

    public static readonly Histogram<int> GroupSize =
        Meter.CreateHistogram<int>("runstone.ingest.group_size", "{batch}", "Batches that shared one commit.");

    public static readonly Histogram<double> CommitTime =
        Meter.CreateHistogram<double>("runstone.ingest.commit_time", "s", "Time from the first statement to the durable commit.");

    public static readonly UpDownCounter<long> Queued =
        Meter.CreateUpDownCounter<long>("runstone.ingest.queued", "{batch}", "Batches waiting for their commit.");
}
