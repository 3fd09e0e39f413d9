namespace Runstone.Server.Tests;

/// <summary>
/// Files too large or too foreign for the repository, in the folder <c>shared</c> beside it: recordings, data sets, tools. A test that needs
/// one is skipped where it is missing, except in CI.
/// </summary>
internal static class SharedFolder
{
    /// <summary>The address of a file or folder in it, which may be missing.</summary>
    public static string PathOf(params string[] parts)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Runstone.slnx")))
            folder = folder.Parent;
        return Path.GetFullPath(Path.Combine([folder?.FullName ?? ".", "..", "shared", .. parts]));
    }

    /// <summary>The address of a file or folder without which the test could test nothing.</summary>
    public static string Require(params string[] parts)
    {
        var path = PathOf(parts);
        if (Path.Exists(path))
            return path;
        var reason = $"{path} is missing; CONTRIBUTING.md says what the tests need.";
        Assert.SkipUnless(string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase), reason);
        Assert.Fail(reason);
        return path;
    }
}
