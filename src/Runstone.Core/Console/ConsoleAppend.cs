namespace Runstone.Core.Console;

/// <summary>Lines as a store keeps them (docs/formats/console.md).</summary>
/// <param name="Lines">How many lines; at least 1.</param>
/// <param name="Bytes">Their UTF-8, a line feed a line included.</param>
/// <param name="Payload">The lines, compressed.</param>
/// <param name="Digest">SHA-256 of the payload.</param>
public sealed record ConsoleChunk(int Lines, int Bytes, ReadOnlyMemory<byte> Payload, ReadOnlyMemory<byte> Digest);

/// <summary>Lines to add at the end of the console of a run, already encoded: made by <see cref="ConsoleEncoder"/>, which is where lines are checked.</summary>
public sealed class ConsoleAppend
{
    internal ConsoleAppend(IReadOnlyList<ConsoleChunk> chunks)
    {
        Chunks = chunks;
        foreach (var chunk in chunks)
        {
            Lines += chunk.Lines;
            Bytes += chunk.Bytes;
            PayloadBytes += chunk.Payload.Length;
        }
    }

    /// <summary>In order; at least one.</summary>
    public IReadOnlyList<ConsoleChunk> Chunks { get; }

    /// <summary>Lines of all chunks.</summary>
    public int Lines { get; }

    /// <summary>Bytes of UTF-8 of all chunks, a line feed a line included.</summary>
    public long Bytes { get; }

    /// <summary>Bytes of all payloads.</summary>
    public long PayloadBytes { get; }
}
