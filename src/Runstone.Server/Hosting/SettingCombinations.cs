using System.Net;

namespace Runstone.Server.Hosting;

/// <summary>What is wrong with settings taken together. A setting that is wrong by itself is told elsewhere and counts as set here.</summary>
internal static class SettingCombinations
{
    private static readonly string[] OfBuckets = ["blobs-endpoint", "blobs-region", "blobs-style"];

    /// <param name="options">The options that the settings make.</param>
    /// <param name="sourceOf">What the source calls the setting with this key; null when no source sets it.</param>
    public static IEnumerable<string> Faults(ServerOptions options, Func<string, string?> sourceOf)
    {
        if (!options.AllowAnonymous && !IPAddress.IsLoopback(options.Host))
        {
            yield return $"{sourceOf("host")}: '{options.Host}' can be reached from other machines, and there is no access control yet: anybody who "
                + "reaches the server can read and change everything. Listen on 127.0.0.1 or ::1 behind an SSH tunnel or an authenticating reverse "
                + "proxy, or add --allow-anonymous when everybody who can reach it may do everything.";
        }

        if (sourceOf("database") is null && sourceOf("database-listen") is { } listen)
            yield return $"{listen}: it belongs to --database, which is not set. Set --database too, or leave it out.";
        if (options is { BlobsPathStyle: false, BlobsEndpoint.HostNameType: not UriHostNameType.Dns })
            yield return $"{sourceOf("blobs-style")}: the host of --blobs-endpoint is an address, which has no names for buckets below it. Use the style 'path'.";
        if (options.Blobs is null ? sourceOf("blobs") is not null : options.Blobs.Bucket is not null)
            yield break;
        foreach (var source in OfBuckets.Select(sourceOf).OfType<string>())
            yield return $"{source}: it belongs to a bucket, but --blobs is {(options.Blobs is null ? "not set" : "a folder")}. Set --blobs s3://bucket/prefix, or leave it out.";
    }
}
