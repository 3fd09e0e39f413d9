namespace Runstone.Server.Tests.Mlflow;

/// <summary>Life of experiments beyond what the recordings show.</summary>
public sealed class ExperimentCallTests
{
    [Fact]
    public async Task Deleted_and_active_are_told_apart()
    {
        await using var api = await MlflowApi.StartAsync();
        var id = await api.CreateExperimentAsync("a", """, "tags": [{"key": "team", "value": "x"}]""");
        var body = $$"""{"experiment_id": "{{id}}"}""";
        Assert.Equal((404, "RESOURCE_DOES_NOT_EXIST", $"No Experiment with id={id} exists"), await api.FailAsync("POST", "experiments/restore", body));
        await api.PostAsync("experiments/delete", body);
        Assert.Equal(404, (await api.FailAsync("POST", "experiments/delete", body)).Status);
        Assert.Equal(
            (400, "INVALID_PARAMETER_VALUE", $"The experiment {id} must be in the 'active' state. Current state is deleted."),
            await api.FailAsync("POST", "experiments/set-experiment-tag", $$"""{"experiment_id": "{{id}}", "key": "k", "value": "v"}"""));
        Assert.Equal("deleted", (string)(await api.GetAsync($"experiments/get?experiment_id={id}"))["experiment"]!["lifecycle_stage"]!);
    }

    [Fact]
    public async Task Deleting_takes_the_runs_along_and_restoring_brings_all_back()
    {
        await using var api = await MlflowApi.StartAsync();
        var id = await api.CreateExperimentAsync("a");
        var (kept, gone) = (await api.CreateRunAsync(id), await api.CreateRunAsync(id));
        await api.PostAsync("runs/delete", $$"""{"run_id": "{{gone}}"}""");
        await api.PostAsync("experiments/delete", $$"""{"experiment_id": "{{id}}"}""");
        Assert.Equal(
            $"The run {kept} must be in the 'active' state. Current state is deleted.",
            (await api.FailAsync("POST", "runs/set-tag", $$"""{"run_id": "{{kept}}", "key": "k", "value": "v"}""")).Message);
        await api.PostAsync("experiments/restore", $$"""{"experiment_id": "{{id}}"}""");
        foreach (var run in new[] { kept, gone })
            Assert.Equal("active", (string)(await api.GetAsync($"runs/get?run_id={run}"))["run"]!["info"]!["lifecycle_stage"]!);
    }

    [Fact]
    public async Task What_is_archived_is_active_by_id_and_left_out_of_searches()
    {
        await using var api = await MlflowApi.StartAsync();
        var id = await api.CreateExperimentAsync("a");
        var (kept, away) = (await api.CreateRunAsync(id), await api.CreateRunAsync(id));
        var archive = new StringContent("{\"lifecycle\":\"archived\"}", System.Text.Encoding.UTF8, "application/json");
        (await api.Client.PatchAsync($"/api/v1/runs/{away}", archive)).EnsureSuccessStatusCode();
        Assert.Equal("active", (string)(await api.GetAsync($"runs/get?run_id={away}"))["run"]!["info"]!["lifecycle_stage"]!);
        Assert.Equal(kept, await RunsAsync(api, id, "ACTIVE_ONLY"));
        Assert.Equal("", await RunsAsync(api, id, "DELETED_ONLY"));
        Assert.Equal(2, (await RunsAsync(api, id, "ALL")).Split(' ').Length);
        await api.PostAsync("runs/set-tag", $$"""{"run_id": "{{away}}", "key": "k", "value": "v"}""");

        (await api.Client.PatchAsync($"/api/v1/experiments/{id}", archive)).EnsureSuccessStatusCode();
        Assert.Equal("active", (string)(await api.GetAsync("experiments/get-by-name?experiment_name=a"))["experiment"]!["lifecycle_stage"]!);
        Assert.Equal("Default", await SearchAsync(api, "order_by=name"));
        Assert.Equal("Default a", await SearchAsync(api, "order_by=name&view_type=ALL"));
        await api.PostAsync("experiments/set-experiment-tag", $$"""{"experiment_id": "{{id}}", "key": "k", "value": "v"}""");
        await api.CreateRunAsync(id);

        await api.PostAsync("experiments/restore", $$"""{"experiment_id": "{{id}}"}""");
        await api.PostAsync("runs/restore", $$"""{"run_id": "{{away}}"}""");
        Assert.Equal("Default a", await SearchAsync(api, "order_by=name"));
        Assert.Equal(3, (await RunsAsync(api, id, "ACTIVE_ONLY")).Split(' ').Length);
    }

    [Fact]
    public async Task Search_filters_orders_and_pages()
    {
        await using var api = await MlflowApi.StartAsync();
        for (var i = 0; i < 5; i++)
            await api.CreateExperimentAsync($"census-{i}", $$""", "tags": [{"key": "odd", "value": "{{i % 2}}"}]""");
        Assert.Equal("census-1 census-3", await SearchAsync(api, "filter=tags.odd+%3D+'1'&order_by=name"));
        Assert.Equal("Default", await SearchAsync(api, "filter=tags.odd+IS+NULL"));
        Assert.Equal("census-4 census-3 census-2 census-1 census-0 Default", await SearchAsync(api, "order_by=experiment_id+DESC"));
        var first = await api.GetAsync("experiments/search?max_results=4&order_by=name");
        var token = (string)first["next_page_token"]!;
        var second = await api.GetAsync($"experiments/search?max_results=4&order_by=name&page_token={Uri.EscapeDataString(token)}");
        Assert.Equal((4, 2), (first["experiments"]!.AsArray().Count, second["experiments"]!.AsArray().Count));
        Assert.Null(second["next_page_token"]);
    }

    [Fact]
    public async Task Tags_come_and_go()
    {
        await using var api = await MlflowApi.StartAsync();
        await api.PostAsync("experiments/set-experiment-tag", """{"experiment_id": "0", "key": "k", "value": "v"}""");
        await api.PostAsync("experiments/delete-experiment-tag", """{"experiment_id": "0", "key": "k"}""");
        Assert.Equal(
            (404, "RESOURCE_DOES_NOT_EXIST", "No tag with name: k in experiment with id 0"),
            await api.FailAsync("POST", "experiments/delete-experiment-tag", """{"experiment_id": "0", "key": "k"}"""));
        Assert.Equal(
            "'value' exceeds the maximum length of 5000 characters",
            (await api.FailAsync("POST", "experiments/set-experiment-tag", $$"""{"experiment_id": "0", "key": "k", "value": "{{new string('v', 5001)}}"}""")).Message);
        Assert.Equal(
            "'name' exceeds the maximum length of 500 characters",
            (await api.FailAsync("POST", "experiments/create", $$"""{"name": "{{new string('n', 501)}}"}""")).Message);
    }

    [Fact]
    public async Task The_note_tag_is_the_notes_of_the_experiment()
    {
        await using var api = await MlflowApi.StartAsync();
        var id = await api.CreateExperimentAsync("a", """, "tags": [{"key": "mlflow.note.content", "value": "# One"}, {"key": "k", "value": "v"}]""");
        Assert.Equal(("# One", "k=v mlflow.note.content=# One"), (await NotesAsync(), await TagsAsync()));
        Assert.Equal("a", await SearchAsync(api, "filter=tags.`mlflow.note.content`+LIKE+'%23%25'"));
        await api.PostAsync("experiments/set-experiment-tag", $$"""{"experiment_id": "{{id}}", "key": "mlflow.note.content", "value": "two"}""");
        Assert.Equal(("two", "k=v mlflow.note.content=two"), (await NotesAsync(), await TagsAsync()));
        await api.PostAsync("experiments/delete-experiment-tag", $$"""{"experiment_id": "{{id}}", "key": "mlflow.note.content"}""");
        Assert.Equal(("", "k=v"), (await NotesAsync(), await TagsAsync()));
        Assert.Equal(404, (await api.FailAsync("POST", "experiments/delete-experiment-tag", $$"""{"experiment_id": "{{id}}", "key": "mlflow.note.content"}""")).Status);

        async Task<string> NotesAsync() => (string)System.Text.Json.Nodes.JsonNode.Parse(await api.Client.GetStringAsync($"/api/v1/experiments/{id}"))!["notes"]!;
        async Task<string> TagsAsync() => string.Join(' ', (await api.GetAsync($"experiments/get?experiment_id={id}"))["experiment"]!["tags"]!.AsArray().Select(t => $"{t!["key"]}={t["value"]}"));
    }

    private static async Task<string> RunsAsync(MlflowApi api, string experiment, string view) => string.Join(
        ' ', (await api.PostAsync("runs/search", $$"""{"experiment_ids": ["{{experiment}}"], "run_view_type": "{{view}}"}"""))["runs"]?.AsArray()
            .Select(r => (string)r!["info"]!["run_id"]!) ?? []);

    private static async Task<string> SearchAsync(MlflowApi api, string query) => string.Join(
        ' ', (await api.GetAsync("experiments/search?" + query))["experiments"]!.AsArray().Select(e => (string)e!["name"]!));
}
