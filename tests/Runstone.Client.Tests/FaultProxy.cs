using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Runstone.Client.Tests;

/// <summary>What happens to a request on its way.</summary>
internal enum Fault
{
    None,

    /// <summary>It is answered with <see cref="FaultProxy.MissingStatus"/> and does not arrive, as by a server that does not know the call.</summary>
    Missing,

    /// <summary>It is answered 503 and does not arrive.</summary>
    Unavailable,

    /// <summary>The connection breaks before it arrives.</summary>
    CutBefore,

    /// <summary>It arrives and takes effect, but the connection breaks before the answer.</summary>
    CutAfter,
}

/// <summary>
/// Stands between the client and a real server, at an address that stays when the server moves, and makes the network as bad as the
/// test wants it.
/// </summary>
internal sealed class FaultProxy : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false });
    private int _requests;

    private FaultProxy(WebApplication app) => _app = app;

    public string Address { get; private set; } = "";

    /// <summary>Where requests go; null when there is no server.</summary>
    public Uri? Target { get; set; }

    /// <summary>The status for <see cref="Fault.Missing"/>.</summary>
    public int MissingStatus { get; set; } = 404;

    /// <summary>Decides about each request; it is given the request and its number from 0.</summary>
    public Func<HttpRequest, int, Fault> Decide { get; set; } = (_, _) => Fault.None;

    /// <summary>Requests seen.</summary>
    public int Requests => Volatile.Read(ref _requests);

    public static async Task<FaultProxy> StartAsync(string? target)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var proxy = new FaultProxy(app) { Target = target is null ? null : new Uri(target) };
        app.Run(proxy.HandleAsync);
        await app.StartAsync();
        proxy.Address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext context)
    {
        var fault = Decide(context.Request, Interlocked.Increment(ref _requests) - 1);
        if (fault == Fault.Missing)
        {
            context.Response.StatusCode = MissingStatus;
            return;
        }

        if (fault == Fault.Unavailable)
        {
            context.Response.StatusCode = 503;
            context.Response.Headers.RetryAfter = "0";
            return;
        }

        if (fault == Fault.CutBefore || Target is null)
        {
            context.Abort();
            return;
        }

        try
        {
            using var response = await ForwardAsync(context);
            if (fault == Fault.CutAfter)
            {
                context.Abort();
                return;
            }

            context.Response.StatusCode = (int)response.StatusCode;
            foreach (var (name, values) in response.Headers.Concat(response.Content.Headers))
            {
                if (name is not ("Transfer-Encoding" or "Connection"))
                    context.Response.Headers[name] = values.ToArray();
            }

            await response.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            context.Abort();
        }
    }

    private async Task<HttpResponseMessage> ForwardAsync(HttpContext context)
    {
        var request = context.Request;
        using var forwarded = new HttpRequestMessage(new HttpMethod(request.Method), new Uri(Target!, request.Path + request.QueryString));
        if (request.ContentLength > 0 || request.Headers.TransferEncoding.Count > 0)
        {
            forwarded.Content = new StreamContent(request.Body);
            forwarded.Content.Headers.TryAddWithoutValidation("Content-Type", request.ContentType);
            forwarded.Content.Headers.ContentLength = request.ContentLength;
            if (request.Headers.ContentEncoding.Count > 0)
                forwarded.Content.Headers.TryAddWithoutValidation("Content-Encoding", request.Headers.ContentEncoding.ToArray());
        }

        if (request.Headers.Range.Count > 0)
            forwarded.Headers.TryAddWithoutValidation("Range", request.Headers.Range.ToArray());
        return await _http.SendAsync(forwarded, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
    }
}
