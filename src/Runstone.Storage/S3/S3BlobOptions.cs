using Runstone.Core.Errors;

namespace Runstone.Storage.S3;

/// <summary>
/// Where and how blobs are kept in an S3-compatible store. Credentials are no option: they come from the usual places of AWS
/// tools (environment, profile, web identity, container, instance).
/// </summary>
public sealed record S3BlobOptions
{
    /// <summary>Bytes of a part at least: what every store of the kind demands.</summary>
    public const int MinPartSize = 5 << 20;

    /// <summary>Parts of an upload at most.</summary>
    public const int MaxParts = 10_000;

    /// <value>Name of the bucket.</value>
    public required string Bucket { get; init; }

    /// <value>What all keys begin with, without a slash at either end; empty for none.</value>
    public string Prefix { get; init; } = "";

    /// <value>Address of the store, for example <c>http://127.0.0.1:9000</c>; null means AWS.</value>
    public Uri? Endpoint { get; init; }

    /// <value>
    /// Name of the region; null takes it from the environment or the profile, and <c>us-east-1</c> when an endpoint is given.
    /// </value>
    public string? Region { get; init; }

    /// <value>Whether the bucket stands in the path of addresses, or (false) in their host. Null: in the path when there is an endpoint.</value>
    public bool? PathStyle { get; init; }

    /// <value>
    /// Bytes of a part, 5 to 512 MiB. Default 8 MiB. A write holds two parts in memory at most and has 10,000 parts at most, so
    /// it bounds the size of a file that goes through the server (78 GiB by default).
    /// </value>
    public int PartSize { get; init; } = 8 << 20;

    /// <value>
    /// Larger content is copied in the store by parts of this size, several at a time. Default 5 GiB, which is the most a store
    /// copies at once; some stores copy whole objects without moving a byte.
    /// </value>
    public long CopyPartSize { get; init; } = 5L << 30;

    /// <value>How long one attempt may take until the store begins to answer; bounds the copy of an object too. Default 100 s.</value>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(100);

    /// <value>How long a read may wait for the next byte. Default 30 s.</value>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <value>How often a failed call is sent again, with growing pauses. Default 3.</value>
    public int Retries { get; init; } = 3;

    /// <value>How long signed addresses are valid, 1 minute to 7 days. Default 1 hour. Temporary credentials may end them earlier.</value>
    public TimeSpan SignedFor { get; init; } = TimeSpan.FromHours(1);

    internal bool ByPath => PathStyle ?? Endpoint is not null;

    /// <summary>Throws <see cref="ErrorCode.Invalid"/> that names the option when something is not allowed.</summary>
    internal S3BlobOptions Require()
    {
        if (Endpoint is not null && (!Endpoint.IsAbsoluteUri || Endpoint.Scheme is not ("http" or "https") || Endpoint.PathAndQuery.Length > 1 || Endpoint.UserInfo.Length > 0))
            throw Wrong("blobs-endpoint", $"The endpoint '{(Endpoint.IsAbsoluteUri ? $"{Endpoint.Scheme}://{Endpoint.Authority}" : Endpoint)}' is not allowed: use http:// or https:// with a host and perhaps a port, without path, query and user.");
        if (Region is not null && (Region.Length is 0 or > 64 || !Region.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')))
            throw Wrong("blobs-region", "The region has letters, digits, '-' and '_' only, for example eu-central-1.");
        if (!ByPath && Endpoint is { HostNameType: not UriHostNameType.Dns })
            throw Wrong("blobs-style", $"The endpoint '{Endpoint.Host}' is an IP address, which cannot be addressed by host names of buckets. Use the style 'path'.");
        if (PartSize is < MinPartSize or > 512 << 20 || CopyPartSize is < MinPartSize or > 5L << 30)
            throw Wrong("blobs", "The size of a part is 5 to 512 MiB, that of a copied part 5 MiB to 5 GiB.");
        if (SignedFor < TimeSpan.FromMinutes(1) || SignedFor > TimeSpan.FromDays(7))
            throw Wrong("blobs", "Signed addresses are valid for 1 minute to 7 days.");
        return this;
    }

    private static RunstoneException Wrong(string field, string message) => new(Error.Invalid(field, message));
}
