using System.Text.RegularExpressions;

namespace Runstone.Architecture.Tests;

/// <summary>Size, names and honesty of the source text.</summary>
public sealed partial class SourceTests
{
    private const int MaxLines = 500;

    private static readonly string[] HandWritten = [".cs", ".ts", ".tsx", ".js", ".mjs", ".sql", ".sh", ".css"];

    [Fact]
    public void No_file_is_longer_than_500_lines() =>
        Repository.AssertNone($"A hand-written file has at most {MaxLines} lines",
            from file in Repository.With(HandWritten)
            let lines = Repository.Lines(file).Count()
            where lines > MaxLines
            select $"{file}: {lines} lines");

    [Fact]
    public void No_file_or_folder_has_an_empty_name() =>
        Repository.AssertNone("No Utils, Helpers, Manager, Common, Base*",
            from file in Repository.With(HandWritten)
            from part in file.Split('/')
            where EmptyFileName().IsMatch(part)
            select file);

    [Fact]
    public void No_type_has_an_empty_name() =>
        Repository.AssertNone("No Utils, Helpers, Manager, Common, Base*",
            from file in Repository.With(".cs", ".ts", ".tsx")
            where !IsThisProject(file)
            from line in Repository.Lines(file)
            let type = EmptyTypeName().Match(line.Text)
            where type.Success
            select $"{file}:{line.Number}: {type.Value}");

    [Fact]
    public void Nothing_is_left_for_later() =>
        Repository.AssertNone("No TODO, FIXME, HACK, XXX, NotImplementedException",
            from file in Repository.With([.. HandWritten, ".csproj", ".props", ".slnx"])
            where !IsThisProject(file)
            from line in Repository.Lines(file)
            let mark = LeftForLater().Match(line.Text)
            where mark.Success
            select $"{file}:{line.Number}: {mark.Value}");

    [Fact]
    public void No_test_is_skipped_or_run_alone() =>
        Repository.AssertNone("Tests run, all of them, always",
            from file in Repository.With(".cs", ".ts", ".tsx", ".mjs")
            where !IsThisProject(file) && (Repository.IsIn(file, "tests") || Repository.IsIn(file, "web"))
            from line in Repository.Lines(file)
            let mark = SkippedTest().Match(line.Text)
            where mark.Success
            select $"{file}:{line.Number}: {mark.Value}");

    private static bool IsThisProject(string file) => Repository.IsIn(file, "tests/Runstone.Architecture.Tests");

    [GeneratedRegex(@"^((.*[a-z0-9])?(Utils?|Helpers?|Managers?)|Common|Base([A-Z].*)?|utils?|helpers?|common)(\.\w+)?(\.\w+)*$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex EmptyFileName();

    [GeneratedRegex(@"\b(class|record|struct|interface|enum)\s+(\w*(Utils?|Helpers?|Managers?)|Common|Base([A-Z]\w*)?)\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex EmptyTypeName();

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX)\b|NotImplementedException", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex LeftForLater();

    [GeneratedRegex(@"\[(Fact|Theory)\([^)]*\bSkip\b|\b(it|test|describe)\.(skip|only|todo)\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SkippedTest();
}
