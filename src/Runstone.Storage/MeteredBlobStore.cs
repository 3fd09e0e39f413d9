using System.Diagnostics.Metrics;
using Runstone.Core.Artifacts;
using Runstone.Core.Errors;

namespace Runstone.Storage;

/// <summary>Counts what goes into a blob store and comes out of it, whichever it is.</summary>
public sealed class MeteredBlobStore(IBlobStore inner) : IBlobStore
{
    /// <inheritdoc/>
    public async Task<BlobRef> WriteAsync(Stream content, BlobRef? expected, CancellationToken cancellationToken)
    {
        var blob = await CountAsync("write", () => inner.WriteAsync(content, expected, cancellationToken));
        BlobTelemetry.Written.Add(blob.Size);
        return blob;
    }

    /// <inheritdoc/>
    public async Task<Stream?> OpenReadAsync(string sha256, long offset, long? length, CancellationToken cancellationToken)
    {
        var stream = await CountAsync("read", () => inner.OpenReadAsync(sha256, offset, length, cancellationToken));
        return stream is null ? null : new MeteredReadStream(stream);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<StoredBlob> ListAsync(CancellationToken cancellationToken) => inner.ListAsync(cancellationToken);

    /// <inheritdoc/>
    public Task<bool> DeleteAsync(string sha256, CancellationToken cancellationToken) =>
        CountAsync("delete", () => inner.DeleteAsync(sha256, cancellationToken));

    // What a client did wrong, or left in the middle of, is no fault of the store.
    private static async Task<T> CountAsync<T>(string operation, Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (Exception e) when (e is not OperationCanceledException and not RunstoneException { Error.Code: ErrorCode.Invalid or ErrorCode.TooLarge })
        {
            BlobTelemetry.Errors.Add(1, KeyValuePair.Create("operation", (object?)operation));
            throw;
        }
    }
}

/// <summary>Under the meter "Runstone.Storage"; docs/how-to/monitor.md says what they mean.</summary>
internal static class BlobTelemetry
{
    private static readonly Meter Meter = new("Runstone.Storage");

    public static readonly Counter<long> Written = Meter.CreateCounter<long>("runstone.blobs.written", "By", "Content of files stored.");

    public static readonly Counter<long> Read = Meter.CreateCounter<long>("runstone.blobs.read", "By", "Content of files read.");

    public static readonly Counter<long> Errors = Meter.CreateCounter<long>("runstone.blobs.errors", "{call}", "Calls to the blob store that failed.");
}
