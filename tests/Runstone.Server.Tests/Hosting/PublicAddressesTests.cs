using System.Net;
using Microsoft.AspNetCore.Http;
using Runstone.Server.Hosting;

namespace Runstone.Server.Tests.Hosting;

public sealed class PublicAddressesTests
{
    private static readonly PublicAddresses Local = Of("127.0.0.1");
    private static readonly PublicAddresses Proxied = Of("127.0.0.1", "https://runs.example", "http://node-1:5000", "http://[2001:db8::1]:8080");
    private static readonly PublicAddresses Open = Of("0.0.0.0");

    [Theory]
    [InlineData("localhost:5000", true, true, true)]
    [InlineData("127.0.0.1", true, true, true)]
    [InlineData("[::1]:5000", true, true, true)]
    [InlineData("runs.example", false, true, false)]
    [InlineData("RUNS.example:443", false, true, false)]
    [InlineData("runs.example:80", false, false, false)]
    [InlineData("runs.example.evil.example", false, false, false)]
    [InlineData("node-1:5000", false, true, false)]
    [InlineData("node-1", false, false, false)]
    [InlineData("[2001:db8::1]:8080", false, true, true)]
    [InlineData("192.168.1.5:5000", false, false, true)]
    [InlineData("lab:5000", false, false, false)]
    public void A_host_is_known_when_it_can_only_mean_this_server(string host, bool local, bool proxied, bool open)
    {
        var value = new HostString(host);
        Assert.Equal((local, proxied, open), (Local.Knows(value), Proxied.Knows(value), Open.Knows(value)));
    }

    [Theory]
    [InlineData("https://runs.example", "http", "runs.example", true)]
    [InlineData("https://runs.example", "http", "127.0.0.1:5000", true)]
    [InlineData("http://runs.example", "http", "runs.example", false)]
    [InlineData("https://evil.example", "http", "runs.example", false)]
    [InlineData("null", "http", "runs.example", false)]
    [InlineData("http://127.0.0.1:5000", "http", "127.0.0.1:5000", true)]
    [InlineData("http://127.0.0.1:5001", "http", "127.0.0.1:5000", false)]
    public void A_page_is_known_by_its_origin_and_scheme(string origin, string scheme, string host, bool own) =>
        Assert.Equal(own, Proxied.IsOwnPage(origin, scheme, new HostString(host)));

    [Theory]
    [InlineData("runs.example", "https://runs.example")]
    [InlineData("node-1:5000", "http://node-1:5000")]
    [InlineData("127.0.0.1:5000", "https://runs.example")]
    public void Links_use_the_public_address_that_the_client_used_or_the_first(string host, string link)
    {
        var request = new DefaultHttpContext().Request;
        (request.Scheme, request.Host) = ("http", new HostString(host));
        request.Headers["X-Forwarded-Host"] = "evil.example";
        request.Headers["X-Forwarded-Proto"] = "ftp";
        Assert.Equal(link, Proxied.For(request));
        Assert.Equal($"http://{host}", Local.For(request));
    }

    private static PublicAddresses Of(string host, params string[] urls) =>
        new(new ServerOptions { Data = "/nowhere", Host = IPAddress.Parse(host), PublicUrls = [.. urls.Select(u => new Uri(u))] });
}
