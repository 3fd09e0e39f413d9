using System.Text.RegularExpressions;

namespace Runstone.Architecture.Tests;

/// <summary>Documents point at what exists, and every page can be found.</summary>
public sealed partial class DocumentTests
{
    private static readonly IReadOnlyList<string> Pages = [.. Repository.With(".md")];

    [Fact]
    public void Every_relative_link_leads_somewhere() =>
        Repository.AssertNone("A link names a file of the repository",
            from page in Pages
            from link in LinksOf(page)
            let path = Repository.FullPath(link.Target)
            where !File.Exists(path) && !Directory.Exists(path)
            select $"{page}:{link.Line}: {link.Target}");

    [Fact]
    public void Every_anchor_is_a_heading() =>
        Repository.AssertNone("A link's anchor is a heading of the page",
            from page in Pages
            from link in LinksOf(page)
            where link.Anchor.Length > 0 && Pages.Contains(link.Target, StringComparer.Ordinal) && !AnchorsOf(link.Target).Contains(link.Anchor)
            select $"{page}:{link.Line}: {link.Target}#{link.Anchor}");

    [Fact]
    public void Every_path_in_code_style_exists() =>
        Repository.AssertNone("A path named in a document exists",
            from page in Pages
            from line in Repository.Lines(page)
            from Match match in NamedPath().Matches(line.Text)
            let path = Repository.FullPath(match.Groups["path"].Value)
            where !File.Exists(path) && !Directory.Exists(path)
            select $"{page}:{line.Number}: {match.Value}");

    [Fact]
    public void Every_page_of_the_docs_is_linked()
    {
        var linked = Pages.SelectMany(page => LinksOf(page).Select(l => l.Target).Where(t => !string.Equals(t, page, StringComparison.Ordinal)))
            .ToHashSet(StringComparer.Ordinal);
        Repository.AssertNone("Every page in docs/ is linked from another page; the index is docs/README.md",
            Pages.Where(p => Repository.IsIn(p, "docs") && p is not "docs/README.md" && !linked.Contains(p)));
    }

    private static IEnumerable<(int Line, string Target, string Anchor)> LinksOf(string page)
    {
        var fenced = false;
        foreach (var (number, text) in Repository.Lines(page))
        {
            if (text.TrimStart().StartsWith("```", StringComparison.Ordinal))
                fenced = !fenced;
            if (fenced)
                continue;
            foreach (Match match in Link().Matches(InlineCode().Replace(text, "")))
            {
                var parts = match.Groups["target"].Value.Split('#', 2);
                var target = parts[0].Length == 0 ? page : Resolve(page, Uri.UnescapeDataString(parts[0]));
                yield return (number, target, parts.ElementAtOrDefault(1) ?? "");
            }
        }
    }

    private static string Resolve(string page, string target) =>
        Path.GetRelativePath(Repository.Root, Path.GetFullPath(target, Path.GetDirectoryName(Repository.FullPath(page))!)).Replace('\\', '/');

    private static HashSet<string> AnchorsOf(string page) =>
        [.. Repository.Lines(page).Where(l => l.Text.StartsWith('#'))
            .Select(l => NotInAnchor().Replace(l.Text.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-'))];

    [GeneratedRegex(@"(?:\]\(|\b(?:src|href)="")(?<target>(?![a-z]+:)[^)\s""]+)", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Link();

    [GeneratedRegex(@"(?<quotes>`+).*?\k<quotes>", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex InlineCode();

    [GeneratedRegex(@"`(?<path>(src|tests|web|bench|docs|examples|eng)/[\w./-]*\w)/?`", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex NamedPath();

    [GeneratedRegex(@"[^\w\- ]", RegexOptions.None, 1000)]
    private static partial Regex NotInAnchor();
}
