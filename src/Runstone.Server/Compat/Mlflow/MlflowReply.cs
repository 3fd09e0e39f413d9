using System.Text.Json;
using Runstone.Formats.Mlflow;

namespace Runstone.Server.Compat.Mlflow;

/// <summary>Writes answers without buffering them whole.</summary>
internal static class MlflowReply
{
    public const string ContentType = "application/json";

    private const int FlushAt = 64 * 1024;

    /// <summary>The answer <c>{}</c>.</summary>
    public static ValueTask EmptyAsync(HttpContext context)
    {
        context.Response.ContentType = ContentType;
        context.Response.ContentLength = MlflowWriter.Empty.Length;
        var write = context.Response.BodyWriter.WriteAsync(MlflowWriter.Empty, context.RequestAborted);
        return write.IsCompletedSuccessfully ? ValueTask.CompletedTask : AwaitAsync(write);
    }

    /// <summary>An object whose members <paramref name="write"/> writes.</summary>
    public static async Task ObjectAsync(HttpContext context, Action<Utf8JsonWriter> write)
    {
        await using var writer = Begin(context);
        writer.WriteStartObject();
        write(writer);
        await EndAsync(context, writer);
    }

    /// <summary>An object with one list, left out when it is empty, and perhaps the token of the next page.</summary>
    public static async Task ListAsync<T>(
        HttpContext context, string name, IReadOnlyList<T> items, Action<Utf8JsonWriter, T> write, string? nextPage = null)
    {
        await using var writer = Begin(context);
        writer.WriteStartObject();
        if (items.Count > 0)
        {
            writer.WriteStartArray(name);
            foreach (var item in items)
            {
                write(writer, item);
                await FlushWhenFullAsync(context, writer);
            }

            writer.WriteEndArray();
        }

        if (nextPage is not null)
            writer.WriteString("next_page_token"u8, nextPage);
        await EndAsync(context, writer);
    }

    public static Utf8JsonWriter Begin(HttpContext context)
    {
        context.Response.ContentType = ContentType;
        return new Utf8JsonWriter(context.Response.BodyWriter, MlflowWriter.Options);
    }

    /// <summary>
    /// Begins an answer that reads while it writes: the status is sent first, so that a failure on the way cuts the connection
    /// instead of mixing two answers.
    /// </summary>
    public static async Task<Utf8JsonWriter> StartAsync(HttpContext context)
    {
        var writer = Begin(context);
        await context.Response.StartAsync(context.RequestAborted);
        return writer;
    }

    public static async ValueTask FlushWhenFullAsync(HttpContext context, Utf8JsonWriter writer)
    {
        if (writer.BytesPending + context.Response.BodyWriter.UnflushedBytes < FlushAt)
            return;
        writer.Flush();
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    /// <summary>Closes the object and sends what is left.</summary>
    public static async Task EndAsync(HttpContext context, Utf8JsonWriter writer)
    {
        writer.WriteEndObject();
        writer.Flush();
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    private static async ValueTask AwaitAsync(ValueTask<System.IO.Pipelines.FlushResult> write) => await write;
}
