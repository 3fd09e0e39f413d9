using System.Globalization;
using System.Security.Cryptography;
using Runstone.Core.Console;
using Runstone.Storage.Sql;

namespace Runstone.Storage.Administration;

/// <summary>Reads the consoles of runs: each chunk must fit its digest and its columns, follow the one before, and all together make what the console counts.</summary>
internal sealed class ConsoleCheck(SqlSession session, Findings findings) : IDisposable
{
    private const string Consoles =
        "select k.run_no, r.run_id, k.lines, k.bytes, k.open_line, k.open_chunks from console k join runs r on r.run_no = k.run_no where k.run_no >= @from and k.run_no <= @to";

    private const string Chunks =
        "select run_no, first_line, lines, bytes, payload, digest from console_chunk where run_no >= @from and run_no <= @to order by run_no, first_line";

    private const string LostAdvice = "These lines are lost here; restore the store from a backup.";

    private readonly ConsoleDecoder _decoder = new();

    /// <summary>Lines that were read.</summary>
    public long Lines { get; private set; }

    public async ValueTask RunAsync(long from, long to, CancellationToken cancellationToken)
    {
        var consoles = (await session.QueryAsync(
            SqlText.Fixed(Consoles, from, to),
            row => new Found(row.Text(1), row.Int64(2), row.Int64(3), row.Int64(4), row.Int64(5)) { RunNo = row.Int64(0) }, cancellationToken)).ToDictionary(c => c.RunNo);
        if (consoles.Count == 0)
            return;
        await session.VisitAsync(
            SqlText.Fixed(Chunks, from, to),
            row =>
            {
                // Chunks without a console are reported with the rows that belong to nothing.
                if (consoles.TryGetValue(row.Int64(0), out var console))
                    Check(console, row);
            },
            cancellationToken);
        foreach (var console in consoles.Values)
            Finish(console);
    }

    public void Dispose() => _decoder.Dispose();

    private void Check(Found console, SqlRow row)
    {
        var (first, lines, bytes) = (row.Int64(1), row.Int64(2), row.Int64(3));
        if (first != console.NextLine)
            Report(console, $"has line {first} where line {console.NextLine} belongs.", "Lines may be missing or shown twice; restore the store from a backup.");
        console.NextLine = first + lines;
        console.FoundBytes += bytes;
        if (first >= console.OpenLine)
            console.FoundOpen++;

        // Engines keep one blob of a row at a time.
        var payload = row.Blob(4).ToArray();
        if (!SHA256.HashData(payload).AsSpan().SequenceEqual(row.Blob(5)))
        {
            Report(console, $"has a chunk at line {first} that does not fit its digest.", LostAdvice);
            return;
        }

        try
        {
            _decoder.Decode(payload);
        }
        catch (InvalidDataException e)
        {
            Report(console, $"has a chunk at line {first} that cannot be read ({e.Message}).", LostAdvice);
            return;
        }

        Lines += _decoder.Lines;
        if ((_decoder.Lines, _decoder.Text.Length) != (lines, bytes))
        {
            Report(
                console, $"has a chunk at line {first} with {_decoder.Lines} lines of {_decoder.Text.Length} bytes, listed with {lines} of {bytes}.",
                "Lines may be shown under wrong numbers; restore the store from a backup.");
        }
    }

    private void Finish(Found console)
    {
        if (console.IsReported)
            return;
        if ((console.NextLine, console.FoundBytes) != (console.Lines, console.Bytes))
        {
            Report(
                console, $"counts {console.Lines} lines of {console.Bytes} bytes, and its chunks have {console.NextLine} of {console.FoundBytes}.",
                "Lines are missing at its end, or its counter is wrong; restore the store from a backup.");
        }
        else if (console.FoundOpen != console.OpenChunks)
        {
            Report(
                console, $"counts {console.OpenChunks} chunks that may be merged and has {console.FoundOpen}.",
                "No line is lost; its small chunks may not be merged, so that reading it takes longer.");
        }
    }

    private void Report(Found console, FormattableString what, string advice)
    {
        console.IsReported = true;
        findings.Add("run", $"The console of run {console.RunId} {what.ToString(CultureInfo.InvariantCulture)}", advice);
    }

    private sealed record Found(string RunId, long Lines, long Bytes, long OpenLine, long OpenChunks)
    {
        public long RunNo { get; init; }

        public long NextLine { get; set; }

        public long FoundBytes { get; set; }

        public long FoundOpen { get; set; }

        public bool IsReported { get; set; }
    }
}
