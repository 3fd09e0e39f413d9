using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using Runstone.Client.Api;
using Runstone.Protocol;

namespace Runstone.Client;

/// <summary>How far a transfer is.</summary>
/// <param name="Path">The artifact's path in the run.</param>
/// <param name="Bytes">Bytes moved so far, those of an earlier attempt included.</param>
/// <param name="Total">All bytes; null when not known.</param>
public readonly record struct TransferProgress(string Path, long Bytes, long? Total);

/// <summary>Lists, downloads and uploads files of runs. All methods throw <see cref="RunstoneApiException"/>.</summary>
public sealed class ArtifactsClient
{
    private readonly ApiTransport _api;

    internal ArtifactsClient(ApiTransport api) => _api = api;

    /// <summary>What lies directly in a folder of the run; "" is the root.</summary>
    public async Task<IReadOnlyList<ArtifactInfo>> ListAsync(string runId, string folder = "", CancellationToken cancellationToken = default)
    {
        var list = await _api.GetAsync(
            ApiTransport.WithQuery(RunsClient.PathOf(runId) + "/artifacts", ("path", folder.Length == 0 ? null : folder)),
            RunstoneJson.Default.ArtifactList, cancellationToken);
        return list.Entries;
    }

    /// <summary>All files at and below a path, ordered by path, page by page as they are enumerated.</summary>
    public async IAsyncEnumerable<ArtifactInfo> ListAllAsync(
        string runId, string path = "", [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        string? after = null;
        do
        {
            var list = await _api.GetAsync(
                ApiTransport.WithQuery(
                    RunsClient.PathOf(runId) + "/artifacts", ("path", path.Length == 0 ? null : path), ("recursive", "true"), ("after", after)),
                RunstoneJson.Default.ArtifactList, cancellationToken);
            foreach (var entry in list.Entries)
                yield return entry;
            after = list.NextAfter;
        }
        while (after is not null);
    }

    /// <summary>The content of a file as a stream that is read while it arrives. The caller disposes it.</summary>
    public async Task<Stream> OpenReadAsync(string runId, string path, CancellationToken cancellationToken = default)
    {
        var response = await _api.SendRawAsync(new HttpRequestMessage(HttpMethod.Get, PathOf(runId, path)), cancellationToken);
        return await response.Content.ReadAsStreamAsync(cancellationToken);
    }

    /// <summary>
    /// Downloads one file, checks its SHA-256 and puts it in place. An earlier attempt that was cut off
    /// (<c>destination.part</c>) is continued.
    /// </summary>
    /// <returns>The size in bytes.</returns>
    public Task<long> DownloadAsync(
        string runId, string path, string destination, IProgress<TransferProgress>? progress = null, CancellationToken cancellationToken = default) =>
        new ArtifactDownload(_api, PathOf(runId, path), path, progress).ToFileAsync(destination, cancellationToken);

    /// <summary>
    /// Downloads all files at and below a path into a folder, under their names relative to the path. Files that are there with
    /// the same content are left alone.
    /// </summary>
    /// <returns>The number of files.</returns>
    public async Task<int> DownloadFolderAsync(
        string runId, string path, string destination, IProgress<TransferProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var count = 0;
        await foreach (var file in ListAllAsync(runId, path, cancellationToken))
        {
            if (file.IsFolder)
                continue;
            var target = LocalPath.Below(destination, LocalPath.RelativeTo(path, file.Path));
            if (!await LocalPath.HasContentAsync(target, file.Size, file.Sha256, cancellationToken))
                await DownloadAsync(runId, file.Path, target, progress, cancellationToken);
            count++;
        }

        return count;
    }

    /// <summary>Uploads a file and checks that the server received what was sent.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public async Task<UploadedArtifact> UploadAsync(
        string runId, string path, string file, IProgress<TransferProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        await using var content = new FileStream(
            file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 16, FileOptions.Asynchronous | FileOptions.SequentialScan);
        return await UploadAsync(runId, path, content, progress, cancellationToken);
    }

    /// <summary>Uploads a stream from its position to its end and checks that the server received what was sent.</summary>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    public async Task<UploadedArtifact> UploadAsync(
        string runId, string path, Stream content, IProgress<TransferProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        long? length = content.CanSeek ? content.Length - content.Position : null;
        await using var observed = new HashingReadStream(content, bytes => progress?.Report(new TransferProgress(path, bytes, length)), length);
        var body = new StreamContent(observed, 1 << 16);
        body.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        body.Headers.ContentLength = length;
        using var response = await SendBodyAsync(
            new HttpRequestMessage(HttpMethod.Put, PathOf(runId, path)) { Content = body }, observed, cancellationToken);
        var uploaded = await _api.ReadAsync(response, RunstoneJson.Default.UploadedArtifact, cancellationToken);
        var sent = observed.Sha256();
        return string.Equals(uploaded.Sha256, sent, StringComparison.OrdinalIgnoreCase)
            ? uploaded
            : throw RunstoneApiException.Unexpected($"The server received other bytes than were sent for '{path}': SHA-256 {uploaded.Sha256} instead of {sent}.");
    }

    /// <summary>Removes a file or a folder with all below it; no error when nothing is there.</summary>
    public async Task DeleteAsync(string runId, string path, CancellationToken cancellationToken = default)
    {
        using var response = await _api.SendRawAsync(new HttpRequestMessage(HttpMethod.Delete, PathOf(runId, path)), cancellationToken);
    }

    private async Task<HttpResponseMessage> SendBodyAsync(HttpRequestMessage request, HashingReadStream body, CancellationToken cancellationToken)
    {
        try
        {
            return await _api.SendRawAsync(request, cancellationToken);
        }
        catch (Exception) when (body.ReadError is { } unreadable)
        {
            // The request failed here, not on its way: the server may be fine.
            throw new IOException(unreadable.Message, unreadable);
        }
    }

    private static string PathOf(string runId, string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return $"{RunsClient.PathOf(runId)}/artifacts/{string.Join('/', path.Split('/').Select(Uri.EscapeDataString))}";
    }
}
