namespace Runstone.Core.Metrics.Chunks;

/// <summary>Constants of docs/formats/metric-chunk.md.</summary>
internal static class ChunkFormat
{
    public const int Version = 1;

    public const byte ChunkKind = 0x10 | Version;
    public const byte PackKind = 0x20 | Version;
    public const byte SummaryKind = 0x30 | Version;
    public const byte RollupKind = 0x40 | Version;

    /// <summary>Bytes of the checksum at the end.</summary>
    public const int ChecksumBytes = 4;


    /// <summary>How the steps stand in a chunk.</summary>
    public const byte WholeSteps = 0;
    public const byte StepsInMillionths = 1;
    public const byte WholeStepsAndMillionths = 2;

    public const int MillionthsOfOne = 1_000_000;

    public static InvalidDataException Damaged(string why) => new($"The metric chunk is damaged: {why}.");
}
