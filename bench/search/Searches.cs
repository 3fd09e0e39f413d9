using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Runstone.Load;
using Runstone.Load.Http;

namespace Runstone.SearchBench;

/// <summary>The searches of the page and of clients, one request at a time.</summary>
internal sealed class Searches(ServerProcess server, PlainStore plain, Figures report, SearchOptions options) : IDisposable
{
    private const string Native = "/api/v1/runs/search";
    private const string Table = "/api/v1/runs/table";
    private const string Columns = """{"metrics":["m0","m3","m5","m7","m9"],"params":["p0","p1","p3","p7","p9"],"tags":[],"inputs":false}""";

    private const string ReadNarrow =
        "select x.run_no, x.key_id, x.value from params x where x.run_no in ({0}) and x.key_id in (select id from key_name where name in ('p0','p1','p3','p7','p9'))";

    private const string ReadMetrics =
        "select x.run_no, x.key_id, x.last, x.last_step, x.last_time, x.min_value, x.max_value, x.first, x.count from metric_latest x where x.run_no in ({0})";

    private const string ReadParams = "select x.run_no, x.key_id, x.value from params x where x.run_no in ({0})";

    private readonly Connection _connection = new(server.Address);
    private readonly Random _random = new(1);
    private string _many = "";
    private string _wide = "";

    public async Task RunAsync()
    {
        (_many, _wide) = (TrackingTarget.ExperimentId(_connection, Seed.Many), TrackingTarget.ExperimentId(_connection, Seed.Wide));
        Check();
        await FilteredAsync();
        await PagesAsync();
        await TextAsync();
        await CountsAsync();
        await WideAsync();
    }

    public void Dispose() => _connection.Dispose();

    private async Task FilteredAsync()
    {
        await MeasureAsync("metric and param, ordered by a metric, 100 runs of 10 columns", "p50 20, p95 50", () => Body(Filter(), "metrics.m5 desc"), Native,
            () => plain.TimeAsync(Find(), ReadNarrow, ReadMetrics + " and x.key_id in (select id from key_name where name in ('m0','m3','m5','m7','m9'))"));
        await MeasureAsync("the same through MLflow's call, all 43 columns", "p50 20, p95 50", () => JsonSerializer.Serialize(new
        {
            experiment_ids = (string[])[_many],
            filter = Filter().Replace('"', '\''),
            order_by = (string[])["metrics.m5 DESC"],
            max_results = 100,
        }), TrackingTarget.Api + "runs/search", () => plain.TimeAsync(Find(), ReadParams, ReadMetrics));
        await MeasureAsync("the same, a param that no run has", "", () => Body($"metrics.m3 > {Threshold()} and params.p7 = \"none\"", "metrics.m5 desc"), Native);
        await MeasureAsync("metric and param, newest first", "", () => Body(Filter(), null), Native);
        await MeasureAsync("newest 100", "", () => Body(null, null), Native);
        await MeasureAsync("ordered by a metric", "", () => Body(null, "metrics.m5"), Native);
        await MeasureAsync("ordered by a param of ten values", "", () => Body(null, "params.p7"), Native);
        await MeasureAsync("ordered by a param of its own for each run", "", () => Body(null, "params.p6 desc"), Native);
        await MeasureAsync("ordered by a tag, then a metric", "", () => Body(null, "tags.host", "metrics.m5 desc"), Native);
        await MeasureAsync("ordered by least value of a metric (no index)", "", () => Body(null, "metrics.m5:min"), Native);
        await MeasureAsync("ordered by name (no index)", "", () => Body(null, "name"), Native);
    }

    /// <summary>A page in the middle, by the token of the page before and by passing over as many rows.</summary>
    private async Task PagesAsync()
    {
        foreach (var order in (string?[])[null, "metrics.m5 desc"])
        {
            string? token = null;
            for (var left = options.Runs / 2; left > 0; left -= 1000)
                token = Next(Body(null, order, token: token, limit: 1000));
            await MeasureAsync($"page in the middle, by token, {order ?? "newest first"}", "", () => Body(null, order, token: token), Native);
        }

        var offset = Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes($"{{\"offset\": {options.Runs / 2}}}"));
        await MeasureAsync("page in the middle, by offset, through MLflow's call, newest first", "", () => JsonSerializer.Serialize(new
        {
            experiment_ids = (string[])[_many],
            max_results = 100,
            page_token = offset,
        }), TrackingTarget.Api + "runs/search");
    }

    private async Task TextAsync()
    {
        string[] rare = ["node-63.example.org", "zebra", "quartz crystal", "without any"];
        await MeasureAsync("text that no run has, counted", "p95 150", () => Body($"\"{rare[_random.Next(rare.Length)]}\"", null, count: true), Native, () => plain.TimeAsync(FindText("zebra")));
        await MeasureAsync("text that one run has, counted", "p95 150", () => Body($"\"{_random.Next(10_000, options.Runs)}\"", null, count: true), Native, () => plain.TimeAsync(FindText("45678")));
        await MeasureAsync("text that a third has, first page", "p95 150", () => Body("\"granite\"", null), Native);
        await MeasureAsync("text that a third has, counted", "p95 150", () => Body("\"granite\"", null, count: true), Native);
        await MeasureAsync("text that a few have, ordered by a metric, counted", "p95 150", () => Body($"\"{_random.Next(100, 1000)}7\"", "metrics.m5", count: true), Native);
        await MeasureAsync("name contains, counted", "p95 150", () => Body($"name contains \"cedar-{_random.Next(10, 99)}\"", null, count: true), Native);
    }

    private async Task CountsAsync()
    {
        await MeasureAsync("count of all", "", () => Body(null, null, count: true, limit: 1), Native);
        await MeasureAsync("count of metric and param (some 5,000)", "", () => Body(Filter(), null, count: true, limit: 1), Native);
        await MeasureAsync("count of a metric above its middle", "", () => Body("metrics.m3 > 0.5", null, count: true, limit: 1), Native);
    }

    private async Task WideAsync()
    {
        var keys = Enumerable.Range(0, Seed.WideKeys).ToList();
        var columns = JsonSerializer.Serialize(new { metrics = keys.Select(k => $"wide/metric_{k}"), @params = keys.Select(k => $"wide/param_{k}"), tags = (string[])[], inputs = false });
        var find = $"select r.run_no from runs r where r.experiment_id = {_wide} and r.lifecycle = 0 order by r.start_time desc, r.run_id limit 1001";
        var table = JsonSerializer.Serialize(keys.Select(k => $"wide/metric_{k}").Select(k => $"metrics.`{k}`").Concat(keys.Select(k => $"params.`wide/param_{k}`")));
        const string ReadLast = "select x.run_no, x.key_id, x.last from metric_latest x where x.run_no in ({0})";
        await MeasureAsync("1,000 runs with 200 columns, as a table", "150", () => $$"""{"experimentIds":["{{_wide}}"],"limit":1000,"columns":{{table}}}""", Table, () => plain.TimeAsync(find, ReadParams, ReadLast));
        await MeasureAsync("1,000 runs with 200 columns, as a table, ordered by a metric", "150",
            () => $$"""{"experimentIds":["{{_wide}}"],"limit":1000,"orderBy":["metrics.`wide/metric_7`"],"columns":{{table}}}""", Table, () => plain.TimeAsync(find, ReadParams, ReadLast));
        await MeasureAsync("100 of 100,000 runs, 10 columns, as a table", "", () => $$"""{"experimentIds":["{{_many}}"],"limit":100,"columns":["name","metrics.m0","metrics.m3","metrics.m5","metrics.m7","metrics.m9","params.p0","params.p1","params.p3","params.p7","params.p9"]}""", Table);
        await MeasureAsync("1,000 runs with 200 columns", "150", () => $$"""{"experimentIds":["{{_wide}}"],"limit":1000,"columns":{{columns}}}""", Native, () => plain.TimeAsync(find, ReadParams, ReadMetrics));
        await MeasureAsync("1,000 runs with 200 columns, ordered by a metric", "150",
            () => $$"""{"experimentIds":["{{_wide}}"],"limit":1000,"orderBy":["metrics.`wide/metric_7`"],"columns":{{columns}}}""", Native, () => plain.TimeAsync(find, ReadParams, ReadMetrics));
        await MeasureAsync("1,000 runs, all 203 columns", "150", () => $$"""{"experimentIds":["{{_wide}}"],"limit":1000}""", Native);
    }

    private string Threshold() => (0.3 + (_random.NextDouble() * 0.4)).ToString("0.0000", CultureInfo.InvariantCulture);

    private string Filter() => $"metrics.m3 > {Threshold()} and params.p7 = \"v{_random.Next(10)}\"";

    private string Find() => $"""
        select x.run_no from metric_latest x
        where x.experiment_id = {_many} and x.key_id = (select id from key_name where name = 'm5') and x.last is not null
        and (select y.last > {Threshold()} from metric_latest y where y.run_no = x.run_no and y.key_id = (select id from key_name where name = 'm3'))
        and (select y.value = 'v{_random.Next(10)}' from params y where y.run_no = x.run_no and y.key_id = (select id from key_name where name = 'p7'))
        order by x.last desc limit 101
        """;

    private string FindText(string text) => $"""
        select r.run_no from runs r where r.experiment_id = {_many} and (upper(r.name) like '%{text.ToUpperInvariant()}%'
        or r.run_no in (select x.run_no from tags x where upper(x.value) like '%{text.ToUpperInvariant()}%')) limit 101
        """;

    private string Body(string? filter, string? order, string? then = null, string? token = null, int limit = 100, bool count = false) => JsonSerializer.Serialize(new
    {
        experimentIds = (string[])[_many],
        filter,
        orderBy = order is null ? null : then is null ? (string[])[order] : [order, then],
        pageToken = token,
        limit,
        count,
        columns = JsonDocument.Parse(Columns).RootElement,
    });

    private string? Next(string body)
    {
        _connection.Send(Requests.Build("POST", Native, body));
        using var answer = TrackingTarget.Parse(_connection);
        return answer.RootElement.GetProperty("nextPageToken").GetString();
    }

    private async Task MeasureAsync(string name, string target, Func<string> body, string path, Func<Task<double>>? limit = null)
    {
        if (!name.Contains(options.Only, StringComparison.Ordinal))
            return;
        var (latencies, limits) = (new List<double>(), new List<double>());
        _connection.Send(Requests.Build("POST", path, body()));
        if (limit is not null)
            await limit();
        var (started, busy) = (Stopwatch.GetTimestamp(), server.ProcessorTime);
        while (latencies.Count < 5 || Stopwatch.GetElapsedTime(started) < options.Window)
        {
            var request = Requests.Build("POST", path, body());
            var sent = Stopwatch.GetTimestamp();
            _connection.Send(request);
            latencies.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
            if (limit is not null)
                limits.Add(await limit());
        }

        report.Add(name, latencies, (server.ProcessorTime - busy).TotalMilliseconds / latencies.Count, limits, target, Answer());
    }

    /// <summary>How many runs the last answer has, and how long it is.</summary>
    private string Answer()
    {
        using var answer = TrackingTarget.Parse(_connection);
        var runs = answer.RootElement.TryGetProperty("runs", out var list) ? list.GetArrayLength() : 0;
        var total = answer.RootElement.TryGetProperty("total", out var found) && found.ValueKind == JsonValueKind.Number
            ? $" of {(answer.RootElement.GetProperty("totalIsExact").GetBoolean() ? "" : "more than ")}{found.GetInt64().ToString("N0", CultureInfo.InvariantCulture)}"
            : "";
        return string.Create(CultureInfo.InvariantCulture, $"{runs:N0}{total} runs, {_connection.Body.Length / 1024.0:0} KiB");
    }

    /// <summary>Makes sure that what is measured is the right answer.</summary>
    private void Check()
    {
        _connection.Send(Requests.Build("POST", Native, Body(Filter(), "metrics.m5 desc")));
        using var answer = TrackingTarget.Parse(_connection);
        var values = answer.RootElement.GetProperty("runs").EnumerateArray()
            .Select(run => run.GetProperty("metrics").GetProperty("m5").GetProperty("last").GetDouble()).ToArray();
        if (values.Length != 100 || !values.SequenceEqual(values.OrderDescending()))
            throw new InvalidOperationException($"The search answered {values.Length} runs, not in the order asked for");
    }
}
