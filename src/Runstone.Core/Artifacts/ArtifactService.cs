using Runstone.Core.Errors;
using Runstone.Core.Ingest;

namespace Runstone.Core.Artifacts;

/// <summary>
/// Use cases of files of one kind of owner, runs for example: content first, then the entry, so that an entry never lacks its content.
/// </summary>
public sealed class ArtifactService(
    IArtifactStore store, IBlobStore blobs, IUploadStore uploads, IFileOwners owners, IDirectTransfer? direct = null)
{
    /// <summary>What lets clients move content past the server; null where they cannot.</summary>
    public IDirectTransfer? Direct => direct;

    /// <summary>Streams the content to the owner under the path; an existing file is replaced once the new content is durable.</summary>
    public async Task<BlobRef> PutAsync(string ownerId, string path, Stream content, CancellationToken cancellationToken)
    {
        ArtifactPath.Require(path);
        await owners.RequireWritableAsync(ownerId, cancellationToken);
        var blob = await blobs.WriteAsync(content, expected: null, cancellationToken);
        await LinkAsync(ownerId, path, blob, cancellationToken);
        return blob;
    }

    /// <summary>The file, or null when there is none.</summary>
    public Task<Artifact?> GetAsync(string ownerId, string path, CancellationToken cancellationToken) =>
        store.GetAsync(ownerId, ArtifactPath.Require(path), cancellationToken);

    /// <summary>The content of a file from <paramref name="offset"/>; to the end when <paramref name="length"/> is null.</summary>
    public async Task<Stream> OpenAsync(Artifact artifact, long offset, long? length, CancellationToken cancellationToken) =>
        await blobs.OpenReadAsync(artifact.Blob.Sha256, offset, length, cancellationToken)
        ?? throw MissingContent(artifact);

    /// <summary>An address to read the file from, past the server; null where there is none.</summary>
    public async Task<SignedRequest?> SignReadAsync(Artifact artifact, CancellationToken cancellationToken) => direct is null
        ? null
        : await direct.SignReadAsync(artifact.Blob.Sha256, artifact.Path[(artifact.Path.LastIndexOf('/') + 1)..], cancellationToken) ?? throw MissingContent(artifact);

    public Task<IReadOnlyList<ArtifactEntry>> ListAsync(string ownerId, string folder, CancellationToken cancellationToken) =>
        store.ListAsync(ownerId, ArtifactPath.Require(folder, folder: true), cancellationToken);

    public Task<IReadOnlyList<Artifact>> ListAllAsync(
        string ownerId, string path, string after, int limit, CancellationToken cancellationToken) =>
        store.ListAllAsync(ownerId, ArtifactPath.Require(path, folder: true), after, limit, cancellationToken);

    /// <summary>The folder at the path, or the file alone, ready to be sent as a zip file; "" is all that the owner has.</summary>
    public async Task<ArtifactFolder> GetFolderAsync(string ownerId, string path, CancellationToken cancellationToken)
    {
        var files = await ListAllAsync(ownerId, path, after: "", ArtifactFolder.MaxFiles + 1, cancellationToken);
        if (files.Count == 0)
            throw new RunstoneException(ArtifactFolder.NotFound(ownerId, path));
        return files.Count <= ArtifactFolder.MaxFiles ? ArtifactFolder.Of(ownerId, path, files) : throw new RunstoneException(ArtifactFolder.TooMany(path));
    }

    /// <summary>Removes a file or a folder with all below it; what is not there is no error.</summary>
    public async Task DeleteAsync(string ownerId, string path, CancellationToken cancellationToken) =>
        await owners.RemoveAsync(ownerId, ArtifactPath.Require(path), cancellationToken);

    /// <summary>Begins an upload in parts for the path; the id is needed for everything that follows.</summary>
    public async Task<string> BeginUploadAsync(string ownerId, string path, CancellationToken cancellationToken)
    {
        ArtifactPath.Require(path);
        await owners.RequireWritableAsync(ownerId, cancellationToken);
        return await uploads.BeginAsync(cancellationToken);
    }

    public async Task<string> WritePartAsync(string uploadId, int part, Stream content, CancellationToken cancellationToken) =>
        await uploads.WritePartAsync(uploadId, part, content, cancellationToken) ?? throw UnknownUpload(uploadId);

    /// <summary>Begins an upload past the server; <see cref="ErrorCode.Unsupported"/> where clients cannot send past it.</summary>
    public async Task<string> BeginDirectUploadAsync(string ownerId, string path, CancellationToken cancellationToken)
    {
        var transfer = direct ?? throw new RunstoneException(new Error(
            ErrorCode.Unsupported, "This server keeps files where clients cannot send them to. Send the file through the server."));
        ArtifactPath.Require(path);
        await owners.RequireWritableAsync(ownerId, cancellationToken);
        return await transfer.BeginAsync(cancellationToken);
    }

    /// <summary>Addresses for parts of an upload past the server.</summary>
    public async Task<IReadOnlyList<SignedRequest>> SignPartsAsync(string uploadId, int first, int count, CancellationToken cancellationToken) =>
        (direct is null ? null : await direct.SignPartsAsync(uploadId, first, count, cancellationToken)) ?? throw UnknownUpload(uploadId);

    /// <summary>Joins the parts of an upload of either way and links the file.</summary>
    public async Task<BlobRef> CompleteUploadAsync(
        string ownerId, string path, string uploadId, IReadOnlyList<UploadPart> parts, CancellationToken cancellationToken)
    {
        ArtifactPath.Require(path);
        var blob = await uploads.CompleteAsync(uploadId, parts, cancellationToken)
            ?? (direct is null ? null : await direct.CompleteAsync(uploadId, parts, cancellationToken))
            ?? throw UnknownUpload(uploadId);
        await LinkAsync(ownerId, path, blob, cancellationToken);
        return blob;
    }

    public async Task AbortUploadAsync(string uploadId, CancellationToken cancellationToken)
    {
        if (!await uploads.AbortAsync(uploadId, cancellationToken) && (direct is null || !await direct.AbortAsync(uploadId, cancellationToken)))
            throw UnknownUpload(uploadId);
    }

    private async Task LinkAsync(string ownerId, string path, BlobRef blob, CancellationToken cancellationToken) =>
        await owners.LinkAsync(ownerId, new ArtifactFile(path, blob), cancellationToken);

    private static RunstoneException MissingContent(Artifact artifact) => new(new Error(
        ErrorCode.Unavailable, $"The content {artifact.Blob.Sha256} of '{artifact.Path}' is missing from the blob store. Restore it from a backup.", "path"));

    private static RunstoneException UnknownUpload(string uploadId) =>
        new(new Error(ErrorCode.NotFound, $"There is no upload '{uploadId}'; it was completed, aborted or has expired.", "upload_id"));
}
