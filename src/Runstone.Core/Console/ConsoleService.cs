using System.Runtime.CompilerServices;
using Runstone.Core.Errors;
using Runstone.Core.Ingest;
using Runstone.Core.Runs;

namespace Runstone.Core.Console;

/// <summary>Use cases of the console of a run: append, read by line, search, read as text.</summary>
public sealed class ConsoleService(IConsoleStore store, IngestService ingest, TimeProvider time)
{
    /// <summary>Text that is read at a time for a page, which is rarely more.</summary>
    private const int FewBytes = 2 * ConsoleLimits.MaxChunkBytes;

    /// <summary>Text that is read at a time when all of a console is gone through.</summary>
    private const int ManyBytes = 4 << 20;

    /// <summary>A search that has taken so long answers with what it has.</summary>
    private static readonly TimeSpan LongestSearch = TimeSpan.FromSeconds(5);

    /// <summary>Appends the lines, as one batch that is kept as a whole or not at all; a run that has ended takes none.</summary>
    /// <returns>Whether the sequence number was known, and nothing was written again.</returns>
    public async Task<bool> AppendAsync(string runId, IReadOnlyList<ConsoleLine> lines, BatchSequence? sequence, CancellationToken cancellationToken)
    {
        var batch = new IngestBatch(runId) { Console = ConsoleEncoder.Append(lines), Sequence = sequence, RejectWhenEnded = true };
        var outcome = await ingest.SubmitAsync(batch, cancellationToken);
        return outcome.Error is null ? outcome.Replayed : throw new RunstoneException(outcome.Error);
    }

    /// <summary>At most <paramref name="limit"/> lines from number <paramref name="from"/> on; fewer when they are long.</summary>
    public async Task<ConsolePart> ReadAsync(string runId, long from, int limit, CancellationToken cancellationToken)
    {
        var lines = new List<ConsoleLine>();
        var (bytes, isFull) = (0L, false);
        var end = await GoThroughAsync(
            runId, from, FewBytes,
            (chunk, _, skip) => chunk.Visit(skip, (line, text) =>
            {
                lines.Add(chunk.Line(line, text));
                bytes += text.Length + 1;
                isFull = lines.Count == limit || bytes >= ConsoleLimits.MaxPageBytes;
                return !isFull;
            }),
            () => !isFull, cancellationToken);
        var next = from + lines.Count;
        return new ConsolePart(end.Lines, end.Bytes, from, lines, next < end.Lines ? next : null);
    }

    /// <summary>The last <paramref name="count"/> lines; fewer when they are long.</summary>
    public async Task<ConsolePart> TailAsync(string runId, int count, CancellationToken cancellationToken)
    {
        var lines = new Queue<ConsoleLine>();
        var bytes = 0L;
        var end = await GoThroughAsync(
            runId, -count, FewBytes,
            (chunk, _, skip) => chunk.Visit(skip, (line, text) =>
            {
                lines.Enqueue(chunk.Line(line, text));
                bytes += text.Length + 1;
                while (lines.Count > count || (bytes > ConsoleLimits.MaxPageBytes && lines.Count > 1))
                    bytes -= System.Text.Encoding.UTF8.GetByteCount(lines.Dequeue().Text) + 1;
                return true;
            }),
            () => true, cancellationToken);
        return new ConsolePart(end.Lines, end.Bytes, end.Next - lines.Count, [.. lines], null);
    }

    /// <summary>
    /// Searches line by line. An answer ends when it has enough matches, and also when much was looked at; <see cref="ConsoleMatchPage.Next"/> says
    /// where to go on.
    /// </summary>
    public async Task<ConsoleMatchPage> SearchAsync(string runId, ConsoleQuery query, CancellationToken cancellationToken)
    {
        var scan = new ConsoleScan(ConsoleMatcher.Create(query), query.Limit);
        var (next, started) = (query.From, time.GetTimestamp());
        var isDone = false;
        var end = await GoThroughAsync(
            runId, query.From, ManyBytes,
            (chunk, first, skip) =>
            {
                var done = scan.Search(chunk, first, skip);
                next = first + done;
                isDone = done < chunk.Lines || scan.Found.Count >= query.Limit
                    || scan.Bytes >= ConsoleLimits.MaxSearchBytes || time.GetElapsedTime(started) > LongestSearch;
            },
            () => !isDone, cancellationToken);
        return new ConsoleMatchPage(end.Lines, scan.Found, next < end.Lines ? next : null);
    }

    /// <summary>All lines as UTF-8, each with a line feed, piece by piece; a piece is valid until the next one is asked for. Throws at once when there is no such run.</summary>
    public async Task<IAsyncEnumerable<ReadOnlyMemory<byte>>> OpenTextAsync(string runId, CancellationToken cancellationToken) =>
        TextAsync(runId, await ReadStoreAsync(runId, 0, ManyBytes, cancellationToken), cancellationToken);

    private async IAsyncEnumerable<ReadOnlyMemory<byte>> TextAsync(
        string runId, ConsoleRead part, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var decoder = new ConsoleDecoder();
        var next = 0L;
        while (part.Chunks.Count > 0)
        {
            foreach (var chunk in part.Chunks)
            {
                decoder.Decode(chunk.Payload.Span);
                yield return decoder.TextFrom((int)(next - chunk.FirstLine));
                next = chunk.FirstLine + decoder.Lines;
            }

            if (next >= part.Lines)
                yield break;
            part = await ReadStoreAsync(runId, next, ManyBytes, cancellationToken);
        }
    }

    /// <summary>
    /// Shows chunk after chunk, with the number of its first line and how many of its lines lie before what was asked for, as long as more is
    /// wanted. Returns what there was to read, and the number after the last line that was shown.
    /// </summary>
    private async Task<(long Lines, long Bytes, long Next)> GoThroughAsync(
        string runId, long from, int atATime, Action<ConsoleDecoder, long, int> show, Func<bool> wantsMore, CancellationToken cancellationToken)
    {
        var part = await ReadStoreAsync(runId, from, atATime, cancellationToken);
        var next = from < 0 ? Math.Max(0, part.Lines + from) : from;
        using var decoder = new ConsoleDecoder();
        while (true)
        {
            foreach (var chunk in part.Chunks)
            {
                decoder.Decode(chunk.Payload.Span);
                show(decoder, chunk.FirstLine, (int)Math.Max(0, next - chunk.FirstLine));
                next = chunk.FirstLine + decoder.Lines;
                if (!wantsMore())
                    return (part.Lines, part.Bytes, next);
            }

            if (part.Chunks.Count == 0 || next >= part.Lines)
                return (part.Lines, part.Bytes, next);
            part = await ReadStoreAsync(runId, next, atATime, cancellationToken);
        }
    }

    private async Task<ConsoleRead> ReadStoreAsync(string runId, long from, int atATime, CancellationToken cancellationToken) =>
        await store.ReadAsync(runId, from, atATime, cancellationToken) ?? throw new RunstoneException(new RunNotFound(runId));
}
