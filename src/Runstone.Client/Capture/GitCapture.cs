using System.Security.Cryptography;
using System.Text;
using Runstone.Protocol;

namespace Runstone.Client.Capture;

/// <summary>Reads the state of the git work tree around a folder by asking git.</summary>
internal static class GitCapture
{
    /// <summary>A larger diff is not kept; its absence shows in <see cref="GitState.DiffSha256"/> being null while dirty.</summary>
    public const int MaxDiffBytes = 4 * 1024 * 1024;

    private const int MaxTextBytes = 1024 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>The state and the diff against HEAD; nulls without git or outside a work tree, and a null diff when clean.</summary>
    public static async Task<(GitState? State, byte[]? Diff)> ReadAsync(string directory, CancellationToken cancellationToken)
    {
        var commit = await TextAsync(directory, cancellationToken, "rev-parse", "--verify", "HEAD");
        if (commit is null)
            return (null, null);
        var branch = await TextAsync(directory, cancellationToken, "symbolic-ref", "--quiet", "--short", "HEAD");
        var remote = await TextAsync(directory, cancellationToken, "config", "--get", "remote.origin.url");
        var status = await TextAsync(directory, cancellationToken, "status", "--porcelain", "--untracked-files=no");
        var dirty = !string.IsNullOrEmpty(status);
        var diff = dirty
            ? await GitAsync(directory, MaxDiffBytes, cancellationToken, "diff", "--no-ext-diff", "--no-textconv", "--no-color", "--binary", "HEAD")
            : null;
        var sha256 = diff is null ? null : Convert.ToHexStringLower(SHA256.HashData(diff));
        return (new GitState(commit, branch, remote is null ? null : SecretMasking.WithoutCredentials(remote), dirty, sha256), diff);
    }

    private static async Task<string?> TextAsync(string directory, CancellationToken cancellationToken, params string[] arguments)
    {
        var output = await GitAsync(directory, MaxTextBytes, cancellationToken, arguments);
        return output is null ? null : Encoding.UTF8.GetString(output).Trim();
    }

    // A repository may name a program to be run for watching files; it is not asked to.
    private static Task<byte[]?> GitAsync(string directory, int maxBytes, CancellationToken cancellationToken, params string[] arguments) =>
        ToolProcess.ReadAsync("git", ["-c", "core.fsmonitor=false", .. arguments], directory, Patience, maxBytes, cancellationToken);
}
