using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Runstone.Server.Tests.Mlflow;

/// <summary>One recorded conversation of a real client with a real MLflow server, beside this repository in ../shared/transcripts.</summary>
internal sealed class Recording
{
    private static readonly string[] Place = ["transcripts", "mlflow-3.11.2"];

    private static readonly string[] NotHere = ["traces"];

    private Recording(IReadOnlyList<Exchange> exchanges, IReadOnlyList<Substitution> substitutions, JsonNode expected) =>
        (Exchanges, Substitutions, Expected) = (exchanges, substitutions, expected);

    public IReadOnlyList<Exchange> Exchanges { get; }

    public IReadOnlyList<Substitution> Substitutions { get; }

    /// <summary>The end state, in the form of the recording's README.</summary>
    public JsonNode Expected { get; }

    /// <summary>
    /// The recordings of what this server does; the others need parts of MLflow that it does not have yet. Where all are missing it is one
    /// name that cannot be loaded, because only a test that runs can say so.
    /// </summary>
    public static IEnumerable<string> Names() => Directory.Exists(SharedFolder.PathOf(Place))
        ? Directory.EnumerateFiles(SharedFolder.PathOf(Place), "*.jsonl")
            .Select(f => Path.GetFileNameWithoutExtension(f)).Except(NotHere, StringComparer.Ordinal).Order(StringComparer.Ordinal)
        : ["none"];

    public static Recording Load(string name)
    {
        var folder = SharedFolder.Require(Place);
        var meta = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, name + ".meta.json")))!;
        var exchanges = File.ReadLines(Path.Combine(folder, name + ".jsonl")).Select(l => new Exchange(JsonNode.Parse(l)!)).ToList();
        return new Recording(exchanges, [.. meta["substitutions"]!.AsArray().Select(s => Substitution.Read(s!))], meta["expected"]!);
    }
}

/// <summary>A request and what the original answered.</summary>
internal sealed class Exchange(JsonNode json)
{
    public int Number => (int)json["n"]!;

    public string Method => (string)json["method"]!;

    public string Path => (string)json["path"]!;

    public string? ContentType => (string?)json["request_headers"]!["Content-Type"];

    public int Status => (int)json["status"]!;

    /// <summary>The answer as JSON; null when it was none.</summary>
    public JsonNode? Answer => json["response_body"] is JsonObject answer ? answer : null;

    /// <summary>The bytes of an answer that was no text; null when it was one.</summary>
    public byte[]? AnswerBytes => (string?)json["response_body_base64"] is { } base64 ? Convert.FromBase64String(base64) : null;

    /// <summary>An answer that was a text and no JSON object; null when it was something else.</summary>
    public string? AnswerText => json["response_body"] is JsonValue text ? (string)text! : null;

    /// <summary>The body as text; null when there is none or it is binary.</summary>
    public string? BodyText => json["request_body"] switch
    {
        null => null,
        JsonValue text when text.GetValueKind() == JsonValueKind.String => (string)text!,
        var body => body.ToJsonString(),
    };

    public byte[]? BodyBytes => (string?)json["request_body_base64"] is { } base64 ? Convert.FromBase64String(base64) : null;
}

/// <summary>A value that the original chose: where its answer held it.</summary>
internal sealed record Substitution(int Exchange, string[] Path, string Value)
{
    public static Substitution Read(JsonNode json)
    {
        // For example "n=4 $.run.info.run_uuid".
        var parts = ((string)json["captured_from"]!).Split(" $.", 2);
        return new Substitution(
            int.Parse(parts[0]["n=".Length..], CultureInfo.InvariantCulture), parts[1].Split('.'), (string)json["value"]!);
    }
}
