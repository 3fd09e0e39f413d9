using System.Text.Json;

namespace Runstone.Limits;

/// <summary>The least that reading a request costs: every token once, every number decoded, nothing kept.</summary>
public static class JsonWalk
{
    /// <summary>Returns a sum over the numbers, so that decoding them cannot be left out.</summary>
    public static double Sum(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        var sum = 0.0;
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.Number)
                sum += reader.TryGetInt64(out var whole) ? whole : reader.GetDouble();
        }

        return sum;
    }
}
