using System.Diagnostics.CodeAnalysis;
using System.Net;
using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using Runstone.Core.Errors;

namespace Runstone.Storage.S3;

/// <summary>The connection to one bucket: every call to it passes here, so that every failure is told in the same words.</summary>
internal sealed class S3Place : IDisposable
{
    private const string DefaultRegion = "us-east-1";
    private const int MaxConnections = 128;

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    private readonly AmazonS3Client _client;

    public S3Place(S3BlobOptions options, AWSCredentials? credentials, TimeProvider time)
    {
        (Options, Time) = (options.Require(), time);
        Keys = new S3Keys(options.Prefix.Length == 0 ? "" : options.Prefix + "/");
        Region = RegionOf(options);
        Name = options.Endpoint?.GetLeftPart(UriPartial.Authority) ?? $"AWS ({Region})";
        var config = ConfigOf(options, Region);
        _client = credentials is null ? new AmazonS3Client(config) : new AmazonS3Client(credentials, config);
    }

    public S3BlobOptions Options { get; }

    public TimeProvider Time { get; }

    public S3Keys Keys { get; }

    public string Region { get; }

    /// <summary>The store as messages name it.</summary>
    public string Name { get; }

    public string Bucket => Options.Bucket;

    /// <summary>Bucket and prefix as messages name them.</summary>
    public string Location => Options.Prefix.Length == 0 ? $"s3://{Bucket}" : $"s3://{Bucket}/{Options.Prefix}";

    /// <summary>Makes the call. <paramref name="action"/> completes the sentence "Cannot ...".</summary>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Whatever the SDK throws becomes one of our errors.")]
    public async Task<T> CallAsync<T>(string action, Func<IAmazonS3, CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call(_client, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new RunstoneException(S3Errors.Describe(e, this, action), e);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
    }

    /// <summary>As <see cref="CallAsync"/>; null when what the call names is not there.</summary>
    public Task<T?> FindAsync<T>(string action, Func<IAmazonS3, CancellationToken, Task<T>> call, CancellationToken cancellationToken)
        where T : class =>
        CallAsync<T?>(
            action,
            async (client, token) =>
            {
                try
                {
                    return await call(client, token);
                }
                catch (AmazonS3Exception e) when (S3Errors.IsAbsent(e))
                {
                    return null;
                }
            },
            cancellationToken);

    public void Dispose() => _client.Dispose();

    private static string RegionOf(S3BlobOptions options)
    {
        if (options.Region is { } given)
            return given;
        var found = FallbackRegionFactory.GetRegionEndpoint()?.SystemName;
        if (found is null && options.Endpoint is null)
        {
            throw new RunstoneException(Error.Invalid(
                "blobs-region", "The region of the bucket is not known: neither blobs-region nor AWS_REGION nor a profile names it. Set blobs-region, for example eu-central-1."));
        }

        return found ?? DefaultRegion;
    }

    private static AmazonS3Config ConfigOf(S3BlobOptions options, string region)
    {
        var config = new AmazonS3Config
        {
            AuthenticationRegion = region,
            ForcePathStyle = options.ByPath,
            RetryMode = RequestRetryMode.Standard,
            MaxErrorRetry = options.Retries,

            // The defaults send checksums in trailers, which most stores other than AWS refuse.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            HttpClientFactory = new ClientFactory(options),
        };
        if (options.Endpoint is { } endpoint)
            config.ServiceURL = endpoint.GetLeftPart(UriPartial.Authority);
        else
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(region);
        return config;
    }

    /// <summary>Bounds connections and waiting; the SDK's own client does not.</summary>
    private sealed class ClientFactory(S3BlobOptions options) : HttpClientFactory
    {
        [SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "The SDK disposes the client, which disposes the handler.")]
        public override HttpClient CreateHttpClient(IClientConfig clientConfig) => new(new SocketsHttpHandler
        {
            ConnectTimeout = ConnectTimeout,
            MaxConnectionsPerServer = MaxConnections,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,

            // A proxy of the environment does not know this machine's loopback.
            UseProxy = options.Endpoint?.IsLoopback != true,
        })
        {
            Timeout = options.AttemptTimeout,
        };

        public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

        public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;

        public override string? GetConfigUniqueString(IClientConfig clientConfig) => null;
    }
}
