using System.Buffers;
using Runstone.Core.Errors;
using Runstone.Formats.Mlflow;

namespace Runstone.Server.Compat.Mlflow;

/// <summary>From a request to what the mapping reads.</summary>
internal static class MlflowBinding
{
    /// <summary>The members of the query (GET) or of the body.</summary>
    public static async ValueTask<MlflowRequest> ReadAsync(HttpContext context)
    {
        if (HttpMethods.IsGet(context.Request.Method))
            return FromQuery(context);
        return await ReadBodyAsync(context, static (in body) => MlflowRequest.FromJson(body));
    }

    public static MlflowRequest FromQuery(HttpContext context) => MlflowRequest.FromQuery(
        context.Request.Query.Select(p => KeyValuePair.Create<string, IReadOnlyList<string?>>(p.Key, p.Value)));

    /// <summary>Reads the whole body and parses it where it lies, without copying it.</summary>
    public static async ValueTask<T> ReadBodyAsync<T>(HttpContext context, BodyParser<T> parse)
    {
        RequireJson(context.Request);
        var reader = context.Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(context.RequestAborted);
            if (!read.IsCompleted)
            {
                reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                continue;
            }

            try
            {
                return parse(read.Buffer);
            }
            finally
            {
                reader.AdvanceTo(read.Buffer.End);
            }
        }
    }

    private static void RequireJson(HttpRequest request)
    {
        var type = request.ContentType.AsSpan();
        if (type.IsEmpty)
            throw new RunstoneException(Error.Invalid("Content-Type", "Bad Request. Content-Type header is missing."));
        var end = type.IndexOf(';');
        if (!(end < 0 ? type : type[..end]).Trim().Equals(MlflowReply.ContentType, StringComparison.OrdinalIgnoreCase))
            throw new RunstoneException(Error.Invalid("Content-Type", "Bad Request. Content-Type must be one of ['application/json']."));
    }
}

/// <summary>Parses a body that is valid only during the call.</summary>
internal delegate T BodyParser<out T>(in ReadOnlySequence<byte> body);
