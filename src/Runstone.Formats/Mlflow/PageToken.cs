using System.Globalization;
using System.Text;
using System.Text.Json;
using Runstone.Core.Errors;

namespace Runstone.Formats.Mlflow;

/// <summary>Page tokens: base64 of <c>{"offset": N}</c> with N above 0.</summary>
public static class PageToken
{
    public static string Of(long offset) =>
        Convert.ToBase64String(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"offset\": {offset}}}")));

    /// <summary>Whether the text can be an offset: base64 of something in braces.</summary>
    public static bool IsOffset(string? token) => token is not null && token.StartsWith("ey", StringComparison.Ordinal);

    /// <summary>The offset of a token; 0 when there is none.</summary>
    public static long Offset(string? token)
    {
        if (string.IsNullOrEmpty(token))
            return 0;
        var bytes = new byte[token.Length];
        if (!Convert.TryFromBase64String(token, bytes, out var length))
            throw Invalid("could not base64-decode");
        try
        {
            var reader = new Utf8JsonReader(bytes.AsSpan(0, length));
            var element = JsonElement.ParseValue(ref reader);
            if (element.ValueKind == JsonValueKind.Object && element.TryGetProperty("offset"u8, out var offset)
                && MlflowRequest.ToInteger(offset) is > 0 and var number)
            {
                return number;
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw Invalid("could not be parsed as JSON");
        }

        throw Invalid("it has no positive offset");
    }

    private static RunstoneException Invalid(string reason) => new(Error.Invalid("page_token", $"Invalid page token, {reason}"));
}
