using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Runstone.Server.Tests.Mlflow;

/// <summary>What recordings do not show of logged models: refusals, pages, datasets, files by every way, versions.</summary>
public sealed class LoggedModelTests
{
    private const string Proxy = "/api/2.0/mlflow-artifacts/";

    [Fact]
    public async Task What_is_wrong_is_said_in_the_words_of_the_original()
    {
        await using var api = await MlflowApi.StartAsync();
        var model = await CreateAsync(api, "gbdt");
        var missing = (404, "RESOURCE_DOES_NOT_EXIST", "Logged model with ID 'm-1' not found.");
        Assert.Equal(missing, await api.FailAsync("GET", "logged-models/m-1"));
        Assert.Equal(missing, await api.FailAsync("PATCH", "logged-models/m-1", """{"status": "LOGGED_MODEL_READY"}"""));
        Assert.Equal(missing, await api.FailAsync("DELETE", "logged-models/m-1", "{}"));
        Assert.Equal(missing, await api.FailAsync("POST", "logged-models/m-1/params", """{"params": [{"key": "a", "value": "1"}]}"""));
        Assert.Equal(missing, await api.FailAsync("PATCH", "logged-models/m-1/tags", """{"tags": [{"key": "a", "value": "1"}]}"""));
        Assert.Equal(missing, await api.FailAsync("DELETE", "logged-models/m-1/tags/a"));
        Assert.Equal(missing, await api.FailAsync("GET", "logged-models/m-1/artifacts/directories"));
        Assert.Equal(missing, await api.FailAsync("GET", "/ajax-api/2.0/mlflow/logged-models/m-1/artifacts/files?artifact_file_path=x"));
        Assert.Equal(
            (404, "RESOURCE_DOES_NOT_EXIST", $"No tag with key 'a' found for model with ID '{model}'."), await api.FailAsync("DELETE", $"logged-models/{model}/tags/a"));
        Assert.Equal((404, "RESOURCE_DOES_NOT_EXIST", "No Experiment with id=99 exists"), await api.FailAsync("POST", "logged-models", """{"experiment_id": "99", "name": "x"}"""));
        var unnamed = await api.FailAsync("POST", "logged-models", """{"experiment_id": "0", "name": "a.b"}""");
        Assert.StartsWith("Invalid model name ('a.b') provided.", unnamed.Message, StringComparison.Ordinal);
        Assert.Equal(400, (await api.FailAsync("PATCH", $"logged-models/{model}", """{"status": "DONE"}""")).Status);
        Assert.Equal(400, (await api.FailAsync("PATCH", $"logged-models/{model}", "{}")).Status);
        Assert.Equal(400, (await api.FailAsync("POST", "logged-models", """{"name": "x"}""")).Status);
    }

    [Fact]
    public async Task A_param_is_written_once_and_a_name_is_made_up()
    {
        await using var api = await MlflowApi.StartAsync();
        var model = await CreateAsync(api, "");
        await api.PostAsync($"logged-models/{model}/params", """{"params": [{"key": "lr", "value": "1"}, {"key": "b", "value": ""}]}""");
        await api.PostAsync($"logged-models/{model}/params", """{"params": [{"key": "lr", "value": "1"}]}""");
        Assert.Equal(
            (400, "INVALID_PARAMETER_VALUE", $"Changing param values is not allowed. Param with key='lr' was already logged with value='1' for model ID='{model}'. Attempted logging new value '2'."),
            await api.FailAsync("POST", $"logged-models/{model}/params", """{"params": [{"key": "c", "value": "3"}, {"key": "lr", "value": "2"}]}"""));
        var read = (await api.GetAsync($"logged-models/{model}"))["model"]!;
        Assert.Equal("""[{"key":"b","value":""},{"key":"lr","value":"1"}]""", read["data"]!["params"]!.ToJsonString());
        Assert.NotEmpty((string)read["info"]!["name"]!);
        Assert.Equal("", (string)read["info"]!["source_run_id"]!);
    }

    [Fact]
    public async Task The_key_of_a_tag_to_remove_may_hold_anything()
    {
        await using var api = await MlflowApi.StartAsync();
        var model = await CreateAsync(api, "x");
        await PatchAsync(api, $"logged-models/{model}/tags", """{"tags": [{"key": "a/b c%ü", "value": "1"}]}""");
        using var answer = await api.SendAsync("DELETE", $"logged-models/{model}/tags/{Uri.EscapeDataString("a/b c%ü")}");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Null((await api.GetAsync($"logged-models/{model}"))["model"]!["info"]!["tags"]);
    }

    [Fact]
    public async Task Results_are_searched_and_ordered_by_dataset_a_page_at_a_time()
    {
        await using var api = await MlflowApi.StartAsync();
        var run = await api.CreateRunAsync();
        var (a, b, c) = (await CreateAsync(api, "a"), await CreateAsync(api, "b"), await CreateAsync(api, "c"));
        foreach (var (model, dataset, value) in new[] { (a, "test", 0.9), (a, "train", 0.1), (b, "test", 0.5), (b, "train", 0.95) })
        {
            await api.PostAsync("runs/log-batch", FormattableString.Invariant(
                $$"""{"run_id": "{{run}}", "metrics": [{"key": "auc", "value": {{value}}, "timestamp": 5, "step": 1, "model_id": "{{model}}", "dataset_name": "{{dataset}}", "dataset_digest": "d"}]}"""));
        }

        Assert.Equal("c b a", await NamesAsync(api, ""));
        Assert.Equal("b a", await NamesAsync(api, """, "filter": "metrics.auc > 0.8" """));
        Assert.Equal("a", await NamesAsync(api, """, "filter": "metrics.auc > 0.8", "datasets": [{"dataset_name": "test"}]"""));
        Assert.Equal("b", await NamesAsync(api, """, "filter": "metrics.auc > 0.8", "datasets": [{"dataset_name": "train", "dataset_digest": "d"}]"""));
        Assert.Equal("", await NamesAsync(api, """, "filter": "metrics.auc > 0.8", "datasets": [{"dataset_name": "train", "dataset_digest": "e"}]"""));
        Assert.Equal("b a", await NamesAsync(api, """, "datasets": [{"dataset_name": "test"}]"""));
        Assert.Equal("a b c", await NamesAsync(api, """, "order_by": [{"field_name": "metrics.auc", "ascending": false, "dataset_name": "test"}]"""));
        Assert.Equal("b a c", await NamesAsync(api, """, "order_by": [{"field_name": "metrics.auc", "ascending": true, "dataset_name": "test"}]"""));
        Assert.Equal("a b c", await NamesAsync(api, """, "order_by": [{"field_name": "name"}]"""));

        const string Query = """{"experiment_ids": ["0"], "max_results": 2, "order_by": [{"field_name": "name"}]""";
        var first = await api.PostAsync("logged-models/search", Query + "}");
        var token = JsonSerializer.Serialize((string)first["next_page_token"]!);
        var second = await api.PostAsync("logged-models/search", $$"""{{Query}}, "page_token": {{token}}}""");
        Assert.Equal<string>(["a", "b", "c"], first["models"]!.AsArray().Concat(second["models"]!.AsArray()).Select(m => (string)m!["info"]!["name"]!), StringComparer.Ordinal);
        Assert.Null(second["next_page_token"]);
        var other = await api.FailAsync("POST", "logged-models/search", $$"""{"experiment_ids": ["0"], "page_token": {{token}}}""");
        Assert.Equal((400, "INVALID_PARAMETER_VALUE"), (other.Status, other.Code));
        Assert.Contains("belongs to another query", other.Message, StringComparison.Ordinal);

        var metric = (await api.GetAsync($"logged-models/{c}"))["model"]!["data"]!["metrics"];
        Assert.Null(metric);
        metric = (await api.GetAsync($"logged-models/{b}"))["model"]!["data"]!["metrics"]![0];
        Assert.Equal(
            $$"""{"key":"auc","value":0.5,"timestamp":5,"step":1,"dataset_name":"test","dataset_digest":"d","model_id":"{{b}}","run_id":"{{run}}"}""", metric!.ToJsonString());
    }

    [Theory]
    [InlineData(""" "filter": "metrics.auc > 'x'" """, "Expected numeric value type for metric. Found 'x'")]
    [InlineData(""" "filter": "colour = 'red'" """, "Invalid attribute key 'colour' specified.")]
    [InlineData(""" "filter": "status = 'DONE'" """, "Invalid status 'DONE'.")]
    [InlineData(""" "filter": "datasets.name = 'x'" """, "Invalid entity type 'datasets'.")]
    [InlineData(""" "datasets": [{"dataset_digest": "x"}] """, "`dataset_name` in the `datasets` clause must be specified.")]
    [InlineData(""" "order_by": [{"field_name": "params.lr"}] """, "Invalid order by field name: params.lr. Only metrics are supported.")]
    [InlineData(""" "order_by": [{"field_name": "colour"}] """, "Invalid order by field name: colour")]
    [InlineData(""" "order_by": [{}] """, "Missing value for required parameter 'order_by[0].field_name'")]
    [InlineData(""" "page_token": "nonsense!" """, "Invalid page token")]
    [InlineData(""" "max_results": -1 """, "Invalid value -1 for parameter 'max_results' supplied")]
    public async Task A_search_that_makes_no_sense_is_refused(string member, string message)
    {
        await using var api = await MlflowApi.StartAsync();
        var error = await api.FailAsync("POST", "logged-models/search", $$"""{"experiment_ids": ["0"], {{member}}}""");
        Assert.Equal((400, "INVALID_PARAMETER_VALUE"), (error.Status, error.Code));
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_metric_of_a_model_that_is_not_there_is_not_kept_for_the_run_either()
    {
        await using var api = await MlflowApi.StartAsync();
        var run = await api.CreateRunAsync();
        var body = $$"""{"run_id": "{{run}}", "key": "auc", "value": 1, "timestamp": 5, "model_id": "m-1"}""";
        Assert.Equal((404, "RESOURCE_DOES_NOT_EXIST", "Logged model with ID 'm-1' not found."), await api.FailAsync("POST", "runs/log-metric", body));
        Assert.Null((await api.GetAsync($"runs/get?run_id={run}"))["run"]!["data"]!["metrics"]);
    }

    [Fact]
    public async Task Files_are_uploaded_listed_read_and_removed_by_every_way()
    {
        await using var api = await MlflowApi.StartAsync();
        var model = await CreateAsync(api, "gbdt");
        var folder = $"0/models/{model}/artifacts";
        foreach (var (path, content) in new[] { ("MLmodel", "flavors: {}"), ("data/model.pkl", "0123456789"), ("data/deep/x.txt", "x") })
            await PutAsync(api, $"{Proxy}artifacts/{folder}/{path}", content);

        Assert.Equal("flavors: {}", await api.Client.GetStringAsync($"{Proxy}artifacts/{folder}/MLmodel"));
        Assert.Equal("0123456789", await api.Client.GetStringAsync($"/ajax-api/2.0/mlflow/logged-models/{model}/artifacts/files?artifact_file_path=data/model.pkl"));
        Assert.Equal(
            """{"files":[{"path":"MLmodel","is_dir":false,"file_size":11},{"path":"data","is_dir":true}]}""",
            (await api.GetAsync($"{Proxy}artifacts?path={Uri.EscapeDataString(folder)}")).ToJsonString());
        Assert.Equal(
            $$"""{"root_uri":"mlflow-artifacts:/{{folder}}","files":[{"path":"data/deep","is_dir":true},{"path":"data/model.pkl","is_dir":false,"file_size":10}]}""",
            (await api.GetAsync($"logged-models/{model}/artifacts/directories?artifact_directory_path=data")).ToJsonString());
        Assert.Equal(404, (await api.FailAsync("GET", $"/ajax-api/2.0/mlflow/logged-models/{model}/artifacts/files?artifact_file_path=none")).Status);
        Assert.StartsWith("Invalid path", (await api.FailAsync("GET", $"logged-models/{model}/artifacts/directories?artifact_directory_path=../x")).Message, StringComparison.Ordinal);

        using var removed = await api.SendAsync("DELETE", $"{Proxy}artifacts/{folder}/data");
        Assert.Equal(HttpStatusCode.OK, removed.StatusCode);
        Assert.Equal(404, (await api.FailAsync("GET", $"{Proxy}artifacts/{folder}/data/model.pkl")).Status);
        Assert.Equal(404, (await api.FailAsync("GET", $"{Proxy}artifacts/1/models/{model}/artifacts/MLmodel")).Status);
        Assert.Equal(404, (await api.FailAsync("PUT", $"{Proxy}artifacts/{model}/artifacts/MLmodel", "x", "text/plain")).Status);

        // The files of a deleted model can be read and not be changed.
        using var deleted = await api.SendAsync("DELETE", $"logged-models/{model}");
        Assert.Equal("flavors: {}", await api.Client.GetStringAsync($"{Proxy}artifacts/{folder}/MLmodel"));
        Assert.Equal(404, (await api.FailAsync("PUT", $"{Proxy}artifacts/{folder}/MLmodel", "x", "text/plain")).Status);
        Assert.Equal(404, (await api.FailAsync("DELETE", $"{Proxy}artifacts/{folder}/MLmodel")).Status);
    }

    [Fact]
    public async Task A_file_may_come_in_parts()
    {
        await using var api = await MlflowApi.StartAsync();
        var model = await CreateAsync(api, "gbdt");
        var folder = $"0/models/{model}/artifacts/data";
        var upload = await api.PostAsync($"{Proxy}mpu/create/{folder}", """{"path": "/tmp/model.pkl", "num_parts": 2}""");
        var parts = new JsonArray();
        foreach (var credential in upload["credentials"]!.AsArray())
        {
            var number = (int)credential!["part_number"]!;
            using var content = new ByteArrayContent(number == 1 ? new byte[5 << 20] : "end"u8.ToArray());
            using var put = await api.Client.PutAsync((string)credential["url"]!, content);
            Assert.Equal(HttpStatusCode.OK, put.StatusCode);
            parts.Add(new JsonObject { ["part_number"] = number, ["etag"] = put.Headers.ETag!.Tag });
        }

        var complete = new JsonObject { ["path"] = "/tmp/model.pkl", ["upload_id"] = (string)upload["upload_id"]!, ["parts"] = parts };
        await api.PostAsync($"{Proxy}mpu/complete/{folder}", complete.ToJsonString());
        var bytes = await api.Client.GetByteArrayAsync($"{Proxy}artifacts/{folder}/model.pkl");
        Assert.Equal((5 << 20) + 3, bytes.Length);
        Assert.Equal("end"u8, bytes.AsSpan(5 << 20));
        var presigned = await api.GetAsync($"{Proxy}presigned/{folder}/model.pkl");
        Assert.Equal(bytes.Length, (int)presigned["file_size"]!);
    }

    [Fact]
    public async Task Versions_are_made_of_logged_models()
    {
        await using var api = await MlflowApi.StartAsync();
        var run = await api.CreateRunAsync();
        var model = await CreateAsync(api, "gbdt", $", \"source_run_id\": \"{run}\"");
        await api.PostAsync("registered-models/create", """{"name": "income"}""");
        var body = $$"""{"name": "income", "source": "models:/{{model}}", "model_id": "{{model}}"}""";
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => api.PostAsync("model-versions/create", body)));

        var tags = (await api.GetAsync($"logged-models/{model}"))["model"]!["info"]!["tags"]!.AsArray();
        var versions = JsonNode.Parse((string)tags.Single(t => (string)t!["key"]! == "mlflow.modelVersions")!["value"]!)!.AsArray();
        Assert.Equal([1, 2, 3, 4, 5, 6], versions.Select(v => (int)v!["version"]!).Order());
        var version = (await api.GetAsync("model-versions/get?name=income&version=3"))["model_version"]!;
        Assert.Equal((run, $"models:/{model}"), ((string)version["run_id"]!, (string)version["source"]!));
        Assert.Equal(
            $"mlflow-artifacts:/0/models/{model}/artifacts", (string)(await api.GetAsync("model-versions/get-download-uri?name=income&version=3"))["artifact_uri"]!);
        Assert.Equal(
            (404, "RESOURCE_DOES_NOT_EXIST", "Logged model with ID 'm-1' not found."),
            await api.FailAsync("POST", "model-versions/create", """{"name": "income", "source": "models:/m-1", "model_id": "m-1"}"""));
        Assert.Equal(404, (await api.FailAsync("POST", "model-versions/create", """{"name": "income", "source": "models:/m-1"}""")).Status);
    }

    [Fact]
    public async Task Older_clients_keep_their_models_in_a_tag_of_the_run()
    {
        await using var api = await MlflowApi.StartAsync();
        var run = await api.CreateRunAsync();
        var model = JsonSerializer.Serialize($$"""{"artifact_path": "a", "flavors": {}, "utc_time_created": "x", "run_id": "{{run}}"}""");
        foreach (var _ in new[] { 1, 2 })
            await api.PostAsync("runs/log-model", $$"""{"run_id": "{{run}}", "model_json": {{model}}}""");
        var tags = (await api.GetAsync($"runs/get?run_id={run}"))["run"]!["data"]!["tags"]!.AsArray();
        Assert.Equal(2, JsonNode.Parse((string)tags.Single(t => (string)t!["key"]! == "mlflow.log-model.history")!["value"]!)!.AsArray().Count);
        Assert.StartsWith("Malformed model info.", (await api.FailAsync("POST", "runs/log-model", $$"""{"run_id": "{{run}}", "model_json": "{"}""")).Message, StringComparison.Ordinal);
        Assert.StartsWith("Model json is missing mandatory fields: {'flavors'", (await api.FailAsync(
            "POST", "runs/log-model", $$"""{"run_id": "{{run}}", "model_json": "{\"artifact_path\": \"a\"}"}""")).Message, StringComparison.Ordinal);
    }

    private static async Task<string> CreateAsync(MlflowApi api, string name, string more = "") =>
        (string)(await api.PostAsync("logged-models", $$"""{"experiment_id": "0", "name": "{{name}}"{{more}}}"""))["model"]!["info"]!["model_id"]!;

    private static async Task<string> NamesAsync(MlflowApi api, string more)
    {
        var found = await api.PostAsync("logged-models/search", $$"""{"experiment_ids": ["0"]{{more}}}""");
        return string.Join(' ', found["models"]?.AsArray().Select(m => (string)m!["info"]!["name"]!) ?? []);
    }

    private static async Task PatchAsync(MlflowApi api, string path, string body)
    {
        using var answer = await api.SendAsync("PATCH", path, body);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private static async Task PutAsync(MlflowApi api, string path, string content)
    {
        using var body = new ByteArrayContent(Encoding.UTF8.GetBytes(content));
        using var answer = await api.Client.PutAsync(path, body);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }
}
