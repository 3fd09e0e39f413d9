using Runstone.Core.Ingest;

namespace Runstone.Core.Artifacts;

/// <summary>What files belong to, runs for example: how they are written. Which files there are is read by <see cref="IArtifactStore"/>.</summary>
public interface IFileOwners
{
    /// <summary>Fails with the owners' own error when there is no such owner or it takes no files: for work that is worth refusing before it begins.</summary>
    Task RequireWritableAsync(string id, CancellationToken cancellationToken);

    /// <summary>Links a file whose blob this caller wrote, in place of the one at its path (<see cref="BlobLinks"/>).</summary>
    Task LinkAsync(string id, ArtifactFile file, CancellationToken cancellationToken);

    /// <summary>Removes the file at the path and all below it; what is not there is no error.</summary>
    Task RemoveAsync(string id, string path, CancellationToken cancellationToken);
}
