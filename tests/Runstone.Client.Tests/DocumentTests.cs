using System.Text.RegularExpressions;

namespace Runstone.Client.Tests;

/// <summary>Code in documents is code that compiles.</summary>
public sealed partial class DocumentTests
{
    [Fact]
    public void Every_sample_of_the_page_is_a_compiled_region()
    {
        var regions = Region().Matches(File.ReadAllText(Repository.PathOf("tests/Runstone.Client.Tests/DocumentedSample.cs")))
            .Select(m => Unindent(m.Groups["code"].Value)).ToList();
        var samples = Sample().Matches(File.ReadAllText(Repository.PathOf("docs/how-to/log-from-csharp.md")))
            .Select(m => m.Groups["code"].Value.TrimEnd()).ToList();
        Assert.NotEmpty(samples);
        Assert.Equal(regions, samples);
    }

    [Theory]
    [InlineData("docs/formats/client-outbox.md")]
    public void Sizes_in_the_format_are_those_of_the_code(string page)
    {
        var text = File.ReadAllText(Repository.PathOf(page));
        Assert.Contains($"{Client.Outbox.OutboxFormat.SegmentHeaderBytes}-byte header", text, StringComparison.Ordinal);
        Assert.Contains($"{Client.Outbox.OutboxFormat.RecordHeaderBytes}-byte header", text, StringComparison.Ordinal);
        Assert.Contains($"{Client.Outbox.PointPayload.Size} bytes", text, StringComparison.Ordinal);
        foreach (var type in Enum.GetValues<Client.Outbox.RecordType>())
            Assert.Contains($"| {(int)type} | {type} |", text, StringComparison.Ordinal);
    }

    private static string Unindent(string code)
    {
        var lines = code.TrimEnd().Split('\n');
        var indent = lines.Where(l => l.Trim().Length > 0).Min(l => l.Length - l.TrimStart().Length);
        return string.Join('\n', lines.Select(l => l.Length > indent ? l[indent..] : ""));
    }

    [GeneratedRegex(@"#region [\w-]+\n(?<code>.*?)#endregion", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Region();

    [GeneratedRegex(@"```csharp\n(?<code>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Sample();
}
