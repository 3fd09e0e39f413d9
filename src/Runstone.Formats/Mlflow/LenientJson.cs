using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Runstone.Core.Errors;

namespace Runstone.Formats.Mlflow;

/// <summary>
/// Reads the bodies that clients really send: nothing at all for an empty object, an object inside a JSON string, and the
/// bare words NaN, Infinity and -Infinity that Python writes.
/// </summary>
internal static class LenientJson
{
    /// <summary>Escapes what JSON requires and nothing else.</summary>
    public static readonly JavaScriptEncoder Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    private static readonly ReadOnlyMemory<byte> EmptyObject = "{}"u8.ToArray();

    public static JsonElement ParseObject(in ReadOnlySequence<byte> body)
    {
        var root = Parse(body);
        if (root.ValueKind == JsonValueKind.String)
            root = Parse(new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(Text(root))));
        return root.ValueKind == JsonValueKind.Object ? root : throw NotAnObject();
    }

    /// <summary>
    /// The body as a strict JSON object, for readers that work on the bytes themselves after they failed on the body as sent.
    /// </summary>
    public static ReadOnlyMemory<byte> Repair(in ReadOnlySequence<byte> body)
    {
        var element = ParseObject(body);
        return Encoding.UTF8.GetBytes(element.GetRawText());
    }

    /// <summary>The text of a JSON string.</summary>
    public static string Text(JsonElement value)
    {
        try
        {
            return value.GetString() ?? "";
        }
        catch (InvalidOperationException)
        {
            throw Malformed("a string is not valid Unicode");
        }
    }

    /// <summary>A member of an object; the last one when a name is repeated.</summary>
    public static bool TryGet(JsonElement value, string name, out JsonElement member)
    {
        try
        {
            return value.TryGetProperty(name, out member);
        }
        catch (InvalidOperationException)
        {
            // Another member's name is an escaped half of a surrogate pair.
            throw Malformed("a name is not valid Unicode");
        }
    }

    public static RunstoneException NotAnObject() => new(Error.Invalid("body", "The request body must be a JSON object."));

    public static RunstoneException Malformed(string reason) =>
        new(Error.Invalid("body", $"The request body is not valid JSON: {reason}"));

    private static JsonElement Parse(in ReadOnlySequence<byte> body)
    {
        if (IsBlank(body))
            return ParseStrict(new ReadOnlySequence<byte>(EmptyObject));

        // The parser takes any bytes inside a string and throws when they are asked for, one by one.
        if (!Utf8.IsValid(body.IsSingleSegment ? body.FirstSpan : body.ToArray()))
            throw Malformed("it is not valid UTF-8");
        try
        {
            return ParseStrict(body);
        }
        catch (JsonException e)
        {
            var quoted = QuoteBareNumbers(body.ToArray());
            if (quoted is null)
                throw Malformed(e.Message);
            try
            {
                return ParseStrict(new ReadOnlySequence<byte>(quoted));
            }
            catch (JsonException second)
            {
                throw Malformed(second.Message);
            }
        }
    }

    private static JsonElement ParseStrict(in ReadOnlySequence<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        var element = JsonElement.ParseValue(ref reader);
        return reader.Read() ? throw new JsonException("there is more after the end of the value") : element;
    }

    private static bool IsBlank(in ReadOnlySequence<byte> body)
    {
        foreach (var segment in body)
        {
            if (segment.Span.ContainsAnyExcept(" \t\r\n"u8))
                return false;
        }

        return true;
    }

    /// <summary>Puts quotes around NaN, Infinity and -Infinity outside of strings; null when there are none.</summary>
    private static byte[]? QuoteBareNumbers(byte[] json)
    {
        var result = new ArrayBufferWriter<byte>(json.Length + 64);
        var (found, inString, index) = (false, false, 0);
        while (index < json.Length)
        {
            var word = inString ? 0 : BareNumber(json.AsSpan(index));
            if (word > 0)
            {
                found = true;
                result.Write("\""u8);
                result.Write(json.AsSpan(index, word));
                result.Write("\""u8);
                index += word;
                continue;
            }

            var length = inString && json[index] == (byte)'\\' && index + 1 < json.Length ? 2 : 1;
            if (json[index] == (byte)'"')
                inString = !inString;
            result.Write(json.AsSpan(index, length));
            index += length;
        }

        return found ? result.WrittenSpan.ToArray() : null;
    }

    private static int BareNumber(ReadOnlySpan<byte> rest)
    {
        if (rest.StartsWith("NaN"u8))
            return 3;
        if (rest.StartsWith("Infinity"u8))
            return 8;
        return rest.StartsWith("-Infinity"u8) ? 9 : 0;
    }
}
