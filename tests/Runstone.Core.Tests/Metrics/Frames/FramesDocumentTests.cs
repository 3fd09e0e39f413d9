using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Runstone.Core.Metrics;
using Runstone.Core.Metrics.Frames;
using Runstone.Core.Metrics.Reading;

namespace Runstone.Core.Tests.Metrics.Frames;

/// <summary>The vectors in docs/formats/metric-frames.md are what is written.</summary>
public sealed partial class FramesDocumentTests
{
    [Fact]
    public void The_documented_vectors_are_true()
    {
        var vectors = Vector().Matches(File.ReadAllText(FindDocument()));
        Assert.Equal(4, vectors.Count);
        foreach (var groups in vectors.Select(v => v.Groups))
        {
            var lines = groups["lines"].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            var written = new ArrayBufferWriter<byte>();
            if (lines[0].StartsWith("frame:", StringComparison.Ordinal))
                WriteFrames(written, lines);
            else if (lines[0].StartsWith("group:", StringComparison.Ordinal))
                WriteGroups(written, lines);
            else
                WritePoints(written, lines);

            Assert.Equal(Regex.Replace(groups["bytes"].Value, @"\s", "", RegexOptions.None, TimeSpan.FromSeconds(1)), Convert.ToHexString(written.WrittenSpan));
        }
    }

    private static void WriteFrames(ArrayBufferWriter<byte> into, string[] lines)
    {
        FramesFormat.WriteHeader(into, lines.Length);
        foreach (var line in lines)
        {
            var columns = line["frame: ".Length..].Split(';', StringSplitOptions.TrimEntries).Select(c => c.Split(' ')).ToDictionary(c => c[0], c => c[1..].Select(Number).ToArray(), StringComparer.Ordinal);
            var exact = columns.TryGetValue("exact", out var points);
            FramesFormat.WriteFrame(into, new SeriesFrame(
                exact, (long)(points ?? columns["buckets"])[0], columns["x"], Column("min"), Column("max"), Column("mean"), Column("first"), columns["last"],
                [.. Column("count").Select(c => (int)c)]));

            double[] Column(string name) => columns.GetValueOrDefault(name) ?? [];
        }
    }

    private static void WriteGroups(ArrayBufferWriter<byte> into, string[] lines)
    {
        var groups = lines.Select(l => l["group: ".Length..].Split(';', StringSplitOptions.TrimEntries).Select(c => c.Split(' ')).ToDictionary(c => c[0], c => c[1..], StringComparer.Ordinal)).ToArray();
        var (shared, runs) = (groups[0], groups.Sum(g => (int)Number(g["runs"][0])));
        var frames = new GroupFrames(Number(shared["from"][0]), Number(shared["to"][0]), Column(shared, "x"), [.. groups.Select(g => new GroupFrame(
            (int)Number(g["drawn"][0]), Column(g, "mean"), Column(g, "deviation"), Column(g, "min"), Column(g, "max"), [.. Column(g, "count").Select(c => (int)c)]))]);
        GroupsFormat.WriteHeader(into, frames, runs, complete: true);
        for (var i = 0; i < groups.Length; i++)
            GroupsFormat.WriteGroup(into, frames.Groups[i], (int)Number(groups[i]["runs"][0]), Encoding.UTF8.GetBytes(groups[i].GetValueOrDefault("by")?[0] ?? ""));

        static double[] Column(Dictionary<string, string[]> group, string name) => [.. group[name].Select(Number)];
    }

    private static void WritePoints(ArrayBufferWriter<byte> into, string[] lines)
    {
        var format = new PointsFormat();
        PointsFormat.WriteHeader(into);
        foreach (var line in lines.Where(l => l.StartsWith("points: ", StringComparison.Ordinal)))
            format.WriteBlock(into, [.. line["points: ".Length..].Split(';', StringSplitOptions.TrimEntries).Select(Point)]);
        PointsFormat.WriteEnd(into, Encoding.ASCII.GetBytes(lines[^1]["token:".Length..].Trim()));
    }

    /// <summary>"step time value", the step with its fraction as "whole+micros".</summary>
    private static SeriesPoint Point(string text)
    {
        var parts = text.Split(' ');
        var step = parts[0].Split('+').Select(p => long.Parse(p, CultureInfo.InvariantCulture)).ToArray();
        return new SeriesPoint(new Step(step[0], step.Length > 1 ? (int)step[1] : 0), long.Parse(parts[1], CultureInfo.InvariantCulture), Number(parts[2]));
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static string FindDocument()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Runstone.slnx")))
            folder = folder.Parent;
        return Path.Combine(folder!.FullName, "docs", "formats", "metric-frames.md");
    }

    [GeneratedRegex(@"^```\n(?<lines>((frame|group|points|token): [^\n]+\n)+)bytes: (?<bytes>[0-9A-F\s]+)```$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Vector();
}
