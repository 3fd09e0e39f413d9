using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace Runstone.Client.Api;

/// <summary>The download of one file: continues what an earlier attempt left, checks the hash, then puts it in place.</summary>
internal sealed class ArtifactDownload(ApiTransport api, string url, string path, IProgress<TransferProgress>? progress)
{
    private const int BufferBytes = 1 << 16;

    public async Task<long> ToFileAsync(string destination, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(destination))!);
        var part = destination + ".part";
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        string? expected;
        long size;
        await using (var file = new FileStream(
            part, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, BufferBytes, FileOptions.Asynchronous))
        {
            using var response = await BeginAsync(file, hash, cancellationToken);
            expected = response.Headers.ETag?.Tag.Trim('"');
            await CopyAsync(response, file, hash, cancellationToken);
            size = file.Length;
        }

        var actual = Convert.ToHexStringLower(hash.GetCurrentHash());
        if (expected is { Length: 64 } && !string.Equals(expected, actual, StringComparison.OrdinalIgnoreCase))
        {
            File.Delete(part);
            throw RunstoneApiException.Unexpected($"The download of '{path}' is damaged: its SHA-256 is {actual} instead of {expected}. Download it again.");
        }

        File.Move(part, destination, overwrite: true);
        return size;
    }

    private async Task<HttpResponseMessage> BeginAsync(FileStream file, IncrementalHash hash, CancellationToken cancellationToken)
    {
        if (file.Length > 0)
        {
            var request = new HttpRequestMessage(HttpMethod.Get, url);
            request.Headers.Range = new RangeHeaderValue(file.Length, null);
            try
            {
                var response = await api.SendRawAsync(request, cancellationToken);
                if (response.StatusCode == HttpStatusCode.PartialContent && response.Content.Headers.ContentRange?.From == file.Length)
                {
                    await HashAsync(file, hash, cancellationToken);
                    return response;
                }

                if (response.StatusCode == HttpStatusCode.OK)
                {
                    file.SetLength(0);
                    return response;
                }

                response.Dispose();
            }
            catch (RunstoneApiException e) when (e.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
            {
                // What is there is as long as the file or belongs to another version: begin again.
            }

            file.SetLength(0);
        }

        return await api.SendRawAsync(new HttpRequestMessage(HttpMethod.Get, url), cancellationToken);
    }

    private static async Task HashAsync(FileStream file, IncrementalHash hash, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferBytes];
        int read;
        while ((read = await file.ReadAsync(buffer, cancellationToken)) > 0)
            hash.AppendData(buffer, 0, read);
    }

    private async Task CopyAsync(HttpResponseMessage response, FileStream file, IncrementalHash hash, CancellationToken cancellationToken)
    {
        var total = response.Content.Headers.ContentRange?.Length ?? response.Content.Headers.ContentLength;
        var buffer = new byte[BufferBytes];
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        while (true)
        {
            int read;
            try
            {
                read = await body.ReadAsync(buffer, cancellationToken);
            }
            catch (Exception e) when (e is HttpRequestException or IOException)
            {
                throw RunstoneApiException.NotReachable(api.Address, e);
            }

            if (read == 0)
                return;
            hash.AppendData(buffer, 0, read);
            await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            progress?.Report(new TransferProgress(path, file.Position, total));
        }
    }
}
