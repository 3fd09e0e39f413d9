using Runstone.Core.Artifacts;
using Runstone.Core.Errors;
using Runstone.Core.Ingest;

namespace Runstone.Core.Models;

/// <summary>The files of logged models, in the same blobs as those of runs.</summary>
public sealed class LoggedModelFiles : IFileOwners
{
    private readonly ILoggedModelStore _store;
    private readonly BlobLinks _links;
    private readonly TimeProvider _time;

    /// <param name="store">Keeps the entries.</param>
    /// <param name="files">Reads them; its ids are those of models.</param>
    /// <param name="blobs">Keep the content.</param>
    /// <param name="uploads">Hold what arrives in parts.</param>
    /// <param name="links">Link content beside a collection.</param>
    /// <param name="time">The clock.</param>
    /// <param name="direct">The way past the server; null where there is none.</param>
    public LoggedModelFiles(
        ILoggedModelStore store, IArtifactStore files, IBlobStore blobs, IUploadStore uploads, BlobLinks links, TimeProvider time, IDirectTransfer? direct = null)
    {
        (_store, _links, _time) = (store, links, time);
        Service = new ArtifactService(files, blobs, uploads, this, direct);
    }

    /// <summary>The use cases of files; its ids are those of models.</summary>
    public ArtifactService Service { get; }

    public async Task RequireWritableAsync(string id, CancellationToken cancellationToken)
    {
        if (await _store.GetAsync(id, 0, cancellationToken) is null)
            throw new RunstoneException(new LoggedModelNotFound(id));
    }

    public Task LinkAsync(string id, ArtifactFile file, CancellationToken cancellationToken) => _links.LinkAsync(
        () => _store.LinkFileAsync(id, file, _time.GetUtcNow().ToUnixTimeMilliseconds(), cancellationToken), cancellationToken);

    public Task RemoveAsync(string id, string path, CancellationToken cancellationToken) => _store.RemoveFilesAsync(id, path, cancellationToken);
}
