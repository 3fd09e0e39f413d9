using System.Text.RegularExpressions;

namespace Runstone.Architecture.Tests;

/// <summary>What we know of other tools stays in one folder a vendor.</summary>
public sealed partial class VendorTests
{
    private const string Formats = "src/Runstone.Formats";
    private const string Compat = "src/Runstone.Server/Compat";
    private const string Registration = "src/Runstone.Server/Compat/CompatAdapters.cs";
    private const string Engines = "src/Runstone.Storage";

    private static readonly string[] Code = [".cs", ".csproj", ".ts", ".tsx", ".sql", ".css", ".html", ".json", ".sh", ".props"];

    /// <summary>Folders where any tool may be named: what people read, what tests send, what is measured.</summary>
    private static readonly string[] Open = ["docs", "tests", "bench", "examples", "web/e2e"];

    [Fact]
    public void A_vendor_is_named_only_in_its_folders() =>
        Repository.AssertNone("Vendor words stay in Formats/<Vendor> and Server/Compat/<Vendor>",
            from file in Repository.With(Code)
            where !Open.Any(folder => Repository.IsIn(file, folder)) && file is not Registration && !IsVendorFile(file) && !IsWebText(file)
            from line in Repository.Lines(file)
            let word = VendorWord().Match(WithoutAllowed(file, line.Text))
            where word.Success
            select $"{file}:{line.Number}: {word.Value}");

    [Fact]
    public void Vendor_folders_do_not_reference_each_other() =>
        Repository.AssertNone("A vendor folder knows only its own vendor", Crossings(Formats, "Runstone.Formats").Concat(Crossings(Compat, "Runstone.Server.Compat"))
            .Concat(Crossings(Compat, "Runstone.Formats")));

    [Fact]
    public void Engine_folders_do_not_reference_each_other() =>
        Repository.AssertNone("An engine knows only itself and the shared Sql folder", Crossings(Engines, "Runstone.Storage", "Sql"));

    /// <summary>Boundaries are found by namespace, so a namespace must be the folder; the SDK is one namespace for its users.</summary>
    [Fact]
    public void A_namespace_is_the_folder() =>
        Repository.AssertNone("A namespace is the path of its folder",
            from file in Repository.With(".cs")
            where Repository.IsIn(file, "src")
            let declared = NamespaceLine().Match(Repository.Text(file)).Groups["name"]
            where declared.Success && declared.Value is not "Runstone.Client"
            let expected = Path.GetDirectoryName(file)!["src/".Length..].Replace('/', '.')
            where !string.Equals(declared.Value, expected, StringComparison.Ordinal)
            select $"{file}: namespace {declared.Value}, expected {expected}");

    /// <summary>Files in one child folder that name the namespace of a sibling which is not shared.</summary>
    private static IEnumerable<string> Crossings(string parent, string root, params string[] shared)
    {
        var children = Repository.FoldersOf(parent);
        return from file in Repository.With(".cs")
               where Repository.IsIn(file, parent)
               let own = file[(parent.Length + 1)..].Split('/')[0]
               where children.Contains(own, StringComparer.Ordinal)
               let text = Repository.Text(file)
               from other in children
               where !string.Equals(other, own, StringComparison.Ordinal) && !shared.Contains(other, StringComparer.Ordinal)
               where Regex.IsMatch(text, $@"\b{Regex.Escape(root)}\.{Regex.Escape(other)}\b", RegexOptions.None, TimeSpan.FromSeconds(5))
               select $"{file}: names {root}.{other}";
    }

    private static bool IsVendorFile(string file) =>
        (Repository.IsIn(file, Formats) && file.Count(c => c == '/') > 2) || (Repository.IsIn(file, Compat) && file.Count(c => c == '/') > 3);

    /// <summary>The page names other tools where it tells people what to type, and in its tests.</summary>
    private static bool IsWebText(string file) =>
        Repository.IsIn(file, "web") && (Path.GetFileName(file).Contains("snippet", StringComparison.OrdinalIgnoreCase)
            || file.Contains(".test.", StringComparison.Ordinal));

    /// <summary>The line without the environment variable that the SDK and the command line understand besides their own.</summary>
    private static string WithoutAllowed(string file, string line) =>
        Repository.IsIn(file, "src/Runstone.Client") || Repository.IsIn(file, "src/Runstone.Cli")
            ? line.Replace("MLFLOW_TRACKING_URI", "", StringComparison.Ordinal)
            : line;

    [GeneratedRegex(@"mlflow|\bwandb|weights\s*(&|and|&amp;)\s*biases|clearml|\bneptune|\bcomet\b|\bcomet_?ml", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex VendorWord();

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex NamespaceLine();
}
