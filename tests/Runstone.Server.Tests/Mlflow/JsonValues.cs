using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Runstone.Server.Tests.Mlflow;

/// <summary>Compares JSON by value: numbers as numbers, lists of keyed objects without regard to order.</summary>
internal static class JsonValues
{
    public static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // Clocks of the server; those of the client (start_time, end_time, timestamp) are compared.
    private static readonly string[] ServerTimes =
        ["creation_time", "last_update_time", "creation_timestamp", "last_updated_timestamp", "creation_timestamp_ms", "last_updated_timestamp_ms"];

    public static void AssertSame(JsonNode? expected, JsonNode? actual, string path)
    {
        switch (expected)
        {
            case JsonObject members:
                var other = Assert.IsType<JsonObject>(actual);
                var names = members.Select(m => m.Key).Order(StringComparer.Ordinal);
                Assert.True(names.SequenceEqual(other.Select(m => m.Key).Order(StringComparer.Ordinal), StringComparer.Ordinal), $"{path}: expected {expected.ToJsonString()}\nfound {other.ToJsonString()}");
                foreach (var (name, value) in members)
                    AssertMember(name, value, other[name], $"{path}.{name}");
                break;
            case JsonArray items:
                AssertSameItems(items, Assert.IsType<JsonArray>(actual), path);
                break;
            default:
                Assert.True(SameValue(expected, actual), $"{path}: expected {expected?.ToJsonString()}, found {actual?.ToJsonString()}");
                break;
        }
    }

    private static void AssertMember(string name, JsonNode? expected, JsonNode? actual, string path)
    {
        if (ServerTimes.Contains(name, StringComparer.Ordinal))
            Assert.True((long)actual! > 0, $"{path}: {actual}");
        else if (name == "message")
            AssertSameMessage((string)expected!, (string)actual!, path);
        else
            AssertSame(expected, actual, path);
    }

    private static void AssertSameMessage(string expected, string actual, string path)
    {
        if (expected.IndexOf(") already exists.", StringComparison.Ordinal) is var database and >= 0)
            expected = expected[..(database + ") already exists.".Length)];
        if (expected.IndexOf("No such artifact:", StringComparison.Ordinal) is var file and >= 0)
            expected = expected[file..];
        Assert.True(expected == actual, $"{path}:\nexpected {expected}\nfound    {actual}");
    }

    private static void AssertSameItems(JsonArray expected, JsonArray actual, string path)
    {
        Assert.True(expected.Count == actual.Count, $"{path}: expected {expected.ToJsonString()}\nfound {actual.ToJsonString()}");
        var (left, right) = IsKeyed(expected) ? (ByKey(expected), ByKey(actual)) : ([.. expected], [.. actual]);
        for (var i = 0; i < left.Count; i++)
            AssertSame(left[i], right[i], $"{path}[{i}]");
    }

    /// <summary>Params, tags and last metrics have one object a key; a history repeats its key and has an order.</summary>
    private static bool IsKeyed(JsonArray items) =>
        items.Count > 0 && items.All(i => i is JsonObject o && o["key"] is not null)
        && items.Select(i => (string)i!["key"]!).Distinct(StringComparer.Ordinal).Count() == items.Count;

    private static List<JsonNode?> ByKey(JsonArray items) => [.. items.OrderBy(i => (string?)i!["key"], StringComparer.Ordinal)];

    private static bool SameValue(JsonNode? expected, JsonNode? actual)
    {
        if (expected is null || actual is null)
            return expected is null && actual is null;
        if (expected.GetValueKind() != JsonValueKind.Number || actual.GetValueKind() != JsonValueKind.Number)
            return JsonNode.DeepEquals(expected, actual);
        return long.TryParse(expected.ToJsonString(), CultureInfo.InvariantCulture, out var whole) && long.TryParse(actual.ToJsonString(), CultureInfo.InvariantCulture, out var other)
            ? whole == other
            : (double)expected == (double)actual;
    }
}
