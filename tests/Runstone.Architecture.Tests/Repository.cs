using System.Reflection;

namespace Runstone.Architecture.Tests;

/// <summary>The hand-written files of the repository, by path relative to its root with forward slashes.</summary>
internal static class Repository
{
    private static readonly string[] NotOurs =
        ["bin", "obj", "artifacts", "node_modules", "dist", "wwwroot", "runstone-data", "TestResults", "BenchmarkDotNet.Artifacts"];

    public static string Root { get; } = typeof(Repository).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(a => string.Equals(a.Key, "RepositoryRoot", StringComparison.Ordinal)).Value!;

    /// <summary>All files but built, downloaded and generated ones.</summary>
    public static IReadOnlyList<string> Files { get; } =
        [.. Walk(new DirectoryInfo(Root)).Select(Relative).Where(f => !IsGenerated(f)).Order(StringComparer.Ordinal)];

    public static IEnumerable<string> With(params string[] extensions) =>
        Files.Where(f => extensions.Contains(Path.GetExtension(f), StringComparer.Ordinal));

    public static string FullPath(string file) => Path.Combine(Root, file);

    public static string Text(string file) => File.ReadAllText(FullPath(file));

    /// <summary>The lines of a file with their numbers from 1.</summary>
    public static IEnumerable<(int Number, string Text)> Lines(string file) =>
        File.ReadLines(FullPath(file)).Select((text, i) => (i + 1, text));

    /// <summary>True when the file lies in the folder ("src/Runstone.Core"), at any depth.</summary>
    public static bool IsIn(string file, string folder) => file.StartsWith(folder + "/", StringComparison.Ordinal);

    /// <summary>The names of the folders directly in a folder that hold files of ours.</summary>
    public static IReadOnlyList<string> FoldersOf(string folder) =>
        [.. Files.Where(f => IsIn(f, folder)).Select(f => f[(folder.Length + 1)..].Split('/'))
            .Where(parts => parts.Length > 1).Select(parts => parts[0]).Distinct(StringComparer.Ordinal)];

    /// <summary>Fails with every finding, one a line, when there are any.</summary>
    public static void AssertNone(string rule, IEnumerable<string> findings)
    {
        var list = findings.ToList();
        Assert.True(list.Count == 0, $"{rule} (ARCHITECTURE.md)\n  {string.Join("\n  ", list)}");
    }

    private static IEnumerable<FileInfo> Walk(DirectoryInfo folder)
    {
        foreach (var file in folder.EnumerateFiles())
            yield return file;
        foreach (var child in folder.EnumerateDirectories().Where(IsOurs))
        {
            foreach (var file in Walk(child))
                yield return file;
        }
    }

    private static bool IsOurs(DirectoryInfo folder) =>
        !NotOurs.Contains(folder.Name, StringComparer.Ordinal)
        && (!folder.Name.StartsWith('.') || string.Equals(folder.Name, ".ci", StringComparison.Ordinal))
        && folder.LinkTarget is null;

    private static bool IsGenerated(string file) =>
        file.EndsWith(".g.cs", StringComparison.Ordinal) || file.EndsWith(".gen.ts", StringComparison.Ordinal)
        || file.Contains("/generated/", StringComparison.Ordinal)
        || (file.EndsWith(".ts", StringComparison.Ordinal) && Lines(file).Take(3).Any(l => l.Text.Contains("auto-generated", StringComparison.Ordinal)));

    private static string Relative(FileInfo file) => Path.GetRelativePath(Root, file.FullName).Replace('\\', '/');
}
