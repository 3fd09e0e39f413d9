namespace Runstone.Client;

/// <summary>Where the server is: one address, or those of several nodes of one server, separated by commas.</summary>
internal static class ServerAddress
{
    private const StringSplitOptions Tidy = StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries;

    public static IReadOnlyList<Uri> Parse(string address)
    {
        var parts = (address ?? "").Split(',', Tidy);
        return parts.Length == 0 ? throw Wrong(address) : [.. parts.Select(ParseOne)];
    }

    public static Uri Check(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return address.IsAbsoluteUri && IsHttp(address) ? address : ParseOne(address.OriginalString);
    }

    /// <summary>What <see cref="Parse"/> reads again.</summary>
    public static string Join(IReadOnlyList<Uri> addresses) => string.Join(',', addresses.Select(a => a.AbsoluteUri));

    public static IReadOnlyList<Uri> FromEnvironment()
    {
        var own = Environment.GetEnvironmentVariable("RUNSTONE_TRACKING_URI");
        if (!string.IsNullOrWhiteSpace(own))
            return Parse(own);
        // The other variable may name a file or a database, which is not for this client.
        var other = Environment.GetEnvironmentVariable("MLFLOW_TRACKING_URI");
        return Uri.TryCreate(other, UriKind.Absolute, out var uri) && IsHttp(uri) ? [uri] : Parse(TrackingClient.DefaultAddress);
    }

    private static Uri ParseOne(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && IsHttp(uri) ? uri : throw Wrong(address);

    private static ArgumentException Wrong(string? address) =>
        new($"'{address}' is not the address of a server: use one such as {TrackingClient.DefaultAddress}.", nameof(address));

    private static bool IsHttp(Uri uri) => uri.Scheme is "http" or "https";
}
