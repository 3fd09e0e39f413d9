using System.Diagnostics.Metrics;
using Runstone.Core.Metrics;

namespace Runstone.Server.Hosting;

/// <summary>The server's own figures, under the meter "Runstone.Server"; docs/how-to/monitor.md says what they mean.</summary>
internal sealed class ServerFigures
{
    public const string MeterName = "Runstone.Server";

    private int _streams;

    public ServerFigures(IMeterFactory meters, RequestMemory memory, ServerDrain drain, MetricSealer sealer)
    {
        var meter = meters.Create(MeterName);
        meter.CreateObservableUpDownCounter("runstone.live.streams", () => Volatile.Read(ref _streams), "{stream}", "Pages and programs that watch changes.");
        meter.CreateObservableUpDownCounter("runstone.requests.memory", () => memory.Taken, "By", "Bodies of requests under way.");
        meter.CreateObservableGauge("runstone.seal.lag", () => sealer.Lag.TotalSeconds, "s", "How long the longest waiting run has been due to be sealed.");
        meter.CreateObservableGauge("runstone.seal.unsealed", () => sealer.UnsealedPoints, "{point}", "Metric points in no chunk.");
        meter.CreateObservableGauge("runstone.draining", () => drain.IsDraining ? 1 : 0, null, "1 while the server is about to stop.");
        meter.CreateObservableGauge(
            "runstone.build.info", () => new Measurement<int>(1, KeyValuePair.Create("version", (object?)RunstoneServer.Version)), null, "Always 1; its label is the version.");
    }

    /// <summary>Counts a stream until the result is disposed.</summary>
    public IDisposable OpenStream()
    {
        Interlocked.Increment(ref _streams);
        return new Stream(this);
    }

    private sealed class Stream(ServerFigures figures) : IDisposable
    {
        public void Dispose() => Interlocked.Decrement(ref figures._streams);
    }
}
