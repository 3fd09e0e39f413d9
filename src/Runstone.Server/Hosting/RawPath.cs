using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Runstone.Core.Errors;

namespace Runstone.Server.Hosting;

/// <summary>
/// Reads paths as the client sent them. The web server removes dot segments and decodes all but slashes, after which
/// <c>a%2Fb</c> and <c>a%252Fb</c> look alike and an attempt to leave a folder cannot be seen.
/// </summary>
internal static class RawPath
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The decoded path when it has a segment <c>.</c> or <c>..</c> however encoded; else null.</summary>
    public static string? FindDotSegment(string target)
    {
        var path = PathOf(target);
        if (!path.Contains('.') && !path.Contains('%'))
            return null;
        foreach (var range in path.SplitAny('/', '\\'))
        {
            var segment = path[range];
            if (segment.Length is > 0 and <= 6 && Uri.UnescapeDataString(segment.ToString()) is "." or "..")
                return Uri.UnescapeDataString(path.ToString());
        }

        return null;
    }

    /// <summary>
    /// What follows <paramref name="segments"/> segments of the path, percent-decoded once: for <c>/api/v1/runs/r/artifacts/a%20b/c</c>
    /// and 5 it is <c>a b/c</c>.
    /// </summary>
    public static string After(HttpContext context, int segments)
    {
        var path = PathOf(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
        for (var i = 0; i <= segments; i++)
        {
            var slash = path.IndexOf('/');
            if (slash < 0)
                return "";
            path = path[(slash + 1)..];
        }

        return Decode(path);
    }

    private static string Decode(ReadOnlySpan<char> path)
    {
        var bytes = new byte[Encoding.UTF8.GetMaxByteCount(path.Length)];
        var length = 0;
        for (var i = 0; i < path.Length; i++)
        {
            if (path[i] != '%')
                length += Encoding.UTF8.GetBytes(path.Slice(i, 1), bytes.AsSpan(length));
            else if (i + 2 < path.Length && byte.TryParse(path.Slice(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out bytes[length]))
                (i, length) = (i + 2, length + 1);
            else
                throw NotEncoded(path);
        }

        try
        {
            return Strict.GetString(bytes, 0, length);
        }
        catch (DecoderFallbackException)
        {
            throw NotEncoded(path);
        }
    }

    private static RunstoneException NotEncoded(ReadOnlySpan<char> path) =>
        new(Error.Invalid("path", $"The path '{path}' is not percent-encoded UTF-8."));

    private static ReadOnlySpan<char> PathOf(string target)
    {
        // Absolute form, as a proxy sends it: http://host/path.
        var start = target.StartsWith("http", StringComparison.OrdinalIgnoreCase) && target.IndexOf("://", StringComparison.Ordinal) is > 0 and var scheme
            ? target.IndexOf('/', scheme + 3) : 0;
        var path = start < 0 ? "/" : target.AsSpan(start);
        var end = path.IndexOfAny('?', '#');
        return end < 0 ? path : path[..end];
    }
}
