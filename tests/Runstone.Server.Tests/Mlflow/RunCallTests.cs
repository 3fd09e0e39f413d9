using System.Text.Json.Nodes;
using Runstone.Formats.Mlflow;

namespace Runstone.Server.Tests.Mlflow;

/// <summary>Life and search of runs beyond what the recordings show.</summary>
public sealed class RunCallTests
{
    [Fact]
    public async Task Facts_that_are_tags_change_both_ways()
    {
        await using var api = await MlflowApi.StartAsync();
        var parent = await api.CreateRunAsync();
        var run = await api.CreateRunAsync(more: $$""", "tags": [{"key": "mlflow.parentRunId", "value": "{{parent}}"}, {"key": "mlflow.runName", "value": "one"}]""");
        Assert.Equal($"mlflow.parentRunId={parent} mlflow.runName=one", await TagsAsync(api, run));
        await SetTagAsync(api, run, "mlflow.runName", "two");
        await SetTagAsync(api, run, "mlflow.note.content", "why");
        Assert.Equal("two", (string)(await api.GetAsync($"runs/get?run_id={run}"))["run"]!["info"]!["run_name"]!);
        await api.PostAsync("runs/update", $$"""{"run_id": "{{run}}", "run_name": "three"}""");
        Assert.Equal($"mlflow.note.content=why mlflow.parentRunId={parent} mlflow.runName=three", await TagsAsync(api, run));
        Assert.Equal("three", await api.SearchAsync($"tags.mlflow.parentRunId = '{parent}' and tags.mlflow.note.content = 'why' and tags.`mlflow.runName` != 'x'"));
        foreach (var key in new[] { "mlflow.note.content", "mlflow.parentRunId", "mlflow.runName" })
            await api.PostAsync("runs/delete-tag", $$"""{"run_id": "{{run}}", "key": "{{key}}"}""");
        Assert.Equal("mlflow.runName=three", await TagsAsync(api, run));
        Assert.Equal(
            (404, "RESOURCE_DOES_NOT_EXIST", $"No tag with name: mlflow.note.content in run with id {run}"),
            await api.FailAsync("POST", "runs/delete-tag", $$"""{"run_id": "{{run}}", "key": "mlflow.note.content"}"""));
    }

    [Fact]
    public async Task A_status_of_unknown_name_is_ignored()
    {
        await using var api = await MlflowApi.StartAsync();
        var run = await api.CreateRunAsync();
        var answer = await api.PostAsync("runs/update", $$"""{"run_id": "{{run}}", "status": "DONE"}""");
        Assert.Equal("RUNNING", (string)answer["run_info"]!["status"]!);
    }

    [Fact]
    public async Task Nothing_of_a_refused_batch_is_kept()
    {
        await using var api = await MlflowApi.StartAsync();
        var run = await api.CreateRunAsync();
        await api.PostAsync("runs/log-parameter", $$"""{"run_id": "{{run}}", "key": "p", "value": "1"}""");
        var error = await api.FailAsync("POST", "runs/log-batch", $$"""
            {"run_id": "{{run}}", "params": [{"key": "p", "value": "it's"}, {"key": "q", "value": "1"}], "metrics": [{"key": "m", "value": 1, "timestamp": 1}]}
            """);
        Assert.Equal($$"""Changing param values is not allowed. Params were already logged='[{'key': 'p', 'old_value': '1', 'new_value': "it's"}]' for run ID='{{run}}'.""", error.Message);
        var data = (await api.GetAsync($"runs/get?run_id={run}"))["run"]!["data"]!;
        Assert.Null(data["metrics"]);
        Assert.Single(data["params"]!.AsArray());
    }

    [Fact]
    public async Task Search_speaks_the_whole_grammar()
    {
        await using var api = await MlflowApi.StartAsync();
        await FillAsync(api);
        Assert.Equal("r3 r2 r1 r0", await api.SearchAsync(""));
        Assert.Equal("r2 r0", await api.SearchAsync("params.Model LIKE 'gb%'"));
        Assert.Equal("r2 r1 r0", await api.SearchAsync("params.Model ILIKE 'GB_T'"));
        Assert.Equal("r3", await api.SearchAsync("params.Model IS NULL"));
        Assert.Equal("r1", await api.SearchAsync("params.Model != 'gbdt'"));
        Assert.Equal("r3 r2", await api.SearchAsync("metrics.`val loss` > 1.5"));
        Assert.Equal("r2", await api.SearchAsync("metrics.`val loss` > -1e0 and status = 'FINISHED'"));
        Assert.Equal("r1", await api.SearchAsync("dataset.name = 'iris' and datasets.context != 'training'"));
        Assert.Equal("r1 r0", await api.SearchAsync("dataset.digest IN ('d1', 'zz')"));
        Assert.Equal("r0", await api.SearchAsync("dataset.context ILIKE 'TRAIN%'"));
        Assert.Equal("r1 r0", await api.SearchAsync("run_name LIKE 'r%' AND attributes.start_time < 300"));
        var id = await api.CreateRunAsync(more: """, "run_name": "x" """);
        Assert.Equal("x", await api.SearchAsync($"run_id IN ('{id}', 'other')"));
        Assert.Equal("r3 r2 r1 r0", await api.SearchAsync($"run_id NOT IN ('{id}')"));
    }

    [Fact]
    public async Task Runs_without_a_value_come_last_and_not_a_number_before_them()
    {
        await using var api = await MlflowApi.StartAsync();
        await FillAsync(api);
        var nan = await api.CreateRunAsync(more: """, "run_name": "nan" """);
        await api.LogAsync(nan, "val loss", (0, 1, "NaN"));
        await api.CreateRunAsync(more: """, "run_name": "none" """);
        Assert.Equal("r0 r1 r2 r3 nan none", await api.SearchAsync("", """, "order_by": ["metrics.`val loss`"]"""));
        Assert.Equal("r3 r2 r1 r0 nan none", await api.SearchAsync("", """, "order_by": ["metrics.`val loss` DESC"]"""));
        Assert.Equal("r1 r2 r0 r3 nan none", await api.SearchAsync("", """, "order_by": ["params.Model", "attributes.start_time DESC"]"""));
    }

    [Fact]
    public async Task Pages_follow_each_other()
    {
        await using var api = await MlflowApi.StartAsync();
        await FillAsync(api);
        var (names, token) = (new List<string>(), "");
        do
        {
            var page = await api.PostAsync("runs/search", $$"""{"experiment_ids": ["0"], "max_results": 3, "page_token": "{{token}}"}""");
            names.AddRange(page["runs"]!.AsArray().Select(r => (string)r!["info"]!["run_name"]!));
            token = (string?)page["next_page_token"];
        }
        while (token is not null);
        Assert.Equal(["r3", "r2", "r1", "r0"], names);
        Assert.Equal("r0", (string)(await api.PostAsync("runs/search", $$"""{"experiment_ids": ["0"], "page_token": "{{PageToken.Of(3)}}"}"""))["runs"]!.AsArray().Single()!["info"]!["run_name"]!);
        var first = (string)(await api.PostAsync("runs/search", """{"experiment_ids": ["0"], "max_results": 1}"""))["next_page_token"]!;
        Assert.Contains("another query", (await api.FailAsync("POST", "runs/search", $$"""{"experiment_ids": ["0"], "order_by": ["metrics.a"], "page_token": "{{first}}"}""")).Message, StringComparison.Ordinal);
        Assert.Equal("{}", (await api.PostAsync("runs/search", """{"experiment_ids": []}""")).ToJsonString());
        foreach (var size in new[] { "0", "-1", "50001" })
            Assert.Contains("max_results", (await api.FailAsync("POST", "runs/search", $$"""{"experiment_ids": ["0"], "max_results": {{size}}}""")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Models_are_linked_and_shown()
    {
        await using var api = await MlflowApi.StartAsync();
        var run = await api.CreateRunAsync();
        await api.PostAsync("runs/log-inputs", $$"""{"run_id": "{{run}}", "models": [{"model_id": "m-1"}]}""");
        await api.PostAsync("runs/outputs", $$"""{"run_id": "{{run}}", "models": [{"model_id": "m-2", "step": "7"}]}""");
        var found = (await api.GetAsync($"runs/get?run_id={run}"))["run"]!;
        Assert.Equal("""{"model_inputs":[{"model_id":"m-1"}]}""", found["inputs"]!.ToJsonString());
        Assert.Equal("""{"model_outputs":[{"model_id":"m-2","step":7}]}""", found["outputs"]!.ToJsonString());
        var searched = (await api.PostAsync("runs/search", """{"experiment_ids": ["0"]}"""))["runs"]![0]!;
        Assert.Equal("{}", searched["inputs"]!.ToJsonString());
    }

    [Fact]
    public async Task Datasets_of_experiments_are_listed()
    {
        await using var api = await MlflowApi.StartAsync();
        await FillAsync(api);
        foreach (var path in new[] { "/api/2.0mlflow/experiments/search-datasets", "/ajax-api/2.0/mlflow/experiments/search-datasets" })
        {
            var found = (await api.PostAsync(path, """{"experiment_ids": ["0"]}"""))["dataset_summaries"]!.AsArray();
            var uses = found.Select(d => $"{d!["experiment_id"]} {d["name"]} {d["digest"]} {d["context"]}").Order(StringComparer.Ordinal);
            Assert.Equal("0 iris d1 testing; 0 iris d1 training", string.Join("; ", uses));
        }
    }

    /// <summary>Four runs, r0 to r3, started at 100, 200, 300, 400.</summary>
    private static async Task FillAsync(MlflowApi api)
    {
        for (var i = 0; i < 4; i++)
        {
            var created = await api.PostAsync("runs/create", FormattableString.Invariant($$"""{"experiment_id": 0, "run_name": "r{{i}}", "start_time": {{100 * (i + 1)}}}"""));
            var run = (string)created["run"]!["info"]!["run_id"]!;
            await api.LogAsync(run, "val loss", (0, 1, "9"), (1, 2, FormattableString.Invariant($"{i}.0")));
            if (i < 3)
                await api.PostAsync("runs/log-parameter", $$"""{"run_id": "{{run}}", "key": "Model", "value": "{{(i == 1 ? "GBDT" : "gbdt")}}"}""");
            if (i < 2)
            {
                await api.PostAsync("runs/log-inputs", $$$"""
                    {"run_id": "{{{run}}}", "datasets": [{"tags": [{"key": "mlflow.data.context", "value": "{{{(i == 0 ? "training" : "testing")}}}"}],
                     "dataset": {"name": "iris", "digest": "d1", "source_type": "t", "source": "s"}}]}
                    """);
            }

            if (i == 2)
                await api.PostAsync("runs/update", $$"""{"run_id": "{{run}}", "status": "FINISHED", "end_time": 999}""");
        }
    }

    private static Task<JsonNode> SetTagAsync(MlflowApi api, string run, string key, string value) =>
        api.PostAsync("runs/set-tag", $$"""{"run_id": "{{run}}", "key": "{{key}}", "value": "{{value}}"}""");

    private static async Task<string> TagsAsync(MlflowApi api, string run) => string.Join(' ', (await api.GetAsync($"runs/get?run_id={run}"))
        ["run"]!["data"]!["tags"]!.AsArray().Select(t => $"{t!["key"]}={t["value"]}").Order(StringComparer.Ordinal));
}
