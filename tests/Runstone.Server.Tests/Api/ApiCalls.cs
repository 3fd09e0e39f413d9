using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Runstone.Server.Tests.Api;

/// <summary>An answer of the native API.</summary>
internal sealed record Answer(int Status, JsonElement Json, HttpResponseHeaders Headers)
{
    public string? Field => Json.TryGetProperty("field", out var name) ? name.GetString() : null;

    public string Detail => Json.GetProperty("detail").GetString()!;

    public string Code => Json.GetProperty("code").GetString()!;
}

/// <summary>Calls of the native API, in the words of tests.</summary>
internal static class ApiCalls
{
    public static Task<Answer> GetAsync(this RunningServer server, string path) => server.SendAsync(HttpMethod.Get, path);

    public static Task<Answer> PostAsync(this RunningServer server, string path, string json) => server.SendAsync(HttpMethod.Post, path, json);

    public static Task<Answer> PatchAsync(this RunningServer server, string path, string json) => server.SendAsync(HttpMethod.Patch, path, json);

    public static Task<Answer> PutAsync(this RunningServer server, string path, string? json = null) => server.SendAsync(HttpMethod.Put, path, json);

    public static Task<Answer> DeleteAsync(this RunningServer server, string path) => server.SendAsync(HttpMethod.Delete, path);

    public static async Task<Answer> SendAsync(this RunningServer server, HttpMethod method, string path, string? json = null)
    {
        using var request = new HttpRequestMessage(method, "/api/v1" + path);
        if (json is not null)
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        using var response = await server.Client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return new Answer((int)response.StatusCode, text.Length == 0 ? default : JsonDocument.Parse(text).RootElement, response.Headers);
    }

    /// <summary>Makes a run of the experiment "e" and returns its id.</summary>
    public static async Task<string> NewRunAsync(this RunningServer server, string? id = null)
    {
        var made = await server.PostAsync("/runs", id is null ? """{"experiment":"e"}""" : $$"""{"experiment":"e","id":"{{id}}"}""");
        Assert.Equal(201, made.Status);
        return made.Json.GetProperty("id").GetString()!;
    }
}
