using System.Net;
using System.Text;
using System.Text.Json;

namespace Runstone.Server.Tests.Mlflow;

/// <summary>What the recordings of the registry do not show: refusals, pages, prompts among models, copies.</summary>
public sealed class RegistryTests : IAsyncLifetime
{
    private RunningServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await RunningServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("POST", "registered-models/create", """{}""", "Missing value for required parameter 'name'. See the API docs for more information about request parameters.")]
    [InlineData("POST", "registered-models/create", """{"name": "a/b"}""", "The model's name 'a/b' contains '/' or ':', which addresses of versions need.")]
    [InlineData("POST", "registered-models/rename", """{"name": "m"}""", "Missing value for required parameter 'new_name'. See the API docs for more information about request parameters.")]
    [InlineData("POST", "registered-models/alias", """{"name": "m", "alias": "LATEST", "version": "1"}""", "'latest' alias name (case insensitive) is reserved.")]
    [InlineData("POST", "registered-models/alias", """{"name": "m", "alias": "v12", "version": "1"}""", "The alias 'v12' is reserved: it reads as a version.")]
    [InlineData("POST", "registered-models/alias", """{"name": "m", "alias": "a", "version": "one"}""", "Parameter 'version' must be an integer, got 'one'.")]
    [InlineData("POST", "model-versions/create", """{"name": "m"}""", "Missing value for required parameter 'source'. See the API docs for more information about request parameters.")]
    [InlineData("POST", "model-versions/transition-stage", """{"name": "m", "version": "1", "stage": "None", "archive_existing_versions": true}""",
        "Model version transition cannot archive existing model versions because 'None' is not an Active stage. Valid stages are Staging, Production")]
    public async Task A_wrong_request_is_refused_with_its_reason(string method, string call, string body, string message)
    {
        await CreateAsync("m", versions: 1);

        var (status, answer) = await SendAsync(method, call, body);

        Assert.Equal((HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE", message), (status, Text(answer, "error_code"), Text(answer, "message")));
    }

    [Theory]
    [InlineData("DELETE", "registered-models/delete", """{"name": "none"}""", "Registered Model with name=none not found")]
    [InlineData("PATCH", "registered-models/update", """{"name": "none", "description": "d"}""", "Registered Model with name=none not found")]
    [InlineData("POST", "model-versions/create", """{"name": "none", "source": "s3://b/m"}""", "Registered Model with name=none not found")]
    [InlineData("POST", "registered-models/alias", """{"name": "m", "alias": "a", "version": "7"}""", "Model Version (name=m, version=7) not found")]
    [InlineData("DELETE", "model-versions/delete", """{"name": "m", "version": "0"}""", "Model Version (name=m, version=0) not found")]
    [InlineData("POST", "model-versions/create", """{"name": "m", "source": "models:/m/7"}""", "Model Version (name=m, version=7) not found")]
    public async Task What_is_not_there_is_named(string method, string call, string body, string message)
    {
        await CreateAsync("m", versions: 1);

        var (status, answer) = await SendAsync(method, call, body);

        Assert.Equal((HttpStatusCode.NotFound, "RESOURCE_DOES_NOT_EXIST", message), (status, Text(answer, "error_code"), Text(answer, "message")));
    }

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("file:///etc/passwd")]
    [InlineData("s3://bucket/../other")]
    public async Task A_version_is_not_made_of_files_elsewhere(string source)
    {
        await CreateAsync("m", versions: 0);

        var (status, answer) = await SendAsync("POST", "model-versions/create", JsonSerializer.Serialize(new { name = "m", source }));

        Assert.Equal((HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE"), (status, Text(answer, "error_code")));
        Assert.StartsWith($"Invalid model version source: '{source}'.", Text(answer, "message"), StringComparison.Ordinal);
        Assert.False((await GetAsync("model-versions/search?max_results=10")).TryGetProperty("model_versions", out _));
    }

    [Fact]
    public async Task A_copy_leads_to_the_files_of_the_original_even_when_that_is_gone()
    {
        await CreateAsync("m", versions: 1);
        await CreateAsync("copy", versions: 0);
        await OkAsync("POST", "model-versions/create", """{"name": "copy", "source": "models:/m/1"}""");
        await OkAsync("POST", "model-versions/create", """{"name": "copy", "source": "models:/copy/1"}""");
        await OkAsync("DELETE", "registered-models/delete", """{"name": "m"}""");

        Assert.Equal("s3://bucket/m/1", Text(await GetAsync("model-versions/get-download-uri?name=copy&version=2"), "artifact_uri"));
        Assert.Equal("models:/copy/1", Text((await GetAsync("model-versions/get?name=copy&version=2")).GetProperty("model_version"), "source"));
    }

    [Fact]
    public async Task Prompts_are_among_models_only_when_asked_for()
    {
        await CreateAsync("model", versions: 1);
        await OkAsync("POST", "registered-models/create", """{"name": "prompt", "tags": [{"key": "mlflow.prompt.is_prompt", "value": "true"}]}""");
        await OkAsync("POST", "model-versions/create", """{"name": "prompt", "source": "none", "tags": [{"key": "mlflow.prompt.is_prompt", "value": "true"}]}""");
        var prompts = Uri.EscapeDataString("tags.`mlflow.prompt.is_prompt` = 'true'");

        Assert.Equal(["model"], await NamesAsync("registered-models/search", "registered_models"));
        Assert.Equal(["prompt"], await NamesAsync($"registered-models/search?filter={prompts}", "registered_models"));
        Assert.Equal(["model"], await NamesAsync("model-versions/search", "model_versions"));
        Assert.Equal(["prompt"], await NamesAsync($"model-versions/search?filter={prompts}", "model_versions"));
    }

    [Fact]
    public async Task A_search_is_read_page_by_page()
    {
        foreach (var name in new[] { "c", "a", "d", "b", "e" })
            await CreateAsync(name, versions: 1);
        var first = await GetAsync("registered-models/search?max_results=2&order_by=name%20DESC");
        var second = await GetAsync($"registered-models/search?max_results=3&order_by=name%20DESC&page_token={Uri.EscapeDataString(Text(first, "next_page_token"))}");

        Assert.Equal(["e", "d"], Names(first, "registered_models"));
        Assert.Equal(["c", "b", "a"], Names(second, "registered_models"));
        Assert.False(second.TryGetProperty("next_page_token", out _));

        var (status, answer) = await SendAsync("GET", "registered-models/search?max_results=1001", null);
        Assert.Equal((HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE"), (status, Text(answer, "error_code")));
    }

    [Fact]
    public async Task The_latest_versions_of_some_stages_come_with_their_aliases()
    {
        await CreateAsync("m", versions: 3);
        await OkAsync("POST", "model-versions/transition-stage", """{"name": "m", "version": "2", "stage": "production", "archive_existing_versions": "true"}""");
        await OkAsync("POST", "registered-models/alias", """{"name": "m", "alias": "champion", "version": "2"}""");

        var answer = await GetAsync("registered-models/get-latest-versions?name=m&stages=Production&stages=Staging");

        var version = Assert.Single(answer.GetProperty("model_versions").EnumerateArray());
        Assert.Equal(("2", "Production", "champion"), (Text(version, "version"), Text(version, "current_stage"), version.GetProperty("aliases")[0].GetString()));
    }

    [Fact]
    public async Task Removing_what_is_not_there_changes_nothing()
    {
        await CreateAsync("m", versions: 1);
        await OkAsync("DELETE", "registered-models/delete-tag", """{"name": "m", "key": "none"}""");
        await OkAsync("DELETE", "model-versions/delete-tag", """{"name": "m", "version": "1", "key": "none"}""");
        await OkAsync("DELETE", "registered-models/alias", """{"name": "m", "alias": "none"}""");
    }

    [Fact]
    public async Task Models_outlive_a_restart()
    {
        await CreateAsync("m", versions: 2);
        await OkAsync("POST", "registered-models/alias", """{"name": "m", "alias": "champion", "version": "2"}""");
        await _server.RestartAsync();

        var version = (await GetAsync("registered-models/alias?name=m&alias=champion")).GetProperty("model_version");
        Assert.Equal("2", Text(version, "version"));
    }

    private async Task CreateAsync(string name, int versions)
    {
        await OkAsync("POST", "registered-models/create", JsonSerializer.Serialize(new { name }));
        for (var number = 1; number <= versions; number++)
            await OkAsync("POST", "model-versions/create", JsonSerializer.Serialize(new { name, source = FormattableString.Invariant($"s3://bucket/{name}/{number}") }));
    }

    private async Task OkAsync(string method, string call, string body)
    {
        var (status, answer) = await SendAsync(method, call, body);
        Assert.True(status == HttpStatusCode.OK, $"{method} {call} {body}: {status} {answer}");
    }

    private async Task<JsonElement> GetAsync(string call)
    {
        var (status, answer) = await SendAsync("GET", call, null);
        Assert.True(status == HttpStatusCode.OK, $"GET {call}: {status} {answer}");
        return answer;
    }

    private async Task<string[]> NamesAsync(string call, string list) => Names(await GetAsync(call), list);

    private static string[] Names(JsonElement answer, string list) => [.. answer.GetProperty(list).EnumerateArray().Select(m => Text(m, "name"))];

    private static string Text(JsonElement answer, string member) => answer.GetProperty(member).GetString()!;

    private async Task<(HttpStatusCode Status, JsonElement Answer)> SendAsync(string method, string call, string? body)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri($"/api/2.0/mlflow/{call}", UriKind.Relative));
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await _server.Client.SendAsync(request, TestContext.Current.CancellationToken);
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return (response.StatusCode, json.RootElement.Clone());
    }
}
