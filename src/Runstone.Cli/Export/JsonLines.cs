using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Runstone.Cli.Export;

/// <summary>One JSON value a line.</summary>
internal static class JsonLines
{
    public static async Task WriteAsync<T>(IAsyncEnumerable<T> values, JsonTypeInfo<T> type, TextWriter writer, CancellationToken cancellationToken)
    {
        await foreach (var value in values.WithCancellation(cancellationToken))
        {
            await writer.WriteAsync(JsonSerializer.Serialize(value, type));
            await writer.WriteAsync('\n');
        }
    }
}
