using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Runstone.Core.Errors;
using Runstone.Core.Experiments;

namespace Runstone.Formats.Mlflow;

/// <summary>
/// The members of a request, read as leniently as the original reads them: numbers may be text and text numbers, null is
/// absent, unknown members are ignored. Whatever cannot be read is an <see cref="ErrorCode.Invalid"/> error that names it.
/// </summary>
public readonly struct MlflowRequest
{
    private readonly JsonElement _object;
    private readonly string _path;

    private MlflowRequest(JsonElement value, string path) => (_object, _path) = (value, path);

    /// <summary>Reads a body: a JSON object, the same as text inside a JSON string, or nothing at all.</summary>
    public static MlflowRequest FromJson(in ReadOnlySequence<byte> body) => new(LenientJson.ParseObject(body), "");

    /// <summary>Reads query parameters; one that is repeated is a list.</summary>
    public static MlflowRequest FromQuery(IEnumerable<KeyValuePair<string, IReadOnlyList<string?>>> query)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var (name, values) in query)
            {
                writer.WriteStartArray(name);
                foreach (var value in values)
                    writer.WriteStringValue(value);
                writer.WriteEndArray();
            }

            writer.WriteEndObject();
        }

        return new MlflowRequest(LenientJson.ParseObject(new ReadOnlySequence<byte>(buffer.WrittenMemory)), "");
    }

    /// <summary>The text of a member; null when it is absent.</summary>
    public string? Text(string name)
    {
        if (!TryGet(name, out var value))
            return null;
        return value.ValueKind switch
        {
            JsonValueKind.String => LenientJson.Text(value),
            JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
            _ => throw WrongType(value, _path + name),
        };
    }

    /// <summary>The text of a member that must be there and not be empty.</summary>
    public string RequiredText(string name) => Text(name) is { Length: > 0 } text ? text : throw MissingValue(_path + name);

    /// <summary>The id of the run, which older clients call <c>run_uuid</c>.</summary>
    public string RunId()
    {
        var id = Text("run_id") is { Length: > 0 } text ? text : Text("run_uuid");
        return string.IsNullOrEmpty(id) ? throw MissingValue(_path + "run_id") : MlflowLimits.RunId(id);
    }

    /// <summary>An experiment id; an absent or empty one is 0 unless it is required.</summary>
    public long ExperimentId(bool required = false)
    {
        var text = required ? RequiredText("experiment_id") : Text("experiment_id");
        return string.IsNullOrEmpty(text) ? 0 : MlflowLimits.ExperimentId(text);
    }

    /// <summary>A whole number; null when the member is absent.</summary>
    public long? Integer(string name)
    {
        if (!TryGet(name, out var value))
            return null;
        return ToInteger(value) ?? throw WrongType(value, _path + name);
    }

    /// <summary>The texts of a list; empty when it is absent. A single value is a list of one.</summary>
    public IReadOnlyList<string> Texts(string name)
    {
        if (!TryGetList(name, out var list))
            return Text(name) is { } one ? [one] : [];
        var texts = new List<string>(list.GetArrayLength());
        foreach (var item in list.EnumerateArray())
        {
            texts.Add(item.ValueKind switch
            {
                JsonValueKind.String => LenientJson.Text(item),
                JsonValueKind.Number => item.GetRawText(),
                _ => throw WrongType(item, _path + name),
            });
        }

        return texts;
    }

    /// <summary>The objects of a list; empty when it is absent.</summary>
    public IReadOnlyList<MlflowRequest> Objects(string name)
    {
        if (!TryGetList(name, out var list))
            return TryGet(name, out var other) ? throw WrongType(other, _path + name) : [];
        var objects = new List<MlflowRequest>(list.GetArrayLength());
        foreach (var item in list.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Object)
                throw WrongType(item, _path + name);
            objects.Add(new MlflowRequest(item, string.Create(CultureInfo.InvariantCulture, $"{_path}{name}[{objects.Count}].")));
        }

        return objects;
    }

    /// <summary>A member that is an object; null when it is absent.</summary>
    public MlflowRequest? Object(string name)
    {
        if (!TryGet(name, out var value))
            return null;
        return value.ValueKind == JsonValueKind.Object ? new MlflowRequest(value, $"{_path}{name}.") : throw WrongType(value, _path + name);
    }

    /// <summary>The list of <c>{"key": ..., "value": ...}</c>.</summary>
    public IReadOnlyList<Tag> Tags(string name) => [.. Objects(name).Select(t => new Tag(t.RequiredText("key"), t.Text("value") ?? ""))];

    /// <summary>A parameter that must be there is not.</summary>
    public static RunstoneException MissingValue(string parameter) => new(Error.Invalid(
        parameter, $"Missing value for required parameter '{parameter}'. See the API docs for more information about request parameters."));

    /// <summary>A value is not acceptable; <paramref name="json"/> is the value as JSON.</summary>
    public static RunstoneException InvalidValue(string json, string parameter, string reason) => new(Error.Invalid(
        parameter, $"Invalid value {Shorten(json)} for parameter '{parameter}' supplied: {reason}"));

    /// <summary>A value of the wrong type, or outside the bounds of its type.</summary>
    public static RunstoneException WrongType(string json, string pythonType, string parameter) => InvalidValue(
        json, parameter, $" Hint: Value was of type '{pythonType}'. See the API docs for more information about request parameters.");

    /// <summary>The text as a JSON string.</summary>
    public static string Quote(string text) => $"\"{JsonEncodedText.Encode(text, LenientJson.Encoder)}\"";

    internal static long? ToInteger(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Number)
        {
            if (value.TryGetInt64(out var whole))
                return whole;
            return value.TryGetDouble(out var number) ? Whole(number) : null;
        }

        return value.ValueKind == JsonValueKind.String
            && long.TryParse(LenientJson.Text(value), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var parsed) ? parsed : null;
    }

    /// <summary>The number as a whole one when it is one and fits int64.</summary>
    internal static long? Whole(double number) =>
        number == Math.Floor(number) && number is >= -9.2233720368547758e18 and < 9.2233720368547758e18 ? (long)number : null;

    internal static RunstoneException WrongType(JsonElement value, string parameter) => WrongType(
        value.GetRawText(), TypeName(value), parameter);

    private static string TypeName(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => "str",
        JsonValueKind.True or JsonValueKind.False => "bool",
        JsonValueKind.Array => "list",
        JsonValueKind.Object => "dict",
        _ => value.TryGetInt64(out _) ? "int" : "float",
    };

    private bool TryGet(string name, out JsonElement value)
    {
        if (!LenientJson.TryGet(_object, name, out value) || value.ValueKind == JsonValueKind.Null)
            return false;
        if (value.ValueKind == JsonValueKind.Array && _path.Length == 0 && value.GetArrayLength() == 1 && IsScalar(value[0]))
            value = value[0];
        return true;
    }

    private bool TryGetList(string name, out JsonElement list) =>
        LenientJson.TryGet(_object, name, out list) && list.ValueKind == JsonValueKind.Array;

    // A query parameter arrives as a list of one, and so do the scalars of clients that send lists by mistake.
    private static bool IsScalar(JsonElement value) => value.ValueKind is JsonValueKind.String or JsonValueKind.Number;

    private static string Shorten(string json) => json.Length <= 200 ? json : string.Concat(json.AsSpan(0, 200), "...");
}
