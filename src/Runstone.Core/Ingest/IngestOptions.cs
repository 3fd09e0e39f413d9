namespace Runstone.Core.Ingest;

/// <summary>Bounds of the write queue.</summary>
public sealed record IngestOptions
{
    /// <summary>Batches that may wait, those whose commit runs included. Default 8,192.</summary>
    public int QueueLength { get; init; } = 8192;

    /// <summary>Bytes of memory that these batches may take, estimated; a single batch may be larger. Default 256 MiB.</summary>
    public long QueueBytes { get; init; } = 256L << 20;

    /// <summary>How long a request waits for room in a full queue before it is refused with <see cref="Errors.ErrorCode.Busy"/>. Default 2 s.</summary>
    public TimeSpan QueueWait { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Groups committed at the same time at most: another one is begun when those before hold much. The batches of a run stay in order. Default 1.</summary>
    public int Writers { get; init; } = 1;

    /// <summary>Batches that share one commit at most. Default 1,024.</summary>
    public int GroupSize { get; init; } = 1024;

    /// <summary>Metric points that share one commit at most (a larger single batch still commits). Default 262,144.</summary>
    public int GroupPoints { get; init; } = 262_144;
}
