using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;

namespace Runstone.Limits;

/// <summary>
/// The bare server: Kestrel, the body of each request committed as it came, an empty object as the answer. Bodies sent to a
/// path that ends in "batch" are parsed before, metric batches are decoded; everything else is not looked at. <c>/answer?bytes=n</c> is
/// answered with n bytes out of memory, whatever is asked.
/// </summary>
public static class LimitServer
{
    private static readonly byte[] Answer = "{}"u8.ToArray();

    /// <summary>The pieces in which a long answer is copied.</summary>
    private static readonly byte[] Piece = RandomNumberGenerator.GetBytes(64 << 10);

    public static async Task RunAsync(int port, string folder, string? database, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        await using var log = await CommitLog.OpenAsync(folder, database);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenLocalhost(port));
        var app = builder.Build();
        app.Run(context => HandleAsync(context, log));
        await app.RunAsync(cancellationToken);
    }

    private static Task HandleAsync(HttpContext context, CommitLog log) =>
        context.Request.Path == "/answer" ? CopyAsync(context) : KeepAsync(context, log);

    private static async Task CopyAsync(HttpContext context)
    {
        var left = long.Parse(context.Request.Query["bytes"]!, CultureInfo.InvariantCulture);
        context.Response.ContentLength = left;
        context.Response.ContentType = "application/octet-stream";
        for (; left > 0; left -= Piece.Length)
            await context.Response.BodyWriter.WriteAsync(Piece.AsMemory(0, (int)Math.Min(left, Piece.Length)), context.RequestAborted);
    }

    private static async Task KeepAsync(HttpContext context, CommitLog log)
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
