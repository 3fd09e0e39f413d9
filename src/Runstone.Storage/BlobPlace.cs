using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Runstone.Storage;

/// <summary>Where the content of files is kept: a folder, or a bucket of an S3-compatible store.</summary>
public sealed partial record BlobPlace
{
    private const string Scheme = "s3://";
    private const int MaxPrefix = 512;

    private BlobPlace()
    {
    }

    /// <summary>The path as it was given; null for a bucket.</summary>
    public string? Folder { get; private init; }

    /// <summary>The name of the bucket; null for a folder.</summary>
    public string? Bucket { get; private init; }

    /// <summary>What all names in the bucket begin with, without a slash at either end; "" for none.</summary>
    public string Prefix { get; private init; } = "";

    /// <summary>The place; null with a sentence about what is wrong, which does not quote the text.</summary>
    public static BlobPlace? Parse(string text, [NotNullWhen(false)] out string? fault)
    {
        var bucket = text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase);
        fault = bucket ? FaultOfBucket(text[Scheme.Length..]) : FaultOfFolder(text);
        if (fault is not null)
            return null;
        if (!bucket)
            return new BlobPlace { Folder = text };
        var (name, prefix) = Split(text[Scheme.Length..]);
        return new BlobPlace { Bucket = name, Prefix = prefix };
    }

    /// <summary>The folder, seen from <paramref name="directory"/> when it is relative; a bucket stays as it is.</summary>
    public BlobPlace From(string directory) => Folder is null ? this : this with { Folder = Path.GetFullPath(Folder, directory) };

    public override string ToString() => Folder ?? (Prefix.Length == 0 ? $"{Scheme}{Bucket}" : $"{Scheme}{Bucket}/{Prefix}");

    private static string? FaultOfFolder(string text)
    {
        if (text.Length == 0 || text.Contains('\0', StringComparison.Ordinal))
            return "this is not the path of a folder";
        return text.Contains("://", StringComparison.Ordinal) ? "addresses of this kind are not supported" : null;
    }

    private static string? FaultOfBucket(string text)
    {
        var (name, prefix) = Split(text);
        if (text.Contains('@', StringComparison.Ordinal))
            return "keys do not stand in the address; they come from the environment (AWS_ACCESS_KEY_ID), a profile or the role of the machine";
        if (!BucketName().IsMatch(name) || name.Contains("..", StringComparison.Ordinal))
            return "the name of the bucket must have 3 to 63 lower-case letters, digits, '-' and '.', and begin and end with a letter or digit";
        if (prefix.Length > MaxPrefix)
            return $"the prefix is longer than {MaxPrefix} characters";
        return prefix.Length == 0 || prefix.Split('/').All(s => Segment().IsMatch(s) && s is not ("." or ".."))
            ? null
            : "the prefix must consist of letters, digits, '-', '_' and '.', in segments separated by one '/'";
    }

    private static (string Name, string Prefix) Split(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? (text, "") : (text[..slash], text[(slash + 1)..].TrimEnd('/'));
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", RegexOptions.None, 1000)]
    private static partial Regex BucketName();

    [GeneratedRegex("^[A-Za-z0-9._-]+$", RegexOptions.None, 1000)]
    private static partial Regex Segment();
}
