namespace Runstone.Core.Ingest;

/// <summary>Bounds of the write queue.</summary>
public sealed record IngestOptions
{
    /// <summary>Batches that may wait; a request that finds the queue full waits for room. Default 8,192.</summary>
    public int QueueLength { get; init; } = 8192;

    /// <summary>Batches that share one commit at most. Default 1,024.</summary>
    public int GroupSize { get; init; } = 1024;

    /// <summary>Metric points that share one commit at most (a larger single batch still commits). Default 262,144.</summary>
    public int GroupPoints { get; init; } = 262_144;
}
