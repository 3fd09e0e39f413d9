using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Runstone.Core.Errors;
using Runstone.Core.Metrics;

namespace Runstone.Formats.Mlflow;

/// <summary>
/// Page tokens: base64 of <c>{"offset": N}</c> with N above 0. One of a history also has the point it ends with, <c>"after": [time,
/// step, millionths, bits of the value]</c>, so that the next page begins there whatever was written meanwhile.
/// </summary>
public static class PageToken
{
    public static string Of(long offset) =>
        Convert.ToBase64String(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"offset\": {offset}}}")));

    /// <summary>Whether the text can be an offset: base64 of something in braces.</summary>
    public static bool IsOffset(string? token) => token is not null && token.StartsWith("ey", StringComparison.Ordinal);

    /// <summary>A token that belongs to one query, by the hash of what makes it (<paramref name="query"/>).</summary>
    public static string Of(long offset, string query) => Convert.ToBase64String(Encoding.ASCII.GetBytes(string.Create(
        CultureInfo.InvariantCulture, $"{{\"offset\": {offset}, \"query\": \"{HashOf(query)}\"}}")));

    /// <summary>The offset of a token of the same query; 0 when there is none. That of another query is refused.</summary>
    public static long Offset(string? token, string query)
    {
        var offset = Offset(token);
        if (offset > 0 && !(Read(token!).TryGetProperty("query"u8, out var hash) && hash.ValueKind == JsonValueKind.String && hash.ValueEquals(HashOf(query))))
            throw Invalid("it belongs to another query; send the experiments, filter, datasets and order that it was given for");
        return offset;
    }

    /// <summary>The token of a page of a history that ends with the point.</summary>
    public static string Of(long offset, in SeriesPoint last) => Convert.ToBase64String(Encoding.ASCII.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $"{{\"offset\": {offset}, \"after\": [{last.Time}, {last.Step.Whole}, {last.Step.Micros}, {BitConverter.DoubleToInt64Bits(last.Value)}]}}")));

    /// <summary>The point that the page before ended with; null when the token does not tell.</summary>
    public static SeriesPoint? After(string? token)
    {
        if (string.IsNullOrEmpty(token) || !Read(token).TryGetProperty("after"u8, out var after))
            return null;
        if (after.ValueKind == JsonValueKind.Array && after.GetArrayLength() == 4
            && MlflowRequest.ToInteger(after[0]) is { } time && MlflowRequest.ToInteger(after[1]) is { } step
            && MlflowRequest.ToInteger(after[2]) is >= 0 and < 1_000_000 and var millionths && MlflowRequest.ToInteger(after[3]) is { } bits)
        {
            return new SeriesPoint(new Step(step, (int)millionths), time, BitConverter.Int64BitsToDouble(bits));
        }

        throw Invalid("it names no point");
    }

    /// <summary>The offset of a token; 0 when there is none.</summary>
    public static long Offset(string? token)
    {
        if (string.IsNullOrEmpty(token))
            return 0;
        return Read(token).TryGetProperty("offset"u8, out var offset) && MlflowRequest.ToInteger(offset) is > 0 and var number
            ? number
            : throw Invalid("it has no positive offset");
    }

    private static string HashOf(string query) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(query)).AsSpan(0, 16));

    private static JsonElement Read(string token)
    {
        var bytes = new byte[token.Length];
        if (!Convert.TryFromBase64String(token, bytes, out var length))
            throw Invalid("could not base64-decode");
        try
        {
            var reader = new Utf8JsonReader(bytes.AsSpan(0, length));
            var element = JsonElement.ParseValue(ref reader);
            return element.ValueKind == JsonValueKind.Object ? element : throw Invalid("it has no positive offset");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw Invalid("could not be parsed as JSON");
        }
    }

    private static RunstoneException Invalid(string reason) => new(Error.Invalid("page_token", $"Invalid page token, {reason}"));
}
