using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Runstone.Cli.Output;

/// <summary>JSON for programs: one value a line, arrays written while their items arrive.</summary>
internal static class JsonOutput
{
    public static Task WriteAsync<T>(Terminal terminal, T value, JsonTypeInfo<T> type) =>
        terminal.Out.WriteLineAsync(JsonSerializer.Serialize(value, type));

    public static async Task WriteArrayAsync<T>(
        Terminal terminal, IAsyncEnumerable<T> items, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        var any = false;
        await foreach (var item in items.WithCancellation(cancellationToken))
        {
            await terminal.Out.WriteAsync(any ? ",\n" : "[\n");
            await terminal.Out.WriteAsync(JsonSerializer.Serialize(item, type));
            any = true;
        }

        await terminal.Out.WriteLineAsync(any ? "\n]" : "[]");
    }
}
