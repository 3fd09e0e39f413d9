using System.Globalization;
using System.Text.RegularExpressions;
using Runstone.Core.Metrics;

namespace Runstone.Core.Tests.Metrics;

/// <summary>The vectors in docs/formats/metric-log.md are what the encoder writes and the decoder reads.</summary>
public sealed partial class MetricLogDocumentTests
{
    [Fact]
    public void The_documented_vectors_are_true()
    {
        var vectors = Vector().Matches(File.ReadAllText(FindDocument()));
        Assert.Equal(4, vectors.Count);
        using var encoder = new MetricLogEncoder();
        using var decoder = new MetricLogDecoder();
        foreach (var groups in vectors.Select(v => v.Groups))
        {
            var points = groups["points"].Value.Split(';', StringSplitOptions.TrimEntries).Select(Point).ToList();
            var ids = points.Select(p => p.Id).Distinct().ToArray();
            var batch = points.Select(p => p.Point with { Key = Array.IndexOf(ids, p.Id) }).ToArray();
            var bytes = Convert.FromHexString(groups["bytes"].Value.Replace(" ", "", StringComparison.Ordinal));

            Assert.Equal(Convert.ToHexString(bytes), Convert.ToHexString(encoder.Encode(ids, batch)));
            decoder.Decode(bytes);
            Assert.Equal(points.Select(p => (p.Id, p.Point.Step, p.Point.Time, p.Point.Value)), Read(decoder));
        }
    }

    private static List<(long Id, Step Step, long Time, double Value)> Read(MetricLogDecoder decoder)
    {
        var points = new List<(long, Step, long, double)>();
        foreach (var point in decoder.Points)
            points.Add((decoder.KeyIds[point.Key], point.Step, point.Time, point.Value));
        return points;
    }

    /// <summary>"key step time value", the step with its fraction as "whole+micros".</summary>
    private static (long Id, MetricPoint Point) Point(string text)
    {
        var parts = text.Split(' ');
        var step = parts[1].Split('+');
        var micros = step.Length > 1 ? int.Parse(step[1], CultureInfo.InvariantCulture) : 0;
        return (long.Parse(parts[0], CultureInfo.InvariantCulture), new MetricPoint(
            0, new Step(long.Parse(step[0], CultureInfo.InvariantCulture), micros), long.Parse(parts[2], CultureInfo.InvariantCulture),
            double.Parse(parts[3], CultureInfo.InvariantCulture)));
    }

    private static string FindDocument()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Runstone.slnx")))
            folder = folder.Parent;
        return Path.Combine(folder!.FullName, "docs", "formats", "metric-log.md");
    }

    [GeneratedRegex(@"^points: (?<points>[^\n]+)\nbytes:  (?<bytes>[0-9A-F ]+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Vector();
}
