namespace Runstone.Server.Tests.Mlflow;

/// <summary>What clients ask first, and bodies that are not what they should be.</summary>
public sealed class ServerCallTests
{
    [Fact]
    public async Task Clients_learn_what_they_speak_to()
    {
        await using var api = await MlflowApi.StartAsync();
        Assert.Equal("OK", await api.Client.GetStringAsync("/health"));
        Assert.Equal("3.11.1", await api.Client.GetStringAsync("/version"));
        Assert.Equal("""{"store_type":"SqlStore","workspaces_enabled":false}""", (await api.GetAsync("/api/3.0/mlflow/server-info")).ToJsonString());
        Assert.Equal("{}", (await api.PostAsync("logged-models/search", """{"experiment_ids": ["0"]}""")).ToJsonString());
    }

    [Theory]
    [InlineData("{\"run_id\": ", "The request body is not valid JSON")]
    [InlineData("nonsense", "The request body is not valid JSON")]
    [InlineData("[1]", "The request body must be a JSON object.")]
    [InlineData("3", "The request body must be a JSON object.")]
    [InlineData("", "Missing value for required parameter")]
    public async Task A_body_that_is_no_object_is_a_clear_error(string body, string message)
    {
        await using var api = await MlflowApi.StartAsync();
        foreach (var call in new[] { "runs/log-batch", "runs/log-metric", "runs/set-tag", "runs/update", "experiments/delete", "runs/log-inputs" })
        {
            var error = await api.FailAsync("POST", call, body);
            Assert.Equal((call, 400, "INVALID_PARAMETER_VALUE"), (call, error.Status, error.Code));
            Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    public async Task Another_content_type_is_refused(string type)
    {
        await using var api = await MlflowApi.StartAsync();
        Assert.Equal(
            (400, "INVALID_PARAMETER_VALUE", "Bad Request. Content-Type must be one of ['application/json']."),
            await api.FailAsync("POST", "runs/log-metric", "{}", type));
    }

    [Fact]
    public async Task Wrong_types_name_the_parameter()
    {
        await using var api = await MlflowApi.StartAsync();
        Assert.Equal(
            "Invalid value {\"a\": 1} for parameter 'name' supplied:  Hint: Value was of type 'dict'. See the API docs for more information about request parameters.",
            (await api.FailAsync("POST", "experiments/create", """{"name": {"a": 1}}""")).Message);
        Assert.Equal(
            "Invalid value \"many\" for parameter 'max_results' supplied:  Hint: Value was of type 'str'. See the API docs for more information about request parameters.",
            (await api.FailAsync("POST", "runs/search", """{"experiment_ids": ["0"], "max_results": "many"}""")).Message);
        Assert.Equal("Invalid experiment ID: 'abc'", (await api.FailAsync("GET", "experiments/get?experiment_id=abc")).Message);
        Assert.Equal("Invalid run ID: 'a b'", (await api.FailAsync("GET", "runs/get?run_id=a+b")).Message);
    }

    [Fact]
    public async Task A_large_body_in_many_pieces_is_read_whole()
    {
        await using var api = await MlflowApi.StartAsync();
        var run = await api.CreateRunAsync();
        var profile = new string('p', 5_000_000);
        await api.PostAsync("runs/log-inputs", $$$"""{"run_id": "{{{run}}}", "datasets": [{"dataset": {"name": "n", "digest": "d", "source_type": "t", "source": "s", "profile": "{{{profile}}}"}}]}""");
        var found = await api.GetAsync($"runs/get?run_id={run}");
        Assert.Equal(profile, (string)found["run"]!["inputs"]!["dataset_inputs"]![0]!["dataset"]!["profile"]!);
    }
}
