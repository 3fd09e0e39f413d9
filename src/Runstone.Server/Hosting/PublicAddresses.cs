using System.Net;

namespace Runstone.Server.Hosting;

/// <summary>
/// Under which addresses requests may reach the server, and which one stands in links. Without <c>--public-url</c> these are the
/// names of this machine; what a proxy writes into X-Forwarded headers counts for nothing, because anybody can write it.
/// </summary>
internal sealed class PublicAddresses(ServerOptions options)
{
    private readonly IReadOnlyList<Uri> _urls = options.PublicUrls;

    // Whoever listens to a network is asked by address. An address in Host cannot come from a name that an attacker controls.
    private readonly bool _anyAddress = !IPAddress.IsLoopback(options.Host);

    /// <summary>What a refusal offers instead.</summary>
    public string Accepted => _urls.Count > 0
        ? string.Join(" or ", _urls.Select(BaseOf))
        : $"{(_anyAddress ? "the IP address of this machine" : "http://127.0.0.1 or http://localhost")} with the server's port";

    /// <summary>Whether a request with this Host header is meant for this server.</summary>
    public bool Knows(HostString host) => IsLoopback(host.Host) || Find(host) is not null || (_anyAddress && IsAddress(host.Host));

    /// <summary>Whether the page that sends the request is one that this server delivered.</summary>
    public bool IsOwnPage(string origin, string scheme, HostString host) =>
        _urls.Any(u => IsSame(origin, BaseOf(u))) || (Find(host) is null && IsSame(origin, $"{scheme}://{host}"));

    /// <summary>
    /// The address for links in the answer, without a slash at the end: the public one that the client used, else the first one,
    /// else where the request came in.
    /// </summary>
    public string For(HttpRequest request) =>
        (Find(request.Host) ?? _urls.FirstOrDefault()) is { } url ? BaseOf(url) : $"{request.Scheme}://{request.Host}";

    /// <summary>The address for texts: the first public one, else where the server listens.</summary>
    public static string Shown(string address, ServerOptions options) => options.PublicUrls.Count > 0 ? BaseOf(options.PublicUrls[0]) : address;

    private Uri? Find(HostString host) => _urls.FirstOrDefault(u =>
        u.Host.Trim('[', ']').Equals(host.Host.Trim('[', ']'), StringComparison.OrdinalIgnoreCase) && u.Port == (host.Port ?? DefaultPort(u)));

    // Without a port in Host it is the scheme's own.
    private static int DefaultPort(Uri url) => url.Scheme == Uri.UriSchemeHttps ? 443 : 80;

    private static string BaseOf(Uri url) => url.GetLeftPart(UriPartial.Authority);

    private static bool IsSame(string origin, string address) => origin.Equals(address, StringComparison.OrdinalIgnoreCase);

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private static bool IsAddress(string host) => IPAddress.TryParse(host.Trim('[', ']'), out _);
}
