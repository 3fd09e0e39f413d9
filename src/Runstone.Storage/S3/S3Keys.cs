using System.Globalization;
using System.Security.Cryptography;

namespace Runstone.Storage.S3;

/// <summary>The names of objects below a prefix (docs/formats/blobs-in-s3.md).</summary>
internal sealed class S3Keys(string prefix)
{
    private const int HashLength = 64;
    private const int IdLength = 32;

    /// <summary>The whole prefix, under which nothing of others lies.</summary>
    public string Root => prefix;

    public string Blobs { get; } = prefix + "blobs/";

    public string Incoming { get; } = prefix + "incoming/";

    public string Uploads { get; } = prefix + "uploads/";

    public string Blob(string sha256) => $"{Blobs}{sha256[..2]}/{sha256}";

    /// <summary>The hash that a key names; null when it is not the key of a blob.</summary>
    public string? HashOf(string key)
    {
        var name = key[(key.LastIndexOf('/') + 1)..];
        return IsHash(name) && key == Blob(name) ? name : null;
    }

    public string NewIncoming() => Incoming + NewId();

    public string Upload(string id) => $"{Uploads}{id}/";

    /// <summary>Stands as long as an upload through the server is open.</summary>
    public string Begun(string id) => Upload(id) + "begun";

    public string Part(string id, int number) => string.Create(CultureInfo.InvariantCulture, $"{Upload(id)}{number}");

    /// <summary>The content of a part that is too large for one request.</summary>
    public string NewPartContent(string id, int number) => $"{Part(id, number)}.{NewId()}";

    /// <summary>The one object of an upload past the server.</summary>
    public string Direct(string id) => Upload(id) + "whole";

    /// <summary>The upload that a key below <see cref="Uploads"/> belongs to; null when it is not one of ours.</summary>
    public string? UploadOf(string key)
    {
        if (!key.StartsWith(Uploads, StringComparison.Ordinal) || key.Length <= Uploads.Length + IdLength || key[Uploads.Length + IdLength] != '/')
            return null;
        var id = key.Substring(Uploads.Length, IdLength);
        return IsId(id) ? id : null;
    }

    public static string NewId() => RandomNumberGenerator.GetHexString(IdLength, lowercase: true);

    public static bool IsId(string text) => text.Length == IdLength && text.All(char.IsAsciiHexDigitLower);

    public static bool IsHash(string text) => text.Length == HashLength && text.All(char.IsAsciiHexDigitLower);
}
