using System.Net;
using System.Security.Authentication;

namespace Runstone.Cli.Diagnosis;

/// <summary>Whether a server answers under the addresses that its reverse proxy offers.</summary>
internal static class PublicUrlCheck
{
    private const string Check = "public url";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static async Task<IReadOnlyList<Finding>> RunAsync(IReadOnlyList<Uri> urls, CancellationToken cancellationToken)
    {
        var findings = new List<Finding>();
        foreach (var url in urls)
            findings.Add(await RunAsync(url, cancellationToken));
        return findings;
    }

    private static async Task<Finding> RunAsync(Uri url, CancellationToken cancellationToken)
    {
        using var handler = new SocketsHttpHandler { UseProxy = !url.IsLoopback, AllowAutoRedirect = false };
        using var client = new HttpClient(handler) { Timeout = Patience };
        try
        {
            using var answer = await client.GetAsync(new Uri(url, "/api/v1/server"), cancellationToken);
            return Judge(url, answer.StatusCode);
        }
        catch (HttpRequestException e) when (e.InnerException is AuthenticationException tls)
        {
            return Finding.Fail(Check, $"{url} has a certificate that this machine does not trust: {tls.Message}", "Renew the certificate of the reverse proxy, or trust its issuer on this machine.");
        }
        catch (HttpRequestException e)
        {
            return Finding.Fail(Check, $"{url} cannot be reached from here: {e.Message}", "Start the reverse proxy, and check name, port and firewall.");
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Finding.Fail(Check, $"{url} does not answer within {Patience.TotalSeconds} seconds", "Look at the log of the reverse proxy.");
        }
    }

    private static Finding Judge(Uri url, HttpStatusCode status) => status switch
    {
        HttpStatusCode.OK => Finding.Ok(Check, $"{url} answers"),
        HttpStatusCode.Unauthorized => Finding.Ok(Check, $"{url} answers and asks for a password"),
        HttpStatusCode.Forbidden => Finding.Fail(Check, $"{url} refuses this machine, or its nodes do not know the address", "Give every node this address with --public-url, and let the proxy pass on the Host header."),
        HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout =>
            Finding.Fail(Check, $"{url} answers {(int)status}: the proxy reaches no node", "Start the nodes, and check their addresses in the proxy."),
        _ => Finding.Fail(Check, $"{url} answers {(int)status}, which no Runstone server does", "Check the address, and the configuration of the proxy."),
    };
}
