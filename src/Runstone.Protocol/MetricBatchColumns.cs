namespace Runstone.Protocol;

/// <summary>Metric points of one run in columns, to be written as one batch (docs/formats/metric-batch.md).</summary>
public readonly ref struct MetricBatchColumns
{
    /// <summary>A point without a step has this in <see cref="Micros"/>.</summary>
    public const int NoStep = -1;

    /// <summary>The run.</summary>
    public required string RunId { get; init; }

    /// <summary>Who sends: 1 to 128 characters, unique to the process.</summary>
    public required string Source { get; init; }

    /// <summary>Ascending number of the batch among those of its source and run, from 0.</summary>
    public required long Sequence { get; init; }

    /// <summary>The distinct keys, at least one.</summary>
    public required IReadOnlyList<string> Keys { get; init; }

    /// <summary>For each point the index of its key; may be empty when there is one key.</summary>
    public ReadOnlySpan<int> Key { get; init; }

    /// <summary>For each point the whole part of its step, rounded down; empty when no point has one, so that the server counts.</summary>
    public ReadOnlySpan<long> Steps { get; init; }

    /// <summary>For each point the millionths of its step, or <see cref="NoStep"/>; empty when all steps are whole.</summary>
    public ReadOnlySpan<int> Micros { get; init; }

    /// <summary>For each point its time in Unix milliseconds; empty for the server's clock.</summary>
    public ReadOnlySpan<long> Times { get; init; }

    /// <summary>The values, kept bit for bit.</summary>
    public required ReadOnlySpan<double> Values { get; init; }
}
