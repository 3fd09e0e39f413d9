namespace Runstone.Protocol;

/// <summary>The answer to a body of metric batches (docs/formats/metric-batch.md): one result a batch, in their order.</summary>
/// <param name="Batches">What became of each batch; independent of each other.</param>
public sealed record MetricBatchResponse(IReadOnlyList<MetricBatchResult> Batches);

/// <summary>What became of one batch, which is kept as a whole or not at all.</summary>
/// <param name="Points">Metric points made durable, also on an earlier attempt; 0 when it was refused.</param>
/// <param name="Replayed">The sequence number was known: nothing was written again.</param>
/// <param name="Error">Why nothing of it was kept, with the status that a request of its own would have had; null when it was kept.</param>
public sealed record MetricBatchResult(int Points, bool Replayed, Problem? Error);
