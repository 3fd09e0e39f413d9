using System.Globalization;
using System.Text.RegularExpressions;

namespace Runstone.Protocol.Tests;

/// <summary>The vectors in docs/formats/metric-batch.md are what the writer writes and the reader reads.</summary>
public sealed partial class MetricBatchDocumentTests
{
    [Fact]
    public void The_documented_vectors_are_true()
    {
        var vectors = Vector().Matches(File.ReadAllText(FindDocument()));
        Assert.Equal(4, vectors.Count);
        foreach (var groups in vectors.Select(v => v.Groups))
        {
            var batch = Batch(groups);
            var bytes = Convert.FromHexString(groups["bytes"].Value.Replace(" ", "", StringComparison.Ordinal).ReplaceLineEndings(""));
            Assert.Equal(Convert.ToHexString(bytes), Convert.ToHexString(batch.Write()));
            var read = SampleBatch.Read(bytes);
            Assert.Equal((batch.RunId, batch.Source, batch.Sequence), (read.RunId, read.Source, read.Sequence));
            Assert.Equal(batch.Keys, read.Keys);
            Assert.Equal(batch.Points, read.Points);
        }
    }

    private static SampleBatch Batch(GroupCollection groups)
    {
        var head = groups["head"].Value.Split(' ');
        var rows = groups["points"].Value.Split(';', StringSplitOptions.TrimEntries).Select(r => r.Split(' ')).ToArray();
        var keys = rows.Select(r => r[0]).Distinct(StringComparer.Ordinal).ToArray();
        return new SampleBatch(head[0], head[1], long.Parse(head[2], CultureInfo.InvariantCulture), keys, [.. rows.Select(r => Point(r, keys))])
        {
            NoSteps = rows.All(r => r[1] == "-"),
            NoTimes = rows.All(r => r[2] == "-"),
        };
    }

    /// <summary>"key step time value"; the step with its fraction as "whole+micros", and "-" for what is not there.</summary>
    private static SamplePoint Point(string[] parts, string[] keys)
    {
        var step = parts[1].Split('+');
        var (whole, micros) = parts[1] == "-" ? (0, -1)
            : (long.Parse(step[0], CultureInfo.InvariantCulture), step.Length > 1 ? int.Parse(step[1], CultureInfo.InvariantCulture) : 0);
        var time = parts[2] == "-" ? 0 : long.Parse(parts[2], CultureInfo.InvariantCulture);
        var value = double.Parse(parts[3], CultureInfo.InvariantCulture);
        return new SamplePoint(Array.IndexOf(keys, parts[0]), whole, micros, time, BitConverter.DoubleToInt64Bits(value));
    }

    private static string FindDocument()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Runstone.slnx")))
            folder = folder.Parent;
        return Path.Combine(folder!.FullName, "docs", "formats", "metric-batch.md");
    }

    [GeneratedRegex(@"^batch:  (?<head>[^\n]+)\npoints: (?<points>[^\n]+)\nbytes:  (?<bytes>[0-9A-F \n]+)\n```", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Vector();
}
