using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Runstone.Server.Hosting;

namespace Runstone.Server.Tests.Mlflow;

/// <summary>A server and the calls that tests make to it, as a raw client of the REST surface would.</summary>
internal sealed class MlflowApi : IAsyncDisposable
{
    public const string Root = "/api/2.0/mlflow/";

    private readonly RunningServer _server;

    private MlflowApi(RunningServer server) => _server = server;

    public HttpClient Client => _server.Client;

    public RunningServer Server => _server;

    public static async Task<MlflowApi> StartAsync(Func<ServerOptions, ServerOptions>? options = null) => new(await RunningServer.StartAsync(options: options));

    public Task<HttpResponseMessage> SendAsync(string method, string path, string? body = null, string type = "application/json")
    {
        var request = new HttpRequestMessage(new HttpMethod(method), path.StartsWith('/') ? path : Root + path);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, type);
        return Client.SendAsync(request);
    }

    public Task<JsonNode> GetAsync(string path) => OkAsync("GET", path, null);

    public Task<JsonNode> PostAsync(string path, string body) => OkAsync("POST", path, body);

    /// <summary>The error that a call answers: its status, its code and its message.</summary>
    public async Task<(int Status, string Code, string Message)> FailAsync(string method, string path, string? body = null, string type = "application/json")
    {
        using var answer = await SendAsync(method, path, body, type);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode != HttpStatusCode.OK, text);
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        var json = JsonNode.Parse(text)!;
        return ((int)answer.StatusCode, (string)json["error_code"]!, (string)json["message"]!);
    }

    public async Task<string> CreateExperimentAsync(string name, string more = "") =>
        (string)(await PostAsync("experiments/create", $$"""{"name": "{{name}}"{{more}}}"""))["experiment_id"]!;

    public async Task<string> CreateRunAsync(string experimentId = "0", string more = "") =>
        (string)(await PostAsync("runs/create", $$"""{"experiment_id": "{{experimentId}}", "start_time": 1{{more}}}"""))["run"]!["info"]!["run_id"]!;

    public Task LogAsync(string runId, string key, params (long Step, long Time, string Value)[] points)
    {
        var metrics = points.Select(p => FormattableString.Invariant($$"""{"key": "{{key}}", "step": {{p.Step}}, "timestamp": {{p.Time}}, "value": {{p.Value}}}"""));
        return PostAsync("runs/log-batch", $$"""{"run_id": "{{runId}}", "metrics": [{{string.Join(", ", metrics)}}]}""");
    }

    /// <summary>The names of the runs that a search finds, in its order.</summary>
    public async Task<string> SearchAsync(string filter, string more = "")
    {
        var found = await PostAsync("runs/search", $$"""{"experiment_ids": ["0"], "filter": {{System.Text.Json.JsonSerializer.Serialize(filter)}}{{more}}}""");
        return string.Join(' ', found["runs"]?.AsArray().Select(r => (string)r!["info"]!["run_name"]!) ?? []);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task<JsonNode> OkAsync(string method, string path, string? body)
    {
        using var answer = await SendAsync(method, path, body);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{method} {path}: {(int)answer.StatusCode} {text}");
        return JsonNode.Parse(text)!;
    }
}
