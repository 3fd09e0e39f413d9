using Microsoft.AspNetCore.Http;
using Runstone.Server.Hosting;
using Runstone.Server.Tests.Api;

namespace Runstone.Server.Tests.Hosting;

public sealed class WebPageTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("runstone-page-");

    public WebPageTests()
    {
        foreach (var name in (string[])["index.html", "frame.html", "theme.js"])
            File.WriteAllText(Path.Combine(_root.FullName, name), name);
    }

    public void Dispose() => _root.Delete(recursive: true);

    [Theory]
    [InlineData("/frame.html")]
    [InlineData("//frame.html")]
    [InlineData("///frame.html")]
    public async Task What_was_logged_runs_without_an_origin_and_without_network(string path)
    {
        var policy = await PolicyAsync(path);
        Assert.Contains("sandbox allow-scripts", policy, StringComparer.Ordinal);
        Assert.Contains("default-src 'none'", policy, StringComparer.Ordinal);
        Assert.Contains("form-action 'none'", policy, StringComparer.Ordinal);
        Assert.Contains("frame-ancestors 'self'", policy, StringComparer.Ordinal);
        Assert.DoesNotContain(policy, p => p.Contains("allow-same-origin", StringComparison.Ordinal) || p.StartsWith("connect-src", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/runs/x")]
    [InlineData("/index.html")]
    [InlineData("//index.html")]
    [InlineData("/theme.js")]
    public async Task The_page_runs_its_own_scripts_alone(string path)
    {
        var policy = await PolicyAsync(path);
        Assert.Contains("default-src 'self'", policy, StringComparer.Ordinal);
        Assert.Contains("object-src 'none'", policy, StringComparer.Ordinal);
        Assert.Contains("base-uri 'none'", policy, StringComparer.Ordinal);
        Assert.DoesNotContain(policy, p => p.StartsWith("script-src", StringComparison.Ordinal) || p.StartsWith("connect-src", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("a.html", "text/html")]
    [InlineData("a.svg", "image/svg+xml")]
    [InlineData("a.xhtml", "application/xhtml+xml")]
    [InlineData("a.xml", "text/xml")]
    [InlineData("a.js", "text/javascript")]
    public async Task Files_of_runs_have_no_origin_whatever_they_are(string name, string type)
    {
        await using var server = await RunningServer.StartAsync();
        var path = $"/api/v1/runs/{await server.NewRunAsync()}/artifacts/{name}";
        await server.Client.PutAsync(path, new StringContent("<script>fetch('/api/v1/runs')</script>"));
        foreach (var range in new[] { null, "bytes=0-3" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            if (range is not null)
                request.Headers.Add("Range", range);
            using var answer = await server.Client.SendAsync(request);
            Assert.Equal(type, answer.Content.Headers.ContentType?.MediaType);
            Assert.Equal("sandbox", Assert.Single(answer.Headers.GetValues("Content-Security-Policy")));
            Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        }
    }

    private async Task<string[]> PolicyAsync(string path)
    {
        var context = new DefaultHttpContext();
        context.Request.Method = "GET";
        context.Request.Path = path;
        context.Request.Headers.Accept = "text/html";
        context.Response.Body = new MemoryStream();
        await new WebPage(_ => Task.CompletedTask, Array.Empty<ICompatAdapter>(), _root.FullName).InvokeAsync(context);
        return context.Response.Headers.ContentSecurityPolicy.ToString().Split(';', StringSplitOptions.TrimEntries);
    }
}
