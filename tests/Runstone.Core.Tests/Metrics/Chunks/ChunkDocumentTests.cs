using System.Globalization;
using System.Text.RegularExpressions;
using Runstone.Core.Metrics;
using Runstone.Core.Metrics.Chunks;

namespace Runstone.Core.Tests.Metrics.Chunks;

/// <summary>The vectors in docs/formats/metric-chunk.md are what is written and read.</summary>
public sealed partial class ChunkDocumentTests
{
    private readonly string _page = File.ReadAllText(FindDocument());

    [Fact]
    public void The_documented_chunks_and_summaries_are_true()
    {
        var vectors = ChunkVector().Matches(_page);
        Assert.Equal(7, vectors.Count);
        using var encoder = new ChunkEncoder();
        using var decoder = new ChunkDecoder();
        foreach (var groups in vectors.Select(v => v.Groups))
        {
            var points = Points(groups["points"].Value);
            var chunk = encoder.Encode(points, 0, points.Count);

            AssertHex(groups["chunk"].Value, chunk.Payload);
            AssertHex(groups["summary"].Value, chunk.Summary);
            var read = new SeriesPoints();
            decoder.Decode(Bytes(groups["chunk"].Value), read);
            ChunkGens.AssertSame(points, read);
            Assert.Equal(points.Count, ChunkSummary.Read(Bytes(groups["summary"].Value)).Count);
        }
    }

    [Fact]
    public void The_documented_chunk_with_compressed_sections_is_read()
    {
        var read = new SeriesPoints();
        using var decoder = new ChunkDecoder();
        decoder.Decode(Bytes(Assert.Single(FormulaVector().Matches(_page)).Groups["chunk"].Value), read);

        ChunkGens.AssertSame(ChunkGens.Make(100, i => 10 * i, _ => 0, i => (1000 * i) + (i * i % 7) + (i < 50 ? 0 : 1_000_000), i => i * i % 11 / 4.0, i => i), read);
    }

    [Fact]
    public void The_documented_pack_is_true()
    {
        var groups = Assert.Single(PackVector().Matches(_page)).Groups;
        var series = groups["series"].Value.Split('|', StringSplitOptions.TrimEntries)
            .Select(s => s.Split(':', 2)).Select(s => (long.Parse(s[0], CultureInfo.InvariantCulture), Points(s[1].Trim()))).ToList();
        using var encoder = new ChunkEncoder();
        using var decoder = new ChunkDecoder();

        AssertHex(groups["pack"].Value, encoder.EncodePack(series));
        foreach (var (id, points) in series)
        {
            var read = new SeriesPoints();
            Assert.True(decoder.DecodePack(Bytes(groups["pack"].Value), id, read));
            ChunkGens.AssertSame(points, read);
        }
    }

    [Fact]
    public void The_documented_rollup_is_true()
    {
        var groups = Assert.Single(RollupVector().Matches(_page)).Groups;
        var vectors = ChunkVector().Matches(_page);
        var chunks = groups["chunks"].Value.Split(';', StringSplitOptions.TrimEntries).Select(c => c.Split(' '))
            .Select(c => (long.Parse(c[0], CultureInfo.InvariantCulture), ChunkSummary.Read(Bytes(vectors[int.Parse(c[1], CultureInfo.InvariantCulture) - 1].Groups["summary"].Value))))
            .ToList();

        AssertHex(groups["rollup"].Value, ChunkRollup.Encode(chunks));
        Assert.Equal(chunks.Select(c => c.Item1), ChunkRollup.Read(Bytes(groups["rollup"].Value)).Nos.ToArray());
    }

    private static void AssertHex(string expected, ReadOnlySpan<byte> bytes)
    {
        var actual = string.Join(' ', Convert.ToHexString(bytes).Chunk(2).Select(c => new string(c)));
        Assert.True(expected == actual, $"The page has\n{expected}\nthe program\n{actual}");
    }

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));

    /// <summary>"rank step time value; ...", the step with its fraction as "whole+micros".</summary>
    private static SeriesPoints Points(string text)
    {
        var points = new SeriesPoints();
        foreach (var point in text.Split(';', StringSplitOptions.TrimEntries))
        {
            var parts = point.Split(' ');
            var step = parts[1].Split('+');
            var micros = step.Length > 1 ? int.Parse(step[1], CultureInfo.InvariantCulture) : 0;
            points.Add(
                new SeriesPoint(
                    new Step(long.Parse(step[0], CultureInfo.InvariantCulture), micros), long.Parse(parts[2], CultureInfo.InvariantCulture),
                    double.Parse(parts[3], CultureInfo.InvariantCulture)),
                long.Parse(parts[0], CultureInfo.InvariantCulture));
        }

        return points;
    }

    private static string FindDocument()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Runstone.slnx")))
            folder = folder.Parent;
        return Path.Combine(folder!.FullName, "docs", "formats", "metric-chunk.md");
    }

    [GeneratedRegex(@"^points:  (?<points>[^\n]+)\nchunk:   (?<chunk>[0-9A-F ]+)\nsummary: (?<summary>[0-9A-F ]+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ChunkVector();

    [GeneratedRegex(@"^formula: [^\n]+\nchunk:   (?<chunk>[0-9A-F ]+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex FormulaVector();

    [GeneratedRegex(@"^series:  (?<series>[^\n]+)\npack:    (?<pack>[0-9A-F ]+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex PackVector();

    [GeneratedRegex(@"^chunks:  (?<chunks>[^\n]+)\nrollup:  (?<rollup>[0-9A-F ]+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex RollupVector();
}
