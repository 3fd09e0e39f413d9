using Runstone.Core.Experiments;

namespace Runstone.Core.Datasets;

/// <summary>
/// One version of a dataset as a client described it. Key: (experiment, name, digest); the first description of a key is kept.
/// </summary>
/// <param name="Name">1 to 500 characters.</param>
/// <param name="Digest">The client's digest of the content; 1 to 128 characters. The SDK sends <c>sha256:</c> and 64 hex digits.</param>
/// <param name="SourceType">What kind of place it came from, for example <c>local</c>, <c>http</c>, <c>s3</c>.</param>
/// <param name="Source">Where it came from; often JSON.</param>
/// <param name="Schema">The columns, as JSON; null when unknown.</param>
/// <param name="Profile">Counts and statistics, as JSON; null when unknown.</param>
public sealed record Dataset(string Name, string Digest, string SourceType, string Source, string? Schema = null, string? Profile = null);

/// <summary>A dataset that a run read, with the tags of this use; the tag <c>context</c> says for what (training, testing ...).</summary>
public sealed record DatasetInput(Dataset Dataset, IReadOnlyList<Tag> Tags);

/// <summary>A dataset in use in an experiment, with the context of one of its uses (null when it has none).</summary>
public sealed record DatasetUse(long ExperimentId, string Name, string Digest, string? Context);

/// <summary>Reads datasets; they are written with the run that uses them (<see cref="Ingest.IngestBatch.Inputs"/>).</summary>
public interface IDatasetStore
{
    /// <summary>
    /// The distinct (experiment, name, digest, context) of active runs of the experiments, newest dataset first, at most
    /// <paramref name="limit"/>. <paramref name="contextTag"/> is the tag key that holds the context.
    /// </summary>
    Task<IReadOnlyList<DatasetUse>> ListUsesAsync(
        IReadOnlyList<long> experimentIds, string contextTag, int limit, CancellationToken cancellationToken);
}
