using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Amazon.S3.Model;
using Runstone.Core.Artifacts;

namespace Runstone.Storage.S3;

/// <summary>Where content goes once it is known how much it is and what.</summary>
/// <param name="Small">The key of content that fits in one part.</param>
/// <param name="Large">The key of content that does not; asked for before the content is known.</param>
/// <param name="Check">Throws when this is not the content that was announced; nothing is kept then.</param>
/// <param name="Tagged">Whether small content carries its hash as metadata.</param>
internal sealed record S3Target(Func<BlobRef, string> Small, Func<string> Large, Action<BlobRef> Check, bool Tagged = false);

/// <summary>
/// Streams content into the bucket, hashing on the way. Content of one part is one PUT; more is a multipart upload of which two
/// parts are in memory and on their way at a time. What fails leaves nothing.
/// </summary>
internal sealed class S3Writer(S3Place place)
{
    public const string ContentType = "application/octet-stream";
    public const string HashTag = "x-amz-meta-sha256";

    public async Task<(BlobRef Blob, string Key)> WriteAsync(Stream content, S3Target target, CancellationToken cancellationToken)
    {
        using var first = new PartBuffer(place.Options.PartSize);
        await first.FillAsync(content, cancellationToken);
        if (first.AtEnd)
            return await PutAsync(first, target, cancellationToken);
        using var second = new PartBuffer(place.Options.PartSize);
        await second.FillAsync(content, cancellationToken);
        return second.Length == 0 ? await PutAsync(first, target, cancellationToken) : await SendAsync(content, first, second, target, cancellationToken);
    }

    private async Task<(BlobRef Blob, string Key)> PutAsync(PartBuffer part, S3Target target, CancellationToken cancellationToken)
    {
        var blob = new BlobRef(Convert.ToHexStringLower(SHA256.HashData(part.Content)), part.Length);
        target.Check(blob);
        var key = target.Small(blob);
        await using var content = part.AsStream();
        var request = new PutObjectRequest
        {
            BucketName = place.Bucket,
            Key = key,
            InputStream = content,
            ContentType = ContentType,
            AutoCloseStream = false,
            UseChunkEncoding = false,
        };
        if (target.Tagged)
            request.Metadata[HashTag] = blob.Sha256;
        await place.CallAsync("write an object", (s3, token) => s3.PutObjectAsync(request, token), cancellationToken);
        return (blob, key);
    }

    private async Task<(BlobRef Blob, string Key)> SendAsync(
        Stream content, PartBuffer first, PartBuffer second, S3Target target, CancellationToken cancellationToken)
    {
        var upload = await S3Multipart.BeginAsync(place, target.Large(), cancellationToken);
        try
        {
            var blob = await SendPartsAsync(upload, content, [first, second], cancellationToken);
            target.Check(blob);
            await upload.CompleteAsync(blob.Size, cancellationToken);
            return (blob, upload.Key);
        }
        catch
        {
            await upload.AbortAsync();
            throw;
        }
    }

    /// <summary>Sends the two filled parts and what follows; a part is filled again when it has been sent.</summary>
    private static async Task<BlobRef> SendPartsAsync(S3Multipart upload, Stream content, PartBuffer[] parts, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var sending = new Task[] { Task.CompletedTask, Task.CompletedTask };
        long size = 0;
        try
        {
            for (var number = 1; ; number++)
            {
                var slot = (number - 1) % parts.Length;
                await sending[slot];
                if (number > parts.Length)
                    await parts[slot].FillAsync(content, stop.Token);
                if (parts[slot].Length > 0)
                {
                    hash.AppendData(parts[slot].Content);
                    size += parts[slot].Length;
                    sending[slot] = upload.SendAsync(number, parts[slot], stop.Token);
                }

                if (parts[slot].AtEnd)
                    break;
            }

            await Task.WhenAll(sending);
            return new BlobRef(Convert.ToHexStringLower(hash.GetHashAndReset()), size);
        }
        catch
        {
            // The parts are free again, and the upload can be aborted, only when nothing is on its way.
            await stop.CancelAsync();
            await SettleAsync(sending);
            throw;
        }
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "The first failure is the one that is told.")]
    private static async Task SettleAsync(Task[] sending)
    {
        try
        {
            await Task.WhenAll(sending);
        }
        catch (Exception)
        {
            // A consequence of what failed before.
        }
    }
}
