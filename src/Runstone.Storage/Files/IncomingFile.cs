using System.Buffers;
using System.Security.Cryptography;
using Runstone.Core.Artifacts;

namespace Runstone.Storage.Files;

/// <summary>Streams content into a new file, hashing on the way.</summary>
internal static class IncomingFile
{
    private const int BufferLength = 128 * 1024;

    /// <summary>Returns when the content is on the disk (fsync). What fails leaves the file to the caller to delete.</summary>
    public static async Task<BlobRef> ReceiveAsync(Stream content, string path, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferLength);
        try
        {
            long size = 0;
            await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.Asynchronous);
            while (await content.ReadAsync(buffer, cancellationToken) is var read and > 0)
            {
                hash.AppendData(buffer, 0, read);
                await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                size += read;
            }

            RandomAccess.FlushToDisk(file.SafeFileHandle);
            return new BlobRef(Convert.ToHexStringLower(hash.GetHashAndReset()), size);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
