using System.Diagnostics.Metrics;

namespace Runstone.Core.Metrics;

/// <summary>The figures of erasure, under the meter "Runstone.Core"; docs/how-to/monitor.md says what they mean.</summary>
internal static class EraseTelemetry
{
    private static readonly Meter Meter = new("Runstone.Core");

    public static readonly Counter<long> Points =
        Meter.CreateCounter<long>("runstone.erased.points", "{point}", "Metric points erased, by request and by retention.");

    public static readonly Counter<long> Expired =
        Meter.CreateCounter<long>("runstone.retention.runs", "{run}", "Runs whose points retention erased.");

    public static readonly Counter<long> ExpiredBytes =
        Meter.CreateCounter<long>("runstone.retention.bytes", "By", "Bytes of metrics that retention erased.");
}
