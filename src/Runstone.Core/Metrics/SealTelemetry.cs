using System.Diagnostics.Metrics;

namespace Runstone.Core.Metrics;

/// <summary>The figures of the sealer, under the meter "Runstone.Core"; docs/how-to/monitor.md says what they mean.</summary>
internal static class SealTelemetry
{
    private static readonly Meter Meter = new("Runstone.Core");

    public static readonly Counter<long> Points =
        Meter.CreateCounter<long>("runstone.seal.points", "{point}", "Metric points sealed into chunks.");

    public static readonly Counter<long> Failed =
        Meter.CreateCounter<long>("runstone.seal.failed", "{run}", "Runs that could not be sealed.");

    public static readonly Histogram<double> Time = Meter.CreateHistogram(
        "runstone.seal.duration", "s", "Time of one pass of the sealer over a run.", tags: null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] });
}
