using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using Runstone.Client.Api;
using Runstone.Protocol;

namespace Runstone.Client.Upload;

/// <summary>Sends points as bytes (docs/formats/metric-batch.md) to servers that know the call. One for all runs of a client.</summary>
/// <param name="api">Where to.</param>
/// <param name="compress">Whether to compress; null leaves it to the addresses.</param>
internal sealed class PointsCall(ApiTransport api, bool? compress)
{
    /// <summary>Smaller bodies fit into a packet or two as they are.</summary>
    private const int CompressAbove = 2048;

    /// <summary>The quickest; what it leaves to the better ones is little, because steps and times are deltas already.</summary>
    private const int Quality = 1;

    private const int Window = 22;
    private static readonly MediaTypeHeaderValue MediaType = new(MetricBatchFormat.MediaType);

    private readonly bool _compresses = compress ?? !api.Addresses.All(a => a.IsLoopback);
    private volatile bool _isMissing;

    /// <summary>A server answered that there is no such call; JSON is sent from then on.</summary>
    public bool IsMissing => _isMissing;

    /// <summary>
    /// Sends a body of one batch; false when the server is older than the call. Throws <see cref="RunstoneApiException"/> with the
    /// reason when the batch was not kept.
    /// </summary>
    public async Task<bool> TrySendAsync(ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var content = ContentOf(body);
        content.Headers.ContentType = MediaType;
        MetricBatchResponse answer;
        try
        {
            answer = await api.SendAsync(
                new HttpRequestMessage(HttpMethod.Post, "metrics/batches") { Content = content }, RunstoneJson.Default.MetricBatchResponse, cancellationToken);
        }
        catch (RunstoneApiException e) when (e.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed or HttpStatusCode.UnsupportedMediaType)
        {
            // Runs that are not there are told in the result; these statuses are about the call.
            _isMissing = true;
            return false;
        }

        if (answer.Batches is not [var result])
            throw RunstoneApiException.Unexpected($"{api.Address} answered with {answer.Batches?.Count ?? 0} results for one batch.", HttpStatusCode.OK);
        return result.Error is null ? true : throw new RunstoneApiException(result.Error, (HttpStatusCode)result.Error.Status);
    }

    /// <summary>The body, compressed when that is wanted and makes it smaller.</summary>
    private ReadOnlyMemoryContent ContentOf(ReadOnlyMemory<byte> body)
    {
        if (!_compresses || body.Length < CompressAbove)
            return new ReadOnlyMemoryContent(body);
        var compressed = new byte[body.Length];
        if (!BrotliEncoder.TryCompress(body.Span, compressed, out var written, Quality, Window))
            return new ReadOnlyMemoryContent(body);
        var content = new ReadOnlyMemoryContent(compressed.AsMemory(0, written));
        content.Headers.ContentEncoding.Add("br");
        return content;
    }
}
