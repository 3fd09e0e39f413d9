using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Runstone.Server.Tests.Mlflow;

/// <summary>Reads back through the API what a recording should have left behind, and compares it with what the recording says.</summary>
internal sealed class EndState(HttpClient client, Replay replay)
{
    private const string Api = "/api/2.0/mlflow/";

    public async Task CheckAsync(JsonNode expected)
    {
        foreach (var (name, experiment) in expected["experiments"]!.AsObject())
            await CheckExperimentAsync(name, experiment!);
        var models = expected["registered_models"]?.AsObject() ?? [];
        var found = (await GetAsync("registered-models/search"))["registered_models"]?.AsArray() ?? [];
        Assert.Equal(Keys(expected["registered_models"] ?? new JsonObject()), found.Select(m => (string)m!["name"]!), StringComparer.Ordinal);
        foreach (var model in found)
            await CheckModelAsync(models[(string)model!["name"]!]!, model);
    }

    private async Task CheckModelAsync(JsonNode expected, JsonNode found)
    {
        var name = (string)found["name"]!;
        var versions = (await GetAsync($"model-versions/search?filter={Uri.EscapeDataString($"name='{name}'")}"))["model_versions"];
        JsonValues.AssertSame(Translated(expected["description"]), found["description"], $"{name} description");
        JsonValues.AssertSame(Translated(expected["tags"]), found["tags"] ?? new JsonArray(), $"{name} tags");
        JsonValues.AssertSame(Translated(expected["aliases"]), found["aliases"] ?? new JsonArray(), $"{name} aliases");
        JsonValues.AssertSame(Translated(expected["versions"]), versions ?? new JsonArray(), $"{name} versions");
    }

    private async Task CheckExperimentAsync(string name, JsonNode expected)
    {
        var found = (await GetAsync($"experiments/get-by-name?experiment_name={Uri.EscapeDataString(name)}"))["experiment"]!;
        Assert.Equal(replay.Translate((string)expected["experiment_id"]!), (string)found["experiment_id"]!);
        Assert.Equal((string)expected["lifecycle_stage"]!, (string)found["lifecycle_stage"]!);
        AssertPairs(expected["tags"]!, found["tags"], name);
        var all = await PostAsync("runs/search", new JsonObject { ["experiment_ids"] = new JsonArray((string)found["experiment_id"]!), ["run_view_type"] = "ALL" });
        var runs = expected["runs"]!.AsArray();
        Assert.Equal(runs.Count, all["runs"]?.AsArray().Count ?? 0);
        foreach (var run in runs)
            await CheckRunAsync(run!, all["runs"]!.AsArray().Single(r => (string)r!["info"]!["run_id"]! == replay.Translate((string)run!["run_id"]!))!);
        var models = await PostAsync("logged-models/search", new JsonObject { ["experiment_ids"] = new JsonArray((string)found["experiment_id"]!) });
        JsonValues.AssertSame(Translated(expected["logged_models"]) ?? new JsonArray(), models["models"] ?? new JsonArray(), $"{name} logged models");
    }

    /// <summary>Inputs are those that a search tells, which leaves out models.</summary>
    private async Task CheckRunAsync(JsonNode expected, JsonNode listed)
    {
        var id = replay.Translate((string)expected["run_id"]!);
        var found = (await GetAsync($"runs/get?run_id={id}"))["run"]!;
        foreach (var member in new[] { "run_name", "status", "lifecycle_stage", "user_id", "start_time", "end_time" })
            JsonValues.AssertSame(Translated(expected[member]), found["info"]![member], $"{id} {member}");
        AssertPairs(expected["params"]!, found["data"]!["params"], $"{id} params");
        AssertPairs(expected["tags"]!, found["data"]!["tags"], $"{id} tags");
        JsonValues.AssertSame(Translated(expected["inputs"]), listed["inputs"], $"{id} inputs");
        JsonValues.AssertSame(Translated(expected["outputs"]), found["outputs"], $"{id} outputs");
        Assert.Equal(string.Join('\n', Keys(expected["series"]!)), string.Join('\n', (found["data"]!["metrics"]?.AsArray() ?? []).Select(m => (string)m!["key"]!).Order(StringComparer.Ordinal)));
        foreach (var (key, series) in expected["series"]!.AsObject())
            await CheckSeriesAsync(id, key, series!, found["data"]!["metrics"]!.AsArray().Single(m => (string)m!["key"]! == key)!);
        await CheckArtifactsAsync(id, expected["artifacts"]!);
    }

    private async Task CheckSeriesAsync(string runId, string key, JsonNode expected, JsonNode latest)
    {
        var history = await GetAsync($"metrics/get-history?run_id={runId}&metric_key={Uri.EscapeDataString(key)}");
        var points = history["metrics"]!.AsArray().Select(p => (Step: (long)p!["step"]!, Time: (long)p["timestamp"]!, Value: Number(p["value"]!)))
            .OrderBy(p => p.Step).ThenBy(p => p.Time).ToList();
        var finite = points.Where(p => !double.IsNaN(p.Value)).Select(p => p.Value).ToList();
        var where = $"{runId} {key}";
        Assert.Equal((where, (int)expected["points"]!), (where, points.Count));
        Assert.Equal((where, (long)expected["first"]!["step"]!, Number(expected["first"]!["value"]!)), (where, points[0].Step, points[0].Value));
        Assert.Equal((where, (long)expected["last"]!["step"]!, Number(expected["last"]!["value"]!)), (where, points[^1].Step, points[^1].Value));
        Assert.Equal((where, Number(expected["latest"]!["value"]!), (long)expected["latest"]!["step"]!), (where, Number(latest["value"]!), (long)latest["step"]!));
        Assert.Equal((where, (int?)expected["non_finite"] ?? 0), (where, points.Count - finite.Count));
        if (finite.Count > 0)
            Assert.Equal((where, Number(expected["min"]!), Number(expected["max"]!)), (where, finite.Min(), finite.Max()));
    }

    private async Task CheckArtifactsAsync(string runId, JsonNode expected)
    {
        var files = new SortedDictionary<string, (long Size, string Sha256)>(StringComparer.Ordinal);
        await CollectAsync(runId, "", files);
        var wanted = expected.AsObject().ToDictionary(f => f.Key, f => ((long)f.Value!["size"]!, (string)f.Value["sha256"]!), StringComparer.Ordinal);
        Assert.Equal(new SortedDictionary<string, (long, string)>(wanted, StringComparer.Ordinal), files);
    }

    private async Task CollectAsync(string runId, string folder, SortedDictionary<string, (long Size, string Sha256)> files)
    {
        var list = await GetAsync($"artifacts/list?run_id={runId}&path={Uri.EscapeDataString(folder)}");
        foreach (var entry in list["files"]?.AsArray() ?? [])
        {
            var path = (string)entry!["path"]!;
            if ((bool)entry["is_dir"]!)
            {
                await CollectAsync(runId, path, files);
                continue;
            }

            var content = await client.GetByteArrayAsync($"/get-artifact?run_uuid={runId}&path={Uri.EscapeDataString(path)}");
            files.Add(path, ((long?)entry["file_size"] ?? 0, Convert.ToHexStringLower(SHA256.HashData(content))));
        }
    }

    private void AssertPairs(JsonNode expected, JsonNode? actual, string where)
    {
        var wanted = Translated(expected)!.AsObject().Select(p => $"{p.Key}={p.Value}").Order(StringComparer.Ordinal);
        var found = (actual?.AsArray() ?? []).Select(p => $"{p!["key"]}={p["value"]}").Order(StringComparer.Ordinal);
        Assert.Equal($"{where}\n{string.Join('\n', wanted)}", $"{where}\n{string.Join('\n', found)}");
    }

    private JsonNode? Translated(JsonNode? node) => node is null ? null : JsonNode.Parse(replay.Translate(node.ToJsonString(JsonValues.Plain)));

    private static IEnumerable<string> Keys(JsonNode node) => node.AsObject().Select(p => p.Key).Order(StringComparer.Ordinal);

    private static double Number(JsonNode node) => node.GetValueKind() == System.Text.Json.JsonValueKind.String ? double.NaN : (double)node;

    private async Task<JsonNode> GetAsync(string call) => JsonNode.Parse(await client.GetStringAsync(Api + call))!;

    private async Task<JsonNode> PostAsync(string call, JsonNode body)
    {
        using var content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        using var answer = await client.PostAsync(Api + call, content);
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
    }
}
