using System.Collections.Concurrent;

namespace Runstone.Server.Tests.Crash;

/// <summary>What the server acknowledged to one client about one run; everything else may or may not be there.</summary>
internal sealed class AcknowledgedWrites(string runId)
{
    public string RunId { get; } = runId;

    /// <summary>Bits of the value by step of the metric "single", one point a request.</summary>
    public ConcurrentDictionary<long, long> Points { get; } = new();

    /// <summary>Numbers of the batches: each sets a param, a tag and <see cref="BatchWriter.PointsPerBatch"/> points at once.</summary>
    public ConcurrentDictionary<int, bool> Batches { get; } = new();

    public ConcurrentDictionary<string, string> Tags { get; } = new(StringComparer.Ordinal);

    /// <summary>SHA-256 by path.</summary>
    public ConcurrentDictionary<string, string> Artifacts { get; } = new(StringComparer.Ordinal);
}
