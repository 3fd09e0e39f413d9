using System.Text.Json;

namespace Runstone.Codecs;

/// <summary>One recorded series in the order in which its client sent it.</summary>
internal sealed record Recorded(string Name, List<(long Step, long Time, double Value)> Points);

/// <summary>Finds metric points in recorded requests: objects with key, value, timestamp and step (MLflow), and history lines (W&amp;B).</summary>
internal static class Recordings
{
    /// <summary>The series of each recorded run, by file.</summary>
    public static List<Recorded> Load(string folder)
    {
        var series = new Dictionary<string, Recorded>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(folder, "*.jsonl", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(Path.GetDirectoryName(file)) + "/" + Path.GetFileNameWithoutExtension(file);
            foreach (var line in File.ReadLines(file))
            {
                using var exchange = JsonDocument.Parse(line);
                if (exchange.RootElement.TryGetProperty("request_body", out var body))
                    Walk(body, name, "", series);
            }
        }

        return [.. series.Values];
    }

    private static void Walk(JsonElement element, string file, string run, Dictionary<string, Recorded> series)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in element.EnumerateArray())
                Walk(item, file, run, series);
        }
        else if (element.ValueKind == JsonValueKind.Object)
        {
            if (element.TryGetProperty("run_id", out var id) && id.ValueKind == JsonValueKind.String)
                run = id.GetString()!;
            TakePoint(element, file + run, series);
            foreach (var property in element.EnumerateObject())
                Walk(property.Value, file, run, series);
        }
        else if (element.ValueKind == JsonValueKind.String && element.GetString() is { } text && text.StartsWith("{\"", StringComparison.Ordinal) && text.Contains("\"_step\""))
        {
            TakeHistory(text, file, series);
        }
    }

    private static void TakePoint(JsonElement element, string prefix, Dictionary<string, Recorded> series)
    {
        if (element.TryGetProperty("key", out var key) && key.ValueKind == JsonValueKind.String
            && element.TryGetProperty("value", out var value) && value.ValueKind == JsonValueKind.Number
            && element.TryGetProperty("timestamp", out var time) && time.ValueKind == JsonValueKind.Number
            && element.TryGetProperty("step", out var step) && step.ValueKind == JsonValueKind.Number)
            Add(series, prefix + " " + key.GetString(), step.GetInt64(), time.GetInt64(), value.GetDouble());
    }

    private static void TakeHistory(string text, string file, Dictionary<string, Recorded> series)
    {
        JsonDocument line;
        try
        {
            line = JsonDocument.Parse(text);
        }
        catch (JsonException)
        {
            // Lines with a bare NaN are no JSON.
            return;
        }

        using (line)
        {
            var root = line.RootElement;
            if (!root.TryGetProperty("_step", out var step) || !step.TryGetInt64(out var number) || !root.TryGetProperty("_timestamp", out var time))
                return;
            foreach (var property in root.EnumerateObject())
            {
                if (property.Value.ValueKind == JsonValueKind.Number && !property.Name.StartsWith('_'))
                    Add(series, file + " " + property.Name, number, (long)(time.GetDouble() * 1000), property.Value.GetDouble());
            }
        }
    }

    private static void Add(Dictionary<string, Recorded> series, string name, long step, long time, double value)
    {
        if (!series.TryGetValue(name, out var found))
            series.Add(name, found = new Recorded(name, []));
        found.Points.Add((step, time, value));
    }
}
