using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Runstone.Server.Tests.Mlflow;

/// <summary>
/// Sends a recording to a server and compares the answers value by value. Tolerated differences, all of them: values that a
/// server chooses (ids, generated run names, its own times), the text of its database after "already exists.", the folder
/// of the server in the message of a missing file, and the size of a file that held such a value.
/// </summary>
internal sealed class Replay(HttpClient client, Recording recording)
{
    // Longest first, so that no value is replaced inside another.
    private readonly SortedDictionary<string, string> _values =
        new(Comparer<string>.Create((a, b) => a.Length != b.Length ? b.Length - a.Length : string.CompareOrdinal(a, b)));

    // By the name of a file: what it had and what it has with our values in it.
    private readonly Dictionary<string, (long Theirs, long Ours)> _sizes = new(StringComparer.Ordinal);

    /// <summary>Names that the original made up for runs that had none, and ours.</summary>
    public IReadOnlyDictionary<string, string> Values => _values;

    public async Task RunAsync()
    {
        foreach (var exchange in recording.Exchanges)
        {
            using var answer = await SendAsync(exchange);
            var bytes = await answer.Content.ReadAsByteArrayAsync();
            var text = Encoding.UTF8.GetString(bytes);
            Assert.True(exchange.Status == (int)answer.StatusCode, $"n={exchange.Number} {exchange.Method} {exchange.Path}: {(int)answer.StatusCode} {text}");
            if (exchange.AnswerBytes is { } expected)
                Assert.Equal(expected, bytes);
            else if (exchange.AnswerText is { } content)
                Assert.Equal(Translate(content), text);
            else if (exchange.Answer is { } json)
                Compare(exchange, json, JsonNode.Parse(text)!);
        }
    }

    /// <summary>The text with the original's values replaced by ours.</summary>
    public string Translate(string text) => _values.Aggregate(text, (t, pair) => t.Replace(pair.Key, pair.Value, StringComparison.Ordinal));

    private async Task<HttpResponseMessage> SendAsync(Exchange exchange)
    {
        using var request = new HttpRequestMessage(new HttpMethod(exchange.Method), Translate(exchange.Path));
        var body = exchange.BodyText is { } text ? Encoding.UTF8.GetBytes(Translate(text)) : exchange.BodyBytes;
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            if (exchange.BodyText is { } recorded && exchange.Method == "PUT")
                _sizes[exchange.Path[(exchange.Path.LastIndexOf('/') + 1)..]] = (Encoding.UTF8.GetByteCount(recorded), body.Length);
            if (exchange.ContentType is not null)
                request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(exchange.ContentType);
        }
        else if (exchange.Method == "PUT")
        {
            request.Content = new ByteArrayContent([]);
        }

        return await client.SendAsync(request);
    }

    private void Compare(Exchange exchange, JsonNode expected, JsonNode actual)
    {
        foreach (var substitution in recording.Substitutions.Where(s => s.Exchange == exchange.Number))
            _values[substitution.Value] = (string)substitution.Path.Aggregate(actual, (node, name) => node![name]!)!;
        LearnRunName(exchange, expected, actual);
        var translated = JsonNode.Parse(Translate(expected.ToJsonString(JsonValues.Plain)))!;
        foreach (var file in translated["files"]?.AsArray() ?? [])
        {
            if (_sizes.TryGetValue((string)file!["path"]!, out var size) && (long?)file["file_size"] == size.Theirs)
                file["file_size"] = size.Ours;
        }

        JsonValues.AssertSame(translated, actual, $"n={exchange.Number} {exchange.Method} {exchange.Path} $");
    }

    /// <summary>A run created without a name is given one by the server.</summary>
    private void LearnRunName(Exchange exchange, JsonNode expected, JsonNode actual)
    {
        if (!exchange.Path.EndsWith("/runs/create", StringComparison.Ordinal) || (string?)expected["run"]?["info"]?["run_name"] is not { } name)
            return;
        if (!exchange.BodyText!.Contains($"\"{name}\"", StringComparison.Ordinal))
            _values[name] = (string)actual["run"]!["info"]!["run_name"]!;
    }
}
