using System.Security.Cryptography;
using Runstone.Protocol.Data;

namespace Runstone.DataBench;

/// <summary>Cutting and hashing of random bytes in memory, as a file would be read.</summary>
internal static class Chunks
{
    public static async Task MeasureAsync(Figures figures, byte[] content)
    {
        var megabytes = content.Length / 1e6;
        await figures.MeasureAsync("plain SHA-256 of all bytes", megabytes, () => Task.Run(() => SHA256.HashData(content)));
        await figures.MeasureAsync("cut", megabytes, () => Task.Run(() => Cut(content)));
        await figures.MeasureAsync("cut, SHA-256 of each chunk", megabytes, () => Task.Run(() => CutAndHash(content)));
        await figures.MeasureAsync("cut out of a stream, SHA-256 of each chunk and of the file", megabytes, () => ReadAsync(content));
        figures.Keep("bytes of a chunk, mean", "bytes", (double)content.Length / Cut(content));
    }

    private static int Cut(ReadOnlySpan<byte> content)
    {
        var (chunker, count) = (new Chunker(), 0);
        while (content.Length > 0)
        {
            content = content[chunker.Push(content, out var ends)..];
            count += ends ? 1 : 0;
        }

        return count + (chunker.Length > 0 ? 1 : 0);
    }

    private static void CutAndHash(ReadOnlySpan<byte> content)
    {
        var chunker = new Chunker();
        while (content.Length > 0)
        {
            var length = chunker.Push(content, out _);
            DataObjectId.Of(content[..length]);
            content = content[length..];
        }
    }

    private static async Task ReadAsync(byte[] content)
    {
        using var reader = new ChunkReader(new MemoryStream(content));
        using var file = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        while (await reader.ReadAsync() is { Length: > 0 } chunk)
        {
            DataObjectId.Of(chunk.Span);
            file.AppendData(chunk.Span);
        }

        file.GetCurrentHash();
    }
}
