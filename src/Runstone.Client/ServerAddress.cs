namespace Runstone.Client;

/// <summary>Where the server is.</summary>
internal static class ServerAddress
{
    public static Uri Parse(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && IsHttp(uri)
            ? uri
            : throw new ArgumentException($"'{address}' is not the address of a server: use one such as {TrackingClient.DefaultAddress}.", nameof(address));

    public static Uri Check(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return address.IsAbsoluteUri && IsHttp(address) ? address : Parse(address.OriginalString);
    }

    public static Uri FromEnvironment()
    {
        var own = Environment.GetEnvironmentVariable("RUNSTONE_TRACKING_URI");
        if (!string.IsNullOrWhiteSpace(own))
            return Parse(own);
        // The other variable may name a file or a database, which is not for this client.
        var other = Environment.GetEnvironmentVariable("MLFLOW_TRACKING_URI");
        return Uri.TryCreate(other, UriKind.Absolute, out var uri) && IsHttp(uri) ? uri : Parse(TrackingClient.DefaultAddress);
    }

    private static bool IsHttp(Uri uri) => uri.Scheme is "http" or "https";
}
