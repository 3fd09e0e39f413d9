using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Runstone.Client.Media;

/// <summary>Where the file of an item goes: <c>media/&lt;key&gt;/&lt;step&gt;-&lt;eight digits&gt;.&lt;extension&gt;</c>.</summary>
internal static class MediaPath
{
    private const int MaxSegmentBytes = 200;
    private const int MaxKeyBytes = 800;

    public static string Of(string key, decimal step, string extension)
    {
        var folder = string.Join('/', key.Split('/').Select(Segment));
        if (Encoding.UTF8.GetByteCount(folder) > MaxKeyBytes)
            folder = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
        var suffix = new string([.. extension.TrimStart('.').Where(char.IsAsciiLetterOrDigit).Take(16)]);
        return string.Create(CultureInfo.InvariantCulture, $"media/{folder}/{step}-{RandomNumberGenerator.GetHexString(8, lowercase: true)}{(suffix.Length == 0 ? "" : ".")}{suffix}");
    }

    /// <summary>A part of the key that the server takes as a name.</summary>
    private static string Segment(string part)
    {
        var name = new string([.. part.Select(c => c is '\\' or ':' || char.IsControl(c) || char.IsSurrogate(c) ? '_' : c)]);
        if (name is "" or "." or "..")
            return "_";
        return Encoding.UTF8.GetByteCount(name) <= MaxSegmentBytes ? name : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(part)));
    }
}
