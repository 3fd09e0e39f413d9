using System.Text.Json.Nodes;

namespace Runstone.Server.Tests.Mlflow;

/// <summary>Histories: whole, in pages, of many runs, sampled.</summary>
public sealed class MetricCallTests
{
    [Fact]
    public async Task Without_a_page_size_a_history_is_whole_and_in_order_of_time()
    {
        await using var api = await MlflowApi.StartAsync();
        var run = await api.CreateRunAsync();
        await api.LogAsync(run, "m", (5, 30, "3"), (1, 10, "1"), (9, 20, "\"NaN\""), (2, 20, "-Infinity"), (2, 20, "7"), (5, 30, "3"));
        var history = await api.GetAsync($"metrics/get-history?run_uuid={run}&metric_key=m");
        Assert.Equal(
            "10 1 1.0; 20 2 -1.7976931348623157E+308; 20 2 7.0; 20 9 NaN; 30 5 3.0",
            string.Join("; ", history["metrics"]!.AsArray().Select(p => $"{p!["timestamp"]} {p["step"]} {p["value"]}")));
        Assert.Null(history["next_page_token"]);
        Assert.Equal("{}", (await api.GetAsync($"metrics/get-history?run_id={run}&metric_key=other")).ToJsonString());
    }

    [Fact]
    public async Task Integers_that_no_double_holds_are_doubles_here_and_texts_in_the_native_history()
    {
        await using var api = await MlflowApi.StartAsync();
        var run = await api.CreateRunAsync();
        await api.LogAsync(run, "m", (1, 10, "9007199254740993"), (2, 10, "-123456789012345678901234567890"), (3, 10, "7"));
        var history = await api.GetAsync($"metrics/get-history?run_id={run}&metric_key=m");
        Assert.Equal([9007199254740992, -1.2345678901234568e29, 7], history["metrics"]!.AsArray().Select(p => (double)p!["value"]!));
        var native = JsonNode.Parse(await api.Client.GetStringAsync($"/api/v1/runs/{run}/metrics/history?key=m"))!;
        Assert.Equal("""[{"index":0,"text":"9007199254740993"},{"index":1,"text":"-123456789012345678901234567890"}]""", native["texts"]!.ToJsonString());
    }

    [Fact]
    public async Task A_history_comes_in_pages_when_asked()
    {
        await using var api = await MlflowApi.StartAsync();
        var run = await api.CreateRunAsync();
        await api.LogAsync(run, "m", [.. Enumerable.Range(0, 7).Select(i => ((long)i, 100L + i, "1"))]);
        var first = await api.GetAsync($"metrics/get-history?run_id={run}&metric_key=m&max_results=5");
        var second = await api.GetAsync($"metrics/get-history?run_id={run}&metric_key=m&max_results=5&page_token={Uri.EscapeDataString((string)first["next_page_token"]!)}");
        Assert.Equal([0L, 1, 2, 3, 4], Steps(first));
        Assert.Equal([5L, 6], Steps(second));
        Assert.Null(second["next_page_token"]);
    }

    [Fact]
    public async Task A_bulk_history_is_plain_JSON_with_bare_words()
    {
        await using var api = await MlflowApi.StartAsync();
        var run = await api.CreateRunAsync();
        await api.LogAsync(run, "m", (0, 1, "0.5"), (1, 2, "NaN"), (2, 3, "1"));
        var text = await api.Client.GetStringAsync($"/ajax-api/2.0/mlflow/metrics/get-history-bulk?run_id={run}&metric_key=m&max_results=2");
        Assert.Equal(
            $$"""{"metrics":[{"key":"m","run_id":"{{run}}","step":0,"timestamp":1,"value":0.5},{"key":"m","run_id":"{{run}}","step":1,"timestamp":2,"value":NaN}]}""", text);
        Assert.Equal("GetMetricHistoryBulk request must specify at least one run_id.", (await api.FailAsync("GET", "/ajax-api/2.0/mlflow/metrics/get-history-bulk?metric_key=m")).Message);
        var many = string.Join('&', Enumerable.Repeat("run_id=r", 101));
        Assert.Contains("more than 100", (await api.FailAsync("GET", $"/ajax-api/2.0/mlflow/metrics/get-history-bulk?metric_key=m&{many}")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sampled_history_shows_all_runs_at_the_same_steps()
    {
        await using var api = await MlflowApi.StartAsync();
        var (a, b) = (await api.CreateRunAsync(), await api.CreateRunAsync());
        await api.LogAsync(a, "m", [.. Enumerable.Range(0, 100).Select(i => ((long)i, 100L + i, "1"))]);
        await api.LogAsync(b, "m", (33, 5, "2"), (40, 6, "2"), (77, 7, "2"));
        var whole = await api.GetAsync($"metrics/get-history-bulk-interval?run_ids={b}&run_ids={a}&metric_key=m");
        Assert.Equal(103, whole["metrics"]!.AsArray().Count);
        var sampled = await api.GetAsync($"metrics/get-history-bulk-interval?run_ids={b}&run_ids={a}&metric_key=m&max_results=10");
        Assert.Equal([33L, 40, 77, 0, 10, 20, 30, 33, 40, 50, 60, 70, 77, 80, 90, 99], Steps(sampled));
        Assert.Equal(b, (string)sampled["metrics"]![0]!["run_id"]!);
        var part = await api.GetAsync($"metrics/get-history-bulk-interval?run_ids={a}&metric_key=m&start_step=10&end_step=12");
        Assert.Equal([10L, 11, 12], Steps(part));
    }

    [Theory]
    [InlineData("metric_key=m", "GetMetricHistoryBulkInterval request must specify at least one run_id.")]
    [InlineData("run_ids=r&metric_key=m&start_step=1", "If either start step or end step are specified, both must be specified.")]
    [InlineData("run_ids=r&metric_key=m&start_step=3&end_step=1", "end_step must be greater than start_step. Found start_step=3 and end_step=1.")]
    [InlineData("run_ids=r&metric_key=m&max_results=2501", "max_results must be between 1 and 2500. Found 2501.")]
    [InlineData("run_ids=r", "Missing value for required parameter 'metric_key'. See the API docs for more information about request parameters.")]
    public async Task A_wrong_sample_says_what_is_wrong(string query, string message)
    {
        await using var api = await MlflowApi.StartAsync();
        Assert.Equal((400, "INVALID_PARAMETER_VALUE", message), await api.FailAsync("GET", "metrics/get-history-bulk-interval?" + query));
    }

    private static IEnumerable<long> Steps(JsonNode answer) => answer["metrics"]!.AsArray().Select(p => (long)p!["step"]!);
}
