namespace Runstone.Core.Metrics.Chunks;

/// <summary>Writes the summary of a chunk: docs/formats/metric-chunk.md, "Summary".</summary>
internal sealed class SummaryWriter
{
    public const byte TimesAscend = 1;
    public const byte RanksAscend = 2;

    private readonly ChunkWriter _writer = new();
    private readonly BlockFigures _blocks = new(ChunkEncoder.MaxPoints / ChunkEncoder.BlockPoints);

    /// <summary>The result is valid until the next call.</summary>
    public ReadOnlySpan<byte> Write(SeriesPoints points, int start, int count)
    {
        var times = points.Times.Slice(start, count);
        var ranks = points.Ranks.Slice(start, count);
        var (timesAscend, timeMin, timeMax) = Range(times);
        var (ranksAscend, rankMin, rankMax) = Range(ranks);
        var blocks = Summarize(points, start, count);

        _writer.Begin(ChunkFormat.SummaryKind);
        _writer.Varint((ulong)count);
        _writer.Byte((byte)((timesAscend ? TimesAscend : 0) | (ranksAscend ? RanksAscend : 0)));
        _writer.ZigZag(timeMin);
        _writer.Varint(unchecked((ulong)(timeMax - timeMin)));
        _writer.ZigZag(rankMin);
        _writer.Varint(unchecked((ulong)(rankMax - rankMin)));
        _writer.Varint(unchecked((ulong)(times[^1] - timeMin)));
        var last = points[start + count - 1].Step;
        _writer.ZigZag(last.Whole);
        _writer.Varint((ulong)last.Micros);
        _blocks.Write(_writer, blocks);
        return _writer.End();
    }

    private int Summarize(SeriesPoints points, int start, int count)
    {
        var values = points.Values.Slice(start, count);
        var block = 0;
        for (var at = 0; at < count; at += ChunkEncoder.BlockPoints, block++)
        {
            var first = points[start + at];
            (_blocks.StepsColumn[block], _blocks.TimesColumn[block]) = (first.Step, first.Time);
            BlockSummarizer.Summarize(values.Slice(at, Math.Min(ChunkEncoder.BlockPoints, count - at)), _blocks, block);
        }

        return block;
    }

    private static (bool Ascend, long Min, long Max) Range(ReadOnlySpan<long> numbers)
    {
        var (ascend, min, max, previous) = (true, numbers[0], numbers[0], numbers[0]);
        foreach (var number in numbers)
        {
            ascend &= number >= previous;
            min = Math.Min(min, number);
            max = Math.Max(max, number);
            previous = number;
        }

        return (ascend, min, max);
    }
}
