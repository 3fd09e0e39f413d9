using System.Text;
using Runstone.Core.Errors;

namespace Runstone.Server.Compat.Mlflow;

/// <summary>What clients ask before they begin.</summary>
internal static class ServerCalls
{
    /// <summary>The version whose behaviour this is; clients read features from it.</summary>
    public const string Version = "3.11.1";

    private static readonly byte[] Health = "OK"u8.ToArray();
    private static readonly byte[] VersionText = Encoding.ASCII.GetBytes(Version);

    public static void Map(MlflowRoutes routes)
    {
        routes.Only("GET", "/health", context => TextAsync(context, Health));
        routes.Only("GET", "/version", context => TextAsync(context, VersionText));
        routes.Api("GET", "3.0/mlflow/server-info", context => MlflowReply.ObjectAsync(context, static writer =>
        {
            writer.WriteString("store_type"u8, "SqlStore"u8);
            writer.WriteBoolean("workspaces_enabled"u8, false);
        }));

        foreach (var root in new[] { "/api/2.0/mlflow", "/api/3.0/mlflow", "/api/2.0/mlflow-artifacts", "/api/2.0mlflow", "/ajax-api" })
            routes.Rest(root, NoSuchCallAsync);
    }

    private static Task NoSuchCallAsync(HttpContext context)
    {
        if (!HttpMethods.IsOptions(context.Request.Method))
            throw new RunstoneException(new EndpointNotFound(context.Request.Method, context.Request.Path));
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private static async Task TextAsync(HttpContext context, byte[] text)
    {
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.ContentLength = text.Length;
        await context.Response.Body.WriteAsync(text, context.RequestAborted);
    }
}
