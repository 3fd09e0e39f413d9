using Runstone.Storage.S3;

namespace Runstone.Storage;

/// <summary>Where a store keeps what it keeps. Every mix of the two databases and the two kinds of places for content is possible.</summary>
public sealed record StorageOptions
{
    /// <summary>The data folder. Made and locked only when something lives in it.</summary>
    public required string Data { get; init; }

    /// <summary>What names another data folder, for messages.</summary>
    public string DataOption { get; init; } = "--data";

    /// <summary>The PostgreSQL database; null keeps everything in the data folder's SQLite file.</summary>
    public DatabaseAddress? Database { get; init; }

    /// <summary>Where to listen for the changes of other nodes when <see cref="Database"/> leads through a pooler; null for the same place.</summary>
    public DatabaseAddress? DatabaseListen { get; init; }

    /// <summary>Where the content of files is kept: a bucket, or a folder laid out as the data folder is. Null for the data folder.</summary>
    public BlobPlace? Blobs { get; init; }

    /// <summary>The object store when it is not the one of the region; null for that one.</summary>
    public Uri? BlobsEndpoint { get; init; }

    /// <summary>The region of the bucket; null for the one that the environment names.</summary>
    public string? BlobsRegion { get; init; }

    /// <summary>Whether the bucket stands in the path of addresses, or (false) in their host. Null: in the path when there is an endpoint.</summary>
    public bool? BlobsPathStyle { get; init; }

    /// <summary>The part of the options that is about a bucket; null when content is kept in a folder.</summary>
    public S3BlobOptions? ToBucket() => Blobs?.Bucket is not { } bucket ? null : new S3BlobOptions
    {
        Bucket = bucket,
        Prefix = Blobs.Prefix,
        Endpoint = BlobsEndpoint,
        Region = BlobsRegion,
        PathStyle = BlobsPathStyle,
    };
}
