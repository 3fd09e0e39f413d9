using Runstone.Core.Ingest;
using Runstone.Core.Runs;

namespace Runstone.Core.Artifacts;

/// <summary>The files of runs, written as all of a run is.</summary>
public sealed class RunFiles(RunService runs, IngestService ingest, BlobLinks links) : IFileOwners
{
    public async Task RequireWritableAsync(string id, CancellationToken cancellationToken) => await runs.GetWritableAsync(id, cancellationToken);

    public Task LinkAsync(string id, ArtifactFile file, CancellationToken cancellationToken) =>
        links.WriteAsync(new IngestBatch(id) { Artifacts = [file] }, cancellationToken);

    public async Task RemoveAsync(string id, string path, CancellationToken cancellationToken) =>
        await ingest.WriteAsync(new IngestBatch(id) { RemoveArtifacts = [path] }, cancellationToken);
}
