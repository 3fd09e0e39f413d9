using Microsoft.Extensions.Logging;

namespace Runstone.Core.Console;

/// <summary>
/// Makes few large chunks of the many small ones that appends leave, so that reading a console costs what its text costs. A chunk is
/// written again a few times at most: only when many have come behind it, or its run has ended.
/// </summary>
public sealed partial class ConsoleMerger(IConsoleStore store, ILogger<ConsoleMerger> logger)
{
    /// <summary>Names the lock of the job.</summary>
    public const string LockName = "console-merge";

    /// <summary>So many open chunks of a run that goes on are worth writing them again.</summary>
    public const int Enough = 16;

    /// <summary>A chunk with so much text is not opened again.</summary>
    public const int FullBytes = ConsoleLimits.MaxChunkBytes * 3 / 4;

    private const int Block = 100;
    private const int WindowBytes = 8 << 20;

    /// <summary>Merges whatever there is now. A console that is damaged is left as it is and does not keep the others from their turn.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var after = long.MinValue;
        while (true)
        {
            var consoles = await store.ListOpenAsync(Enough, after, Block, cancellationToken);
            foreach (var console in consoles)
                await TryAsync(console, cancellationToken);
            if (consoles.Count < Block)
                return;
            after = consoles[^1].RunNo;
        }
    }

    private async Task TryAsync(OpenConsole console, CancellationToken cancellationToken)
    {
        try
        {
            for (var open = console; open is { OpenChunks: > 1 };)
                open = await MergeAsync(open, cancellationToken);
        }
        catch (InvalidDataException e)
        {
            LogDamaged(e, console.RunId);
        }
    }

    private async Task<OpenConsole?> MergeAsync(OpenConsole console, CancellationToken cancellationToken)
    {
        var part = await store.ReadAsync(console.RunId, console.OpenLine, WindowBytes, cancellationToken);
        return part is { Chunks: [var first, _, ..] } && first.FirstLine == console.OpenLine
            ? await store.MergeAsync(console, Pack(part.Chunks), cancellationToken)
            : null;
    }

    private static ConsoleMerge Pack(IReadOnlyList<StoredConsoleChunk> open)
    {
        using var decoder = new ConsoleDecoder();
        using var encoder = new ConsoleEncoder();
        var packed = new List<ConsoleChunk>();
        foreach (var chunk in open)
        {
            decoder.Decode(chunk.Payload.Span);
            decoder.Visit(0, (line, text) =>
            {
                if (!encoder.HasRoomFor(text.Length + 1))
                    packed.Add(encoder.Take());
                encoder.Add(decoder.Time(line), decoder.Stream(line), text);
                return true;
            });
        }

        packed.Add(encoder.Take());
        return new ConsoleMerge(open.Count, packed, LastIsOpen: packed[^1].Bytes < FullBytes);
    }

    [LoggerMessage(1121, LogLevel.Error, "The console of run {RunId} has a chunk that cannot be read, so its chunks stay as they are. 'runstone admin check' says which one.")]
    private partial void LogDamaged(Exception exception, string runId);
}
