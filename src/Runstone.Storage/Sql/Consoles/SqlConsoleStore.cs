using Runstone.Core.Console;

namespace Runstone.Storage.Sql.Consoles;

internal sealed class SqlConsoleStore(SqlDatabase database) : IConsoleStore
{
    /// <summary>Chunks of a part at most, however small they are.</summary>
    private const long MaxChunks = 2048;

    public Task<ConsoleRead?> ReadAsync(string runId, long from, int maxBytes, CancellationToken cancellationToken) => database.ReadAsync(
        async session =>
        {
            var size = await session.FirstAsync<(long Run, long Lines, long Bytes)?>(
                SqlText.Fixed(ConsoleSql.Size, runId), row => (row.Int64(0), row.Int64(1), row.Int64(2)), cancellationToken);
            if (size is not var (run, lines, bytes))
                return null;
            var first = from < 0 ? Math.Max(0, lines + from) : from;
            IReadOnlyList<StoredConsoleChunk> chunks = first >= lines ? [] : await ReadAsync(session, run, first, maxBytes, cancellationToken);
            return new ConsoleRead(lines, bytes, chunks);
        },
        cancellationToken);

    public async Task<IReadOnlyList<OpenConsole>> ListOpenAsync(int chunks, long after, int limit, CancellationToken cancellationToken) =>
        await database.QueryAsync(
            SqlText.Fixed(ConsoleSql.Open, after, (long)chunks, (long)limit),
            row => new OpenConsole(row.Int64(0), row.Text(1), row.Int64(2), row.Int64(3), row.Int64(4)), cancellationToken);

    public Task<OpenConsole?> MergeAsync(OpenConsole console, ConsoleMerge merge, CancellationToken cancellationToken)
    {
        var rows = new List<object?[]>(merge.Chunks.Count);
        var (line, open) = (console.OpenLine, console.OpenLine);
        foreach (var chunk in merge.Chunks)
        {
            rows.Add([console.RunNo, line, (long)chunk.Lines, (long)chunk.Bytes, chunk.Payload.ToArray(), chunk.Digest.ToArray()]);
            open = line;
            line += chunk.Lines;
        }

        var (next, closed) = merge.LastIsOpen ? (open, merge.Replaced - 1L) : (line, merge.Replaced);
        return database.TransactAsync(
            async session =>
            {
                var left = await session.FirstAsync<long?>(
                    SqlText.Fixed(ConsoleSql.Merge, next, closed, console.RunNo, console.Merges), row => row.Int64(0), cancellationToken);
                if (left is not { } chunks)
                    return null;
                await session.ExecuteAsync(SqlText.Fixed(ConsoleSql.Remove, console.RunNo, console.OpenLine, line), cancellationToken);
                await session.InsertAsync(ConsoleSql.Chunk, rows, cancellationToken);
                return console with { OpenLine = next, OpenChunks = chunks, Merges = console.Merges + 1 };
            },
            cancellationToken);
    }

    private static async ValueTask<List<StoredConsoleChunk>> ReadAsync(
        SqlSession session, long run, long from, int maxBytes, CancellationToken cancellationToken)
    {
        var (first, last, bytes) = (0L, -1L, 0L);
        await session.VisitAsync(
            SqlText.Fixed(ConsoleSql.Plan, run, from, MaxChunks),
            row =>
            {
                if (last < 0)
                    first = row.Int64(0);
                if (last < 0 || bytes < maxBytes)
                    last = row.Int64(0);
                bytes += row.Int64(1);
            },
            cancellationToken);
        var chunks = new List<StoredConsoleChunk>();
        await session.VisitAsync(
            SqlText.Fixed(ConsoleSql.Payloads, run, first, last),
            row => chunks.Add(new StoredConsoleChunk(row.Int64(0), row.Blob(1).ToArray())), cancellationToken);
        return chunks;
    }
}
