using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Amazon.S3;
using Amazon.S3.Model;
using Runstone.Core.Artifacts;
using Runstone.Core.Errors;

namespace Runstone.Storage.S3;

/// <summary>
/// Multipart uploads of the store itself, to whose parts clients get signed addresses. The id of an upload holds all that a node
/// needs to continue it; the store knows whether it is open. Clients never get an address that completes an upload or names a
/// blob, so content gets its name only after it was read back.
/// </summary>
public sealed class S3DirectTransfer : IDirectTransfer
{
    private readonly S3Place _place;

    internal S3DirectTransfer(S3Place place) => _place = place;

    public long MinPartSize => S3BlobOptions.MinPartSize;

    public long MaxPartSize => 5L << 30;

    public int MaxParts => S3BlobOptions.MaxParts;

    public async Task<SignedRequest?> SignReadAsync(string sha256, string fileName, CancellationToken cancellationToken)
    {
        if (!S3Keys.IsHash(sha256) || await S3Objects.HeadAsync(_place, _place.Keys.Blob(sha256), cancellationToken) is null)
            return null;
        return await SignBlobAsync(sha256, fileName, cancellationToken);
    }

    public async Task<string> BeginAsync(CancellationToken cancellationToken)
    {
        var id = S3Keys.NewId();
        var begun = await _place.CallAsync("begin an upload", (s3, token) => s3.InitiateMultipartUploadAsync(
            new InitiateMultipartUploadRequest { BucketName = _place.Bucket, Key = _place.Keys.Direct(id), ContentType = S3Writer.ContentType }, token), cancellationToken);
        return new DirectUploadId(id, begun.UploadId).ToString();
    }

    public async Task<IReadOnlyList<SignedRequest>?> SignPartsAsync(string uploadId, int first, int count, CancellationToken cancellationToken)
    {
        if (first < 1 || count < 1 || first > MaxParts - count + 1)
            throw new RunstoneException(Error.Invalid("parts", string.Create(CultureInfo.InvariantCulture, $"Parts are numbered from 1 to {MaxParts}.")));
        if (DirectUploadId.Parse(uploadId) is not { } upload || await ListPartsAsync(upload, limit: 1, cancellationToken) is null)
            return null;
        var signed = new SignedRequest[count];
        for (var i = 0; i < count; i++)
        {
            var request = NewRequest(_place.Keys.Direct(upload.Id), HttpVerb.PUT, out var expiresAt);
            (request.UploadId, request.PartNumber) = (upload.StoreId, first + i);
            signed[i] = await SignAsync(request, expiresAt, cancellationToken);
        }

        return signed;
    }

    public async Task<BlobRef?> CompleteAsync(string uploadId, IReadOnlyList<UploadPart> parts, CancellationToken cancellationToken)
    {
        if (DirectUploadId.Parse(uploadId) is not { } upload)
            return null;
        var key = _place.Keys.Direct(upload.Id);

        // Without open upload the object is there when an earlier attempt got as far as that.
        if (await ListPartsAsync(upload, MaxParts, cancellationToken) is { } sent)
            await JoinAsync(upload, Require(parts, sent), cancellationToken);
        else if (await S3Objects.HeadAsync(_place, key, cancellationToken) is null)
            return null;
        if (await HashAsync(key, cancellationToken) is not { } blob)
            return null;
        await S3Objects.CopyAsync(_place, key, _place.Keys.Blob(blob.Sha256), blob.Size, cancellationToken);
        await S3Objects.CleanUpAsync(_place, key);
        return blob;
    }

    public async Task<bool> AbortAsync(string uploadId, CancellationToken cancellationToken)
    {
        if (DirectUploadId.Parse(uploadId) is not { } upload || await ListPartsAsync(upload, limit: 1, cancellationToken) is null)
            return false;
        return await _place.FindAsync("abort an upload", (s3, token) => s3.AbortMultipartUploadAsync(
            new AbortMultipartUploadRequest { BucketName = _place.Bucket, Key = _place.Keys.Direct(upload.Id), UploadId = upload.StoreId }, token), cancellationToken) is not null;
    }

    /// <summary>Signs without asking whether there is such a blob.</summary>
    internal Task<SignedRequest> SignBlobAsync(string sha256, string fileName, CancellationToken cancellationToken)
    {
        var request = NewRequest(_place.Keys.Blob(sha256), HttpVerb.GET, out var expiresAt);
        request.ResponseHeaderOverrides.ContentDisposition = DispositionOf(fileName);
        request.ResponseHeaderOverrides.ContentType = S3Writer.ContentType;
        return SignAsync(request, expiresAt, cancellationToken);
    }

    private static List<PartETag> Require(IReadOnlyList<UploadPart> parts, Dictionary<int, PartDetail> sent)
    {
        if (parts.Count == 0)
            throw Wrong("The list of parts is empty. List each part with its number and tag.");
        for (var i = 0; i < parts.Count; i++)
        {
            if (parts[i].Number <= (i == 0 ? 0 : parts[i - 1].Number))
                throw Wrong($"Part {parts[i].Number} is not in its place. List each part once, by ascending number from 1 on.");
        }

        foreach (var part in parts)
        {
            if (!sent.TryGetValue(part.Number, out var found))
                throw Wrong($"Part {part.Number} was not uploaded. Send it, then complete the upload again.");
            if (part.Tag is not null && part.Tag.Trim('"') != found.ETag.Trim('"'))
                throw Wrong($"Part {part.Number} has the tag {found.ETag.Trim('"')}, not {part.Tag.Trim('"')}. Send the part again.");
            if (found.Size < S3BlobOptions.MinPartSize && part != parts[^1])
                throw Wrong(string.Create(CultureInfo.InvariantCulture, $"Part {part.Number} has {found.Size} bytes; each but the last needs {S3BlobOptions.MinPartSize}. Send larger parts."));
        }

        // Some stores drop such a part in silence, others fail without saying why.
        if (sent.Keys.Except(parts.Select(p => p.Number)).Order().Select(n => (int?)n).FirstOrDefault() is { } left)
            throw Wrong($"Part {left} was uploaded but is not listed. List every part that was sent.");
        return [.. parts.Select(p => new PartETag(p.Number, sent[p.Number].ETag))];
    }

    private async Task JoinAsync(DirectUploadId upload, List<PartETag> parts, CancellationToken cancellationToken)
    {
        var request = new CompleteMultipartUploadRequest
        {
            BucketName = _place.Bucket,
            Key = _place.Keys.Direct(upload.Id),
            UploadId = upload.StoreId,
            PartETags = parts,
        };

        // Absent means that another node, or an attempt whose answer was lost, completed it: the object tells.
        await _place.FindAsync("complete an upload", (s3, token) => s3.CompleteMultipartUploadAsync(request, token), cancellationToken);
    }

    /// <summary>The parts that have arrived; null when the upload is unknown.</summary>
    private async Task<Dictionary<int, PartDetail>?> ListPartsAsync(DirectUploadId upload, int limit, CancellationToken cancellationToken)
    {
        var found = new Dictionary<int, PartDetail>();
        var request = new ListPartsRequest
        {
            BucketName = _place.Bucket,
            Key = _place.Keys.Direct(upload.Id),
            UploadId = upload.StoreId,
            MaxParts = Math.Min(limit, 1000),
        };
        while (true)
        {
            var page = await _place.FindAsync("list the parts of an upload", (s3, token) => s3.ListPartsAsync(request, token), cancellationToken);
            if (page is null)
                return null;
            foreach (var part in page.Parts ?? [])
                found[part.PartNumber ?? 0] = part;
            if (page.IsTruncated != true || found.Count >= limit)
                return found;
            request.PartNumberMarker = page.NextPartNumberMarker?.ToString(CultureInfo.InvariantCulture);
        }
    }

    private async Task<BlobRef?> HashAsync(string key, CancellationToken cancellationToken)
    {
        await using var content = await S3ReadStream.OpenAsync(_place, key, 0, null, cancellationToken);
        if (content is null)
            return null;
        var sha256 = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken));
        return new BlobRef(sha256, content.Length);
    }

    private GetPreSignedUrlRequest NewRequest(string key, HttpVerb verb, out long expiresAt)
    {
        var expires = _place.Time.GetUtcNow() + _place.Options.SignedFor;
        expiresAt = expires.ToUnixTimeMilliseconds();
        return new GetPreSignedUrlRequest
        {
            BucketName = _place.Bucket,
            Key = key,
            Verb = verb,
            Expires = expires.UtcDateTime,
            Protocol = _place.Options.Endpoint?.Scheme == Uri.UriSchemeHttp ? Protocol.HTTP : Protocol.HTTPS,
        };
    }

    private async Task<SignedRequest> SignAsync(GetPreSignedUrlRequest request, long expiresAt, CancellationToken cancellationToken)
    {
        var address = await _place.CallAsync("sign an address", (s3, _) => s3.GetPreSignedURLAsync(request), cancellationToken);
        return new SignedRequest(request.Verb.ToString(), new Uri(address), new Dictionary<string, string>(StringComparer.Ordinal), expiresAt);
    }

    /// <summary>The plain name for all clients, and the true one as RFC 6266 writes it.</summary>
    private static string DispositionOf(string fileName)
    {
        var plain = new string([.. fileName.Select(c => char.IsAscii(c) && !char.IsControl(c) && c is not ('"' or '\\' or '%') ? c : '_')]);
        var text = new StringBuilder($"attachment; filename=\"{plain}\"");
        if (plain != fileName)
            text.Append("; filename*=UTF-8''").Append(Uri.EscapeDataString(fileName));
        return text.ToString();
    }

    private static RunstoneException Wrong(string message) => new(Error.Invalid("parts", message));
}
