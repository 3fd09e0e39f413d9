using System.Buffers;

namespace Runstone.Limits;

/// <summary>
/// The bare server: Kestrel, the body of each request committed as it came, an empty object as the answer. Bodies sent to a
/// path that ends in "batch" are parsed before, metric batches are decoded; everything else is not looked at.
/// </summary>
public static class LimitServer
{
    private static readonly byte[] Answer = "{}"u8.ToArray();

    public static async Task RunAsync(int port, string folder, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        await using var log = new CommitLog(Path.Combine(folder, "limits.db"));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenLocalhost(port));
        var app = builder.Build();
        app.Run(context => HandleAsync(context, log));
        await app.RunAsync(cancellationToken);
    }

    private static async Task HandleAsync(HttpContext context, CommitLog log)
    {
        var length = (int)(context.Request.ContentLength ?? 0);
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            await context.Request.Body.ReadExactlyAsync(buffer.AsMemory(0, length), context.RequestAborted);
            if (context.Request.Path.Value!.EndsWith("batch", StringComparison.Ordinal) && double.IsNaN(JsonWalk.Sum(buffer.AsSpan(0, length))))
                context.Response.StatusCode = StatusCodes.Status400BadRequest;
            if (context.Request.Path.Value!.EndsWith("/batches", StringComparison.Ordinal) && double.IsNaN(BatchWalk.Sum(buffer.AsSpan(0, length))))
                context.Response.StatusCode = StatusCodes.Status400BadRequest;
            if (length > 0)
                await log.AppendAsync(buffer.AsMemory(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        context.Response.ContentLength = Answer.Length;
        context.Response.ContentType = "application/json";
        await context.Response.BodyWriter.WriteAsync(Answer);
    }
}
