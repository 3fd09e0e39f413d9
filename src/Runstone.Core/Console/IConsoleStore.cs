namespace Runstone.Core.Console;

/// <summary>
/// Reads the consoles of runs, which are written by <see cref="Ingest.IIngestStore"/>: the lines of a run are numbered from 0 in the order
/// in which their batches took effect, without gaps, and stay as they are. They lie in chunks that follow each other without gaps
/// or overlap; merging replaces neighbouring chunks by larger ones with the same lines, so that a reader sees each line once whenever it
/// reads. Runs that are deleted keep their console.
/// </summary>
public interface IConsoleStore
{
    /// <summary>
    /// Chunks that follow each other, as of one instant: from the one that has line <paramref name="from"/> on, or from the one that has
    /// the line so many before the end when it is negative (the first one when there are fewer), and as many as have about
    /// <paramref name="maxBytes"/> of text, one at least; none when there is no such line. Null when there is no such run.
    /// </summary>
    Task<ConsoleRead?> ReadAsync(string runId, long from, int maxBytes, CancellationToken cancellationToken);

    /// <summary>
    /// Consoles with at least <paramref name="chunks"/> open chunks, and those with at least two whose run has ended, by number, at most
    /// <paramref name="limit"/> with a number above <paramref name="after"/>.
    /// </summary>
    Task<IReadOnlyList<OpenConsole>> ListOpenAsync(int chunks, long after, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Replaces the chunks of the first open lines by others with the same lines, durably and as a whole, and returns the console as it is
    /// then; null, and nothing is changed, when somebody else has merged since <paramref name="console"/> was read.
    /// </summary>
    Task<OpenConsole?> MergeAsync(OpenConsole console, ConsoleMerge merge, CancellationToken cancellationToken);
}

/// <summary>A chunk where it stands.</summary>
/// <param name="FirstLine">The number of its first line.</param>
/// <param name="Payload">The lines, as <see cref="ConsoleDecoder"/> reads them.</param>
public sealed record StoredConsoleChunk(long FirstLine, ReadOnlyMemory<byte> Payload);

/// <summary>Part of a console.</summary>
/// <param name="Lines">Lines of the whole console.</param>
/// <param name="Bytes">Their UTF-8, a line feed a line included.</param>
/// <param name="Chunks">The part, in order.</param>
public sealed record ConsoleRead(long Lines, long Bytes, IReadOnlyList<StoredConsoleChunk> Chunks);

/// <summary>A console with chunks that may be merged.</summary>
/// <param name="RunNo">The number of the run inside the store.</param>
/// <param name="RunId">The run.</param>
/// <param name="OpenLine">The number of the first line that is in an open chunk; all chunks from there on are open.</param>
/// <param name="OpenChunks">How many there are.</param>
/// <param name="Merges">How often chunks of this console were replaced.</param>
public sealed record OpenConsole(long RunNo, string RunId, long OpenLine, long OpenChunks, long Merges);

/// <summary>Open chunks, from the first one on, and what replaces them.</summary>
/// <param name="Replaced">How many are replaced.</param>
/// <param name="Chunks">What stands instead: the same lines.</param>
/// <param name="LastIsOpen">Whether the last of <paramref name="Chunks"/> stays open, for lines that are still to come.</param>
public sealed record ConsoleMerge(int Replaced, IReadOnlyList<ConsoleChunk> Chunks, bool LastIsOpen);
