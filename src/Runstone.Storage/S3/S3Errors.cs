using System.Net;
using System.Net.Sockets;
using Amazon.Runtime;
using Amazon.S3;
using Runstone.Core.Errors;

namespace Runstone.Storage.S3;

/// <summary>
/// What failures of the object store mean to a caller. Messages name the store, the cause and what to do. They never hold what
/// the store says of credentials or signatures: some stores repeat the key they were sent.
/// </summary>
internal static class S3Errors
{
    private static readonly string[] Absent = ["NoSuchKey", "NotFound", "NoSuchUpload"];

    private static readonly string[] Full =
        ["QuotaExceeded", "AccountQuotaExceeded", "StorageFull", "XMinioStorageFull", "XMinioAdminBucketQuotaExceeded", "InsufficientStorage", "ServiceQuotaExceededException"];

    /// <summary>What the call names is not there; a missing bucket is another thing.</summary>
    public static bool IsAbsent(AmazonS3Exception e) =>
        Absent.Contains(e.ErrorCode, StringComparer.Ordinal) || (e.StatusCode == HttpStatusCode.NotFound && string.IsNullOrEmpty(e.ErrorCode));

    public static Error Describe(Exception exception, S3Place place, string action) => exception switch
    {
        AmazonS3Exception e when Full.Contains(e.ErrorCode, StringComparer.Ordinal) || e.StatusCode is HttpStatusCode.InsufficientStorage => new(
            ErrorCode.StorageFull, $"The object store at {place.Name} has no room left ({e.ErrorCode}); nothing of the file was kept. Raise the quota or remove files, then send it again."),
        AmazonS3Exception e when Answer(e, place) is { } answer => Unavailable($"Cannot {action}: {answer}"),
        AmazonS3Exception { StatusCode: HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed, RequestId: null or "" } e => Unavailable(
            $"Cannot {action}: {place.Name} answered {(int)e.StatusCode}, which is not an answer of an object store. Check that blobs-endpoint is an S3-compatible store."),
        AmazonS3Exception e => Unavailable(
            $"Cannot {action}: the object store at {place.Name} answered {(int)e.StatusCode} {e.ErrorCode}{RequestOf(e)}. Try again; when it stays, look into the log of the store."),
        OperationCanceledException or TimeoutException => Unavailable(
            $"Cannot {action}: the object store at {place.Name} did not answer in time. Check that it runs and is not overloaded, then try again."),
        _ when SocketOf(exception) is { } socket => Unavailable(
            $"Cannot {action}: the object store at {place.Name} cannot be reached ({Words(socket)}). Check that it runs and that blobs-endpoint is right, then try again."),
        AmazonClientException when IsCredentials(exception) => Unavailable($"Cannot {action}: {S3Credentials.Missing(place.Name)}"),
        _ => Unavailable(
            $"Cannot {action}: the connection to the object store at {place.Name} failed ({Innermost(exception).GetType().Name}). Try again; when it stays, check that blobs-endpoint is an S3-compatible store."),
    };

    private static string? Answer(AmazonS3Exception e, S3Place place) => e.ErrorCode switch
    {
        "NoSuchBucket" => $"the bucket '{place.Bucket}' does not exist at {place.Name}. Create it, or correct the setting blobs.",
        "InvalidAccessKeyId" => $"the object store at {place.Name} does not know the access key. Correct the credentials of this server.",
        "SignatureDoesNotMatch" => $"the secret key does not belong to the access key, or the region is wrong, says the object store at {place.Name}. Correct the credentials, or blobs-region.",
        "ExpiredToken" or "InvalidToken" or "TokenRefreshRequired" => $"the credentials for the object store at {place.Name} have expired. Renew them.",
        "RequestTimeTooSkewed" => $"the clock of this machine differs too much from that of the object store at {place.Name}. Set the clock.",
        "PermanentRedirect" or "AuthorizationHeaderMalformed" or "IllegalLocationConstraintException" =>
            $"the bucket '{place.Bucket}' is in another region than '{place.Region}'. Correct blobs-region.",
        "SlowDown" or "ServiceUnavailable" or "Throttling" or "TooManyRequests" => $"the object store at {place.Name} is overloaded. Try again later.",
        "AccessDenied" or "Forbidden" or "AllAccessDisabled" => Denied(place),
        _ => e.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized ? Denied(place) : null,
    };

    private static string Denied(S3Place place) =>
        $"the object store at {place.Name} does not allow it in {place.Location}. Check the credentials, and the permissions that docs/formats/blobs-in-s3.md lists.";

    private static string RequestOf(AmazonS3Exception e) =>
        e.RequestId is { Length: > 0 and < 80 } id && id.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') ? $" (request {id})" : "";

    private static bool IsCredentials(Exception exception) =>
        exception.Message.Contains("credentials", StringComparison.OrdinalIgnoreCase);

    private static SocketException? SocketOf(Exception exception)
    {
        for (Exception? e = exception; e is not null; e = e.InnerException)
        {
            if (e is SocketException socket)
                return socket;
        }

        return null;
    }

    private static Exception Innermost(Exception exception)
    {
        while (exception.InnerException is { } inner)
            exception = inner;
        return exception;
    }

    private static string Words(SocketException e) => e.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => "connection refused",
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => "the host name is not known",
        SocketError.TimedOut or SocketError.HostUnreachable or SocketError.NetworkUnreachable => "no route or no answer",
        SocketError.ConnectionReset or SocketError.Shutdown => "connection reset",
        var other => other.ToString(),
    };

    private static Error Unavailable(string message) => new(ErrorCode.Unavailable, message);
}
