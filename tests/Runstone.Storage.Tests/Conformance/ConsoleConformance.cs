using System.Globalization;
using CsCheck;
using Microsoft.Extensions.Logging.Abstractions;
using Runstone.Core.Console;
using Runstone.Core.Experiments;
using Runstone.Core.Ingest;
using Runstone.Core.Runs;

namespace Runstone.Storage.Tests.Conformance;

/// <summary>What every engine promises as <see cref="IConsoleStore"/>, and as <see cref="IIngestStore"/> about consoles.</summary>
public abstract class ConsoleConformance : StoreConformance
{
    private int _round;

    [Fact]
    public async Task Lines_are_numbered_as_their_batches_took_effect()
    {
        await WriteAsync(Create("r"));
        Assert.Equal((0, 0), await SizeAsync("r"));
        Assert.Empty(await FirstLinesAsync(0, 100));
        Assert.Null(await Store.Consoles.ReadAsync("nobody", 0, 100, Token));

        // In one group, with another run between, and in the next one.
        await CommitAsync(Append("r", "one ☃"), Append("r", "two", ""), Create("s"), Append("s", "other"), Append("r", "four"));
        await WriteAsync(Append("r", "five"));
        Assert.Equal("one ☃|two||four|five", await LinesAsync("r"));
        Assert.Equal("other", await LinesAsync("s"));
        Assert.Equal((5, 8 + 4 + 1 + 5 + 5), await SizeAsync("r"));
    }

    [Fact]
    public async Task A_batch_with_a_known_number_adds_nothing_and_a_refused_one_neither()
    {
        await WriteAsync(Create("r"));
        var batch = Append("r", "once") with { Sequence = new BatchSequence("c", 4) };
        Assert.False((await CommitAsync(batch))[0].Replayed);
        Assert.Equal([true, true], (await CommitAsync(batch, Append("r", "earlier") with { Sequence = new BatchSequence("c", 3) })).Select(o => o.Replayed));
        await WriteAsync(new IngestBatch("r") { Patch = new RunPatch { Status = RunStatus.Finished } });
        await RefusedAsync<RunEnded>(Append("r", "late") with { RejectWhenEnded = true });
        await RefusedAsync<RunNotFound>(Append("nobody", "x"));
        await WriteAsync(new IngestBatch("r") { Patch = new RunPatch { Lifecycle = Lifecycle.Deleted } });
        await RefusedAsync<RunNotActive>(Append("r", "x") with { Patch = new RunPatch { Lifecycle = Lifecycle.Active } });
        Assert.Equal("once", await LinesAsync("r"));
    }

    [Fact]
    public async Task A_run_may_be_made_with_its_first_lines()
    {
        await WriteAsync(Create("r") with { Console = ConsoleEncoder.Append([new(7, ConsoleStream.Err, "x")]), Metrics = Points(("m", 1, 1, 1)) });
        Assert.Equal("x", await LinesAsync("r"));
        Assert.Equal([1], await Store.Numbers("select lines from console"));
    }

    [Fact]
    public async Task What_has_no_room_is_refused_as_a_whole()
    {
        await WriteAsync(Create("r"));
        await WriteAsync(Append("r", "a"));
        await Store.Execute(string.Create(CultureInfo.InvariantCulture, $"update console set bytes = {ConsoleLimits.MaxBytes - 4}"));
        var outcomes = await CommitAsync(Append("r", "b"), Append("r", "c") with { Tags = [new("t", "v")] }, Append("r", "d"));
        Assert.Equal([true, true, false], outcomes.Select(o => o.Error is null));
        Assert.Equal(new ConsoleFull("r", ConsoleLimits.MaxBytes), outcomes[2].Error);
        Assert.Equal("a|b|c", await LinesAsync("r"));
    }

    [Fact]
    public async Task A_part_begins_with_the_chunk_of_its_first_line_and_has_about_as_much_as_asked_for()
    {
        await WriteAsync(Create("r"));
        for (var i = 0; i < 10; i++)
            await WriteAsync(Append("r", $"{i}a", $"{i}b"));
        Assert.Equal([4L, 6, 8], await FirstLinesAsync(from: 5, maxBytes: 13));
        Assert.Equal([18L], await FirstLinesAsync(from: 19, maxBytes: 1));
        Assert.Equal([16L, 18], await FirstLinesAsync(from: -4, maxBytes: 100));
        Assert.Equal([0L], await FirstLinesAsync(from: -100, maxBytes: 1));
        Assert.Empty(await FirstLinesAsync(from: 20, maxBytes: 100));
    }

    [Fact]
    public async Task Many_small_chunks_become_few_and_the_last_one_takes_what_comes_later()
    {
        await WriteAsync(Create("r"));
        for (var i = 0; i < ConsoleMerger.Enough - 1; i++)
            await WriteAsync(Append("r", $"line {i}"));
        await MergeAsync();
        Assert.Equal(ConsoleMerger.Enough - 1, (await FirstLinesAsync(0, 1 << 20)).Count);

        await WriteAsync(Append("r", "line 15"));
        await MergeAsync();
        Assert.Equal([0L], await FirstLinesAsync(0, 1 << 20));
        Assert.Empty(await Store.Consoles.ListOpenAsync(2, long.MinValue, 10, Token));

        // Two chunks of a run that goes on are left; of one that ended they are merged.
        await WriteAsync(Append("r", "line 16"));
        await MergeAsync();
        Assert.Equal([0L, 16], await FirstLinesAsync(0, 1 << 20));
        await WriteAsync(new IngestBatch("r") { Patch = new RunPatch { Status = RunStatus.Finished } });
        await MergeAsync();
        Assert.Equal([0L], await FirstLinesAsync(0, 1 << 20));
        Assert.Equal(string.Join('|', Enumerable.Range(0, 17).Select(i => $"line {i}")), await LinesAsync("r"));
    }

    [Fact]
    public async Task Of_two_who_merge_the_same_one_does()
    {
        await WriteAsync(Create("r"));
        await WriteAsync(Append("r", "a"));
        await WriteAsync(Append("r", "b"));
        var seen = Assert.Single(await Store.Consoles.ListOpenAsync(2, long.MinValue, 10, Token));
        Assert.Equal(("r", 0, 2, 0), (seen.RunId, seen.OpenLine, seen.OpenChunks, seen.Merges));
        Assert.Empty(await Store.Consoles.ListOpenAsync(3, long.MinValue, 10, Token));
        Assert.Empty(await Store.Consoles.ListOpenAsync(2, seen.RunNo, 10, Token));
        var merge = new ConsoleMerge(2, ConsoleEncoder.Append([new(1, ConsoleStream.Out, "a"), new(2, ConsoleStream.Out, "b")]).Chunks, LastIsOpen: false);
        Assert.Equal(seen with { OpenLine = 2, OpenChunks = 0, Merges = 1 }, await Store.Consoles.MergeAsync(seen, merge, Token));
        Assert.Null(await Store.Consoles.MergeAsync(seen, merge, Token));
        Assert.Equal("a|b", await LinesAsync("r"));
    }

    [Fact]
    public async Task Merging_between_any_appends_changes_no_line()
    {
        var line = Gen.Select(Gen.Int[0, 3], Gen.Bool, (size, err) => (Size: size switch { 0 => 0, 1 => 7, 2 => 3000, _ => 60_000 }, Err: err));
        await Gen.Select(line.Array[1, 4], Gen.Int[0, 9]).Array[1, 60].SampleAsync(
            async appends =>
            {
                var run = string.Create(CultureInfo.InvariantCulture, $"p{_round++}");
                await WriteAsync(Create(run));
                var expected = new List<ConsoleLine>();
                foreach (var (sizes, merge) in appends)
                {
                    var lines = sizes.Select((s, i) => new ConsoleLine(expected.Count + i, s.Err ? ConsoleStream.Err : ConsoleStream.Out, new string((char)('a' + (i % 26)), s.Size))).ToList();
                    expected.AddRange(lines);
                    await WriteAsync(new IngestBatch(run) { Console = ConsoleEncoder.Append(lines) });
                    if (merge == 0)
                        await MergeAsync();
                }

                Assert.Equal(expected, await ReadAsync(run));
            },
            iter: 10, threads: 1);
    }

    private static IngestBatch Append(string run, params string[] lines) =>
        new(run) { Console = ConsoleEncoder.Append([.. lines.Select((l, i) => new ConsoleLine(Now + i, ConsoleStream.Out, l))]) };

    private Task MergeAsync() => new ConsoleMerger(Store.Consoles, NullLogger<ConsoleMerger>.Instance).RunAsync(Token);

    private async Task<List<long>> FirstLinesAsync(long from, int maxBytes) =>
        [.. (await Store.Consoles.ReadAsync("r", from, maxBytes, Token))!.Chunks.Select(c => c.FirstLine)];

    private async Task<(long Lines, long Bytes)> SizeAsync(string run) => await Store.Consoles.ReadAsync(run, 0, 1, Token) is { } read ? (read.Lines, read.Bytes) : (-1, -1);

    private async Task<string> LinesAsync(string run) => string.Join('|', (await ReadAsync(run)).Select(l => l.Text));

    /// <summary>All lines, read part by part.</summary>
    private async Task<List<ConsoleLine>> ReadAsync(string run)
    {
        var lines = new List<ConsoleLine>();
        using var decoder = new ConsoleDecoder();
        while (true)
        {
            var part = (await Store.Consoles.ReadAsync(run, lines.Count, 1000, Token))!;
            foreach (var chunk in part.Chunks)
            {
                Assert.Equal(lines.Count, chunk.FirstLine);
                decoder.Decode(chunk.Payload.Span);
                decoder.Visit(0, (i, text) =>
                {
                    lines.Add(decoder.Line(i, text));
                    return true;
                });
            }

            if (lines.Count == part.Lines)
                return lines;
        }
    }
}
