using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Runstone.Storage;

namespace Runstone.Server.Hosting;

/// <summary>How the text of each setting becomes a part of the options; null when it is not allowed.</summary>
internal static partial class SettingText
{
    public static ServerOptions? Port(ServerOptions options, string text) =>
        Number(text, 0, IPEndPoint.MaxPort) is { } port ? options with { Port = port } : null;

    public static ServerOptions? Host(ServerOptions options, string text)
    {
        if (text.Equals("localhost", StringComparison.OrdinalIgnoreCase))
            return options with { Host = IPAddress.Loopback };
        return IPAddress.TryParse(text.Trim('[', ']'), out var address) ? options with { Host = address } : null;
    }

    public static ServerOptions? Data(ServerOptions options, string text) =>
        text.Length == 0 || text.Contains('\0', StringComparison.Ordinal) ? null : options with { Data = text };

    public static ServerOptions? Database(ServerOptions options, string text) =>
        DatabaseAddress.Parse(text, out _) is { } address ? options with { Database = address } : null;

    public static ServerOptions? DatabaseListen(ServerOptions options, string text) =>
        DatabaseAddress.Parse(text, out _) is { } address ? options with { DatabaseListen = address } : null;

    public static string? DatabaseFault(string text)
    {
        DatabaseAddress.Parse(text, out var fault);
        return fault;
    }

    public static ServerOptions? Blobs(ServerOptions options, string text) =>
        BlobPlace.Parse(text, out _) is { } place ? options with { Blobs = place } : null;

    public static string? BlobsFault(string text)
    {
        BlobPlace.Parse(text, out var fault);
        return fault;
    }

    public static ServerOptions? BlobsEndpoint(ServerOptions options, string text) =>
        WebAddress(text) is { AbsolutePath: "/" } address ? options with { BlobsEndpoint = address } : null;

    public static ServerOptions? BlobsRegion(ServerOptions options, string text) =>
        RegionName().IsMatch(text) ? options with { BlobsRegion = text } : null;

    public static ServerOptions? BlobsStyle(ServerOptions options, string text) => text switch
    {
        "path" => options with { BlobsPathStyle = true },
        "virtual" => options with { BlobsPathStyle = false },
        _ => null,
    };

    public static ServerOptions? PublicUrls(ServerOptions options, string text)
    {
        var urls = text.Split(',', StringSplitOptions.TrimEntries).Select(WebAddress).ToList();
        return urls.TrueForAll(u => u is { AbsolutePath: "/" }) ? options with { PublicUrls = urls! } : null;
    }

    public static string? PublicUrlsFault(string text) => Array.Exists(
        text.Split(',', StringSplitOptions.TrimEntries), t => WebAddress(t) is { AbsolutePath: not "/" })
        ? "an address has a path; the page and the clients expect the server at the root of a host"
        : WebAddressFault(text);

    public static string WebAddressFault(string text) => "this is not such an address";

    public static ServerOptions? AllowAnonymous(ServerOptions options, string text) =>
        bool.TryParse(text, out var allow) ? options with { AllowAnonymous = allow } : null;

    public static ServerOptions? Writers(ServerOptions options, string text) =>
        Number(text, 1, 64) is { } writers ? options with { Writers = writers } : null;

    public static ServerOptions? Drain(ServerOptions options, string text) =>
        Number(text, 0, 3600) is { } seconds ? options with { Drain = TimeSpan.FromSeconds(seconds) } : null;

    public static ServerOptions? BlobGrace(ServerOptions options, string text) =>
        Number(text, 1, 87_600) is { } hours ? options with { BlobGrace = TimeSpan.FromHours(hours) } : null;

    public static ServerOptions? RetentionAge(ServerOptions options, string text) =>
        Number(text, 1, 36_500) is { } days ? options with { RetentionAge = TimeSpan.FromDays(days) } : null;

    public static ServerOptions? RetentionSize(ServerOptions options, string text)
    {
        var power = text.Length == 0 ? -1 : "KMGT".IndexOf(text[^1], StringComparison.Ordinal);
        var digits = power < 0 ? text : text[..^1];
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= 1 && number <= long.MaxValue >> (10 * (power + 1))
            ? options with { RetentionSize = number << (10 * (power + 1)) }
            : null;
    }

    public static ServerOptions? SealPoints(ServerOptions options, string text) =>
        Number(text, 1, 16_777_216) is { } points ? options with { SealPoints = points } : null;

    public static ServerOptions? SealIdle(ServerOptions options, string text) =>
        Number(text, 1, 86_400) is { } seconds ? options with { SealIdle = TimeSpan.FromSeconds(seconds) } : null;

    public static ServerOptions? SealWorkers(ServerOptions options, string text) =>
        Number(text, 0, 16) is { } workers ? options with { SealWorkers = workers } : null;

    public static ServerOptions? Log(ServerOptions options, string text) => text switch
    {
        "text" => options with { JsonLog = false },
        "json" => options with { JsonLog = true },
        _ => null,
    };

    public static ServerOptions? Otlp(ServerOptions options, string text) =>
        WebAddress(text) is { } address ? options with { Otlp = address } : null;

    public static ServerOptions? Verbose(ServerOptions options, string text) =>
        bool.TryParse(text, out var verbose) ? options with { Verbose = verbose } : null;

    private static int? Number(string text, int least, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number : null;

    private static Uri? WebAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
        && address.UserInfo.Length == 0 && address.Query.Length == 0 && address.Fragment.Length == 0 && address.Host.Length > 0
            ? address
            : null;

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$", RegexOptions.None, 1000)]
    private static partial Regex RegionName();
}
