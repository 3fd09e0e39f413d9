using System.Text.Json;

namespace Runstone.Formats.Mlflow;

/// <summary>A list of JSON that is kept as the text of a tag.</summary>
internal static class JsonList
{
    /// <summary>The list with one more item, its text else as it was; what is no list is one that is empty.</summary>
    public static string With(string? list, string item)
    {
        try
        {
            using var document = JsonDocument.Parse(list ?? "[]");
            if (document.RootElement.ValueKind == JsonValueKind.Array && document.RootElement.GetArrayLength() > 0)
                return $"{list.AsSpan().TrimEnd()[..^1]}, {item}]";
        }
        catch (JsonException)
        {
            // A client wrote something else under the name of the tag.
        }

        return $"[{item}]";
    }
}
