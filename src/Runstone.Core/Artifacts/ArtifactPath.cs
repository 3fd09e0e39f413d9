using System.Text;
using Runstone.Core.Errors;

namespace Runstone.Core.Artifacts;

/// <summary>
/// The grammar of artifact paths: 1 to 1,024 bytes of UTF-8; segments of 1 to 255 bytes between single slashes; no segment is
/// <c>.</c> or <c>..</c>; no backslash, no control character, no drive letter. A path that passes is its own normal form.
/// </summary>
public static class ArtifactPath
{
    public const int MaxBytes = 1024;
    public const int MaxSegmentBytes = 255;

    /// <summary>The reason why the path is not acceptable; null when it is. The empty path is acceptable as a folder only.</summary>
    public static Error? Check(string path, bool folder = false, string field = "path")
    {
        if (path.Length == 0)
            return folder ? null : Error.Invalid(field, "The artifact path is empty.");
        if (Encoding.UTF8.GetByteCount(path) > MaxBytes)
            return new Error(ErrorCode.TooLarge, $"The artifact path is longer than {MaxBytes} bytes.", field);
        if (path[0] == '/')
            return Rejected(path, field, "it is absolute");
        if (path.Length > 1 && path[1] == ':' && char.IsAsciiLetter(path[0]))
            return Rejected(path, field, "it starts with a drive letter");
        foreach (var c in path)
        {
            if (c == '\\')
                return Rejected(path, field, "it contains a backslash");
            if (char.IsControl(c))
                return Rejected(path, field, $"it contains the control character U+{(int)c:X4}");
        }

        foreach (var range in path.AsSpan().Split('/'))
        {
            var segment = path.AsSpan(range);
            if (segment.Length == 0)
                return Rejected(path, field, "it has an empty segment");
            if (segment is "." or "..")
                return Rejected(path, field, $"the segment '{segment}' is not allowed");
            if (Encoding.UTF8.GetByteCount(segment) > MaxSegmentBytes)
                return new Error(ErrorCode.TooLarge, $"A segment of the artifact path is longer than {MaxSegmentBytes} bytes.", field);
        }

        return null;
    }

    /// <summary>Returns the path or throws <see cref="RunstoneException"/> with the reason.</summary>
    public static string Require(string path, bool folder = false, string field = "path") =>
        Check(path, folder, field) is { } error ? throw new RunstoneException(error) : path;

    private static Error Rejected(string path, string field, string reason)
    {
        var shown = new string([.. path.Take(200).Select(c => char.IsControl(c) ? '\uFFFD' : c)]);
        return Error.Invalid(field, $"The artifact path '{shown}' is not allowed: {reason}. Use a relative path with '/' between names.");
    }
}
