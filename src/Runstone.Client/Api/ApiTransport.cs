using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Runstone.Protocol;

namespace Runstone.Client.Api;

/// <summary>Sends requests of the native API and turns every failure into a <see cref="RunstoneApiException"/>.</summary>
internal sealed class ApiTransport : IDisposable
{
    private readonly HttpClient _http;
    private readonly ServerChoice _servers;
    private readonly TimeSpan _timeout;

    public ApiTransport(IReadOnlyList<Uri> addresses, TrackingClientOptions options)
    {
        _servers = new ServerChoice(addresses);
        _timeout = options.RequestTimeout;
        _http = options.HttpHandler is { } handler ? new HttpClient(handler, disposeHandler: false) : new HttpClient(NewHandler(addresses));
        _http.Timeout = Timeout.InfiniteTimeSpan;
        _http.DefaultRequestHeaders.UserAgent.ParseAdd(ClientVersion.UserAgent);
    }

    /// <summary>The node that is asked now.</summary>
    public Uri Address => _servers.Addresses[_servers.Current];

    public IReadOnlyList<Uri> Addresses => _servers.Addresses;

    public void Dispose() => _http.Dispose();

    public Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Get, path), type, cancellationToken);

    public Task<TOut> SendAsync<TIn, TOut>(
        HttpMethod method, string path, TIn body, JsonTypeInfo<TIn> inType, JsonTypeInfo<TOut> outType, CancellationToken cancellationToken) =>
        SendAsync(new HttpRequestMessage(method, path) { Content = JsonContent.Create(body, inType) }, outType, cancellationToken);

    public async Task<T> SendAsync<T>(HttpRequestMessage request, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_timeout);
        try
        {
            using var response = await SendRawAsync(request, limit.Token);
            return await ReadAsync(response, type, limit.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            _servers.Leave(_servers.Current);
            throw RunstoneApiException.NotReachable(Address, new TimeoutException($"no answer within {_timeout.TotalSeconds:0} seconds.", e));
        }
    }

    /// <summary>
    /// The response once its headers are read and its status says success; the caller disposes it. No time limit. A node that
    /// cannot be reached or is not available is left for the next one.
    /// </summary>
    public async Task<HttpResponseMessage> SendRawAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using (request)
        {
            for (var tried = 1; ; tried++)
            {
                var place = _servers.Current;
                try
                {
                    return await SendToAsync(place, request, cancellationToken);
                }
                catch (RunstoneApiException e) when (ServerChoice.MayDoBetter(e))
                {
                    _servers.Leave(place);
                    if (tried >= _servers.Addresses.Count || !ServerChoice.MayRepeat(request, e))
                        throw;
                }
            }
        }
    }

    public async Task<T> ReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        try
        {
            return await response.Content.ReadFromJsonAsync(type, cancellationToken)
                ?? throw RunstoneApiException.Unexpected($"{Address} answered with an empty body.", response.StatusCode);
        }
        catch (JsonException e)
        {
            throw RunstoneApiException.Unexpected(
                $"{Address} answered with something that is not the JSON of a Runstone server: {e.Message}", response.StatusCode, e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw RunstoneApiException.NotReachable(Address, e);
        }
    }

    /// <summary><c>path?a=b</c> from the pairs whose value is not null.</summary>
    public static string WithQuery(string path, params ReadOnlySpan<(string Key, string? Value)> query)
    {
        var text = new StringBuilder(path);
        var separator = '?';
        foreach (var (key, value) in query)
        {
            if (value is null)
                continue;
            text.Append(separator).Append(key).Append('=').Append(Uri.EscapeDataString(value));
            separator = '&';
        }

        return text.ToString();
    }

    public static string? Text(long? value) => value?.ToString(CultureInfo.InvariantCulture);

    private static SocketsHttpHandler NewHandler(IReadOnlyList<Uri> addresses) => new()
    {
        ConnectTimeout = TimeSpan.FromSeconds(10),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        AutomaticDecompression = DecompressionMethods.All,
        // A proxy of the environment does not know this machine's loopback.
        UseProxy = !addresses.All(a => a.IsLoopback),
    };

    private async Task<HttpResponseMessage> SendToAsync(int place, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage response;
        try
        {
            response = await _http.SendAsync(_servers.To(place, request), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw RunstoneApiException.NotReachable(_servers.Addresses[place], e);
        }

        if (response.IsSuccessStatusCode)
            return response;
        using (response)
            throw await ReadProblemAsync(response, cancellationToken);
    }

    private async Task<RunstoneApiException> ReadProblemAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        Problem? problem = null;
        if (response.Content.Headers.ContentType?.MediaType is "application/problem+json" or "application/json")
        {
            try
            {
                problem = await response.Content.ReadFromJsonAsync(RunstoneJson.Default.Problem, cancellationToken);
            }
            catch (Exception e) when (e is JsonException or HttpRequestException or IOException)
            {
                // The status alone is told below.
            }
        }

        var status = response.StatusCode;
        if (problem?.Detail is null || problem.Code is null)
        {
            problem = new Problem(
                "about:blank", response.ReasonPhrase ?? "", (int)status,
                $"{Address} answered {(int)status} {response.ReasonPhrase} without saying why.", RunstoneApiException.UnexpectedAnswer, null);
        }

        return new RunstoneApiException(problem, status) { RetryAfter = RetryAfter(response.Headers.RetryAfter) };
    }

    private static TimeSpan? RetryAfter(RetryConditionHeaderValue? header)
    {
        if (header?.Delta is { } delta)
            return delta;
        return header?.Date is { } date ? date - TimeProvider.System.GetUtcNow() : null;
    }
}
