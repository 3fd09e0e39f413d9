using System.Collections.Concurrent;
using Amazon.S3.Model;
using Runstone.Core.Artifacts;
using Runstone.Core.Errors;

namespace Runstone.Storage.S3;

/// <summary>
/// Parts of uploads through the server as objects <c>uploads/&lt;id&gt;/&lt;n&gt;</c>, whose metadata hold the hash; a part of several
/// requests lies beside it, and the metadata say where. <c>uploads/&lt;id&gt;/begun</c> stands while the upload is open, so any node
/// continues what another began.
/// </summary>
public sealed class S3UploadStore : IUploadStore
{
    private const string ContentTag = "x-amz-meta-content";
    private const int LookUpsAtOnce = 8;

    private readonly S3Place _place;
    private readonly S3Writer _writer;
    private readonly IBlobStore _blobs;

    internal S3UploadStore(S3Place place, IBlobStore blobs) => (_place, _writer, _blobs) = (place, new S3Writer(place), blobs);

    private S3Keys Keys => _place.Keys;

    public async Task<string> BeginAsync(CancellationToken cancellationToken)
    {
        var id = S3Keys.NewId();
        await PutEmptyAsync(Keys.Begun(id), [], cancellationToken);
        return id;
    }

    public async Task<string?> WritePartAsync(string uploadId, int part, Stream content, CancellationToken cancellationToken)
    {
        if (part < 1)
            throw new RunstoneException(Error.Invalid("part", $"{part} is not a part number: parts are numbered from 1."));
        if (!await IsOpenAsync(uploadId, cancellationToken))
            return null;
        var key = Keys.Part(uploadId, part);
        var target = new S3Target(Small: _ => key, Large: () => Keys.NewPartContent(uploadId, part), Check: static _ => { }, Tagged: true);
        var (blob, written) = await _writer.WriteAsync(content, target, cancellationToken);
        if (written != key)
            await PutEmptyAsync(key, [(S3Writer.HashTag, blob.Sha256), (ContentTag, written[Keys.Upload(uploadId).Length..])], cancellationToken);

        // Completed or aborted while the part came in.
        if (await IsOpenAsync(uploadId, cancellationToken))
            return blob.Sha256;
        await S3Objects.RemoveAllAsync(_place, [key, written], cancellationToken);
        return null;
    }

    public async Task<BlobRef?> CompleteAsync(string uploadId, IReadOnlyList<UploadPart> parts, CancellationToken cancellationToken)
    {
        if (!await IsOpenAsync(uploadId, cancellationToken))
            return null;
        var found = await RequireAsync(uploadId, parts, cancellationToken);
        BlobRef blob;
        await using (var joined = new JoinedParts(_place, found))
            blob = await _blobs.WriteAsync(joined, expected: null, cancellationToken);
        await ForgetAsync(uploadId, cancellationToken);
        return blob;
    }

    public async Task<bool> AbortAsync(string uploadId, CancellationToken cancellationToken)
    {
        if (!await IsOpenAsync(uploadId, cancellationToken))
            return false;
        await ForgetAsync(uploadId, cancellationToken);
        return true;
    }

    /// <summary>
    /// An upload lives while parts of it arrive. What an interrupted write left (<c>incoming/</c>, unfinished multipart uploads)
    /// goes by the same measure.
    /// </summary>
    public async Task<int> RemoveAbandonedAsync(long before, CancellationToken cancellationToken)
    {
        var removed = await RemoveUploadsAsync(before, cancellationToken);
        await foreach (var left in S3Objects.ListAsync(_place, Keys.Incoming, cancellationToken))
        {
            if (S3Objects.TimeOf(left.LastModified) < before)
                await S3Objects.RemoveAsync(_place, left.Key, cancellationToken);
        }

        return removed + await AbortMultipartsAsync(before, cancellationToken);
    }

    private async Task<int> RemoveUploadsAsync(long before, CancellationToken cancellationToken)
    {
        var removed = 0;
        string? current = null;
        long newest = 0;
        await foreach (var found in S3Objects.ListAsync(_place, Keys.Uploads, cancellationToken))
        {
            if (Keys.UploadOf(found.Key) is not { } id)
                continue;
            if (id != current)
                await FinishAsync();
            newest = Math.Max(newest, S3Objects.TimeOf(found.LastModified));
            current = id;
        }

        await FinishAsync();
        return removed;

        async Task FinishAsync()
        {
            if (current is not null && newest < before)
            {
                await ForgetAsync(current, cancellationToken);
                removed++;
            }

            newest = 0;
        }
    }

    /// <summary>Aborts old multipart uploads; counts those that clients began past the server.</summary>
    private async Task<int> AbortMultipartsAsync(long before, CancellationToken cancellationToken)
    {
        var aborted = 0;
        var request = new ListMultipartUploadsRequest { BucketName = _place.Bucket, Prefix = Keys.Root };
        ListMultipartUploadsResponse page;
        do
        {
            page = await _place.CallAsync("list unfinished uploads", (s3, token) => s3.ListMultipartUploadsAsync(request, token), cancellationToken);
            foreach (var upload in (page.MultipartUploads ?? []).Where(u => S3Objects.TimeOf(u.Initiated) < before && IsOurs(u.Key)))
            {
                await _place.FindAsync("abort an upload", (s3, token) => s3.AbortMultipartUploadAsync(
                    new AbortMultipartUploadRequest { BucketName = _place.Bucket, Key = upload.Key, UploadId = upload.UploadId }, token), cancellationToken);
                if (Keys.UploadOf(upload.Key) is { } id && upload.Key == Keys.Direct(id))
                    aborted++;
            }

            (request.KeyMarker, request.UploadIdMarker) = (page.NextKeyMarker, page.NextUploadIdMarker);
        }
        while (page.IsTruncated == true);
        return aborted;
    }

    // Others may use the bucket beside an empty prefix.
    private bool IsOurs(string key) =>
        key.StartsWith(Keys.Incoming, StringComparison.Ordinal) || Keys.HashOf(key) is not null || Keys.UploadOf(key) is not null;

    private async Task<IReadOnlyList<StoredPart>> RequireAsync(string uploadId, IReadOnlyList<UploadPart> parts, CancellationToken cancellationToken)
    {
        var found = new ConcurrentDictionary<int, StoredPart>();
        await Parallel.ForEachAsync(
            parts.Select(p => p.Number).Distinct(), new ParallelOptions { MaxDegreeOfParallelism = LookUpsAtOnce, CancellationToken = cancellationToken },
            async (number, token) =>
            {
                if (await FindPartAsync(uploadId, number, token) is { } stored)
                    found[number] = stored;
            });
        return [.. parts.Select(Require)];

        StoredPart Require(UploadPart part)
        {
            if (!found.TryGetValue(part.Number, out var stored))
                throw new RunstoneException(Error.Invalid("parts", $"Part {part.Number} was not uploaded. Send it, then complete the upload again."));
            if (part.Tag is not null && !string.Equals(part.Tag.Trim('"'), stored.Sha256, StringComparison.OrdinalIgnoreCase))
                throw new RunstoneException(Error.Invalid("parts", $"Part {part.Number} has the tag {stored.Sha256}, not {part.Tag}. Send the part again."));
            return stored;
        }
    }

    private async Task<StoredPart?> FindPartAsync(string uploadId, int number, CancellationToken cancellationToken)
    {
        if (number < 1 || await S3Objects.HeadAsync(_place, Keys.Part(uploadId, number), cancellationToken) is not { } head)
            return null;
        return head.Metadata[S3Writer.HashTag] is { } sha256
            ? new StoredPart(number, head.Metadata[ContentTag] is { } content ? Keys.Upload(uploadId) + content : Keys.Part(uploadId, number), sha256)
            : null;
    }

    private async Task<bool> IsOpenAsync(string uploadId, CancellationToken cancellationToken) =>
        S3Keys.IsId(uploadId) && await S3Objects.HeadAsync(_place, Keys.Begun(uploadId), cancellationToken) is not null;

    /// <summary>The mark goes first: from then on no node takes the upload for open.</summary>
    private async Task ForgetAsync(string uploadId, CancellationToken cancellationToken)
    {
        await S3Objects.RemoveAsync(_place, Keys.Begun(uploadId), cancellationToken);
        var left = new List<string>();
        await foreach (var found in S3Objects.ListAsync(_place, Keys.Upload(uploadId), cancellationToken))
            left.Add(found.Key);
        await S3Objects.RemoveAllAsync(_place, left, cancellationToken);
    }

    private Task PutEmptyAsync(string key, (string Name, string Value)[] metadata, CancellationToken cancellationToken)
    {
        var request = new PutObjectRequest { BucketName = _place.Bucket, Key = key, ContentBody = "", ContentType = S3Writer.ContentType, UseChunkEncoding = false };
        foreach (var (name, value) in metadata)
            request.Metadata[name] = value;
        return _place.CallAsync("write an object", (s3, token) => s3.PutObjectAsync(request, token), cancellationToken);
    }
}
