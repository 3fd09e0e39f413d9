using Runstone.Server.Hosting;

namespace Runstone.Server.Compat.Mlflow;

/// <summary>Marks an endpoint of this wire format with its line in docs/compat/mlflow.md.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The path as the table spells it: that below <c>/api</c> for calls that are also below <c>/ajax-api</c>.</param>
internal sealed record MlflowCall(string Method, string Path);

/// <summary>Maps calls under all the addresses that clients and pages use for them.</summary>
internal sealed class MlflowRoutes(IEndpointRouteBuilder routes)
{
    public IServiceProvider Services => routes.ServiceProvider;

    /// <summary>A call below <c>/api</c> and, the same, below <c>/ajax-api</c>.</summary>
    public void Api(string method, string path, RequestDelegate handler)
    {
        var call = new MlflowCall(method, "/api/" + path);
        Map(method, "/api/" + path, handler, call);
        Map(method, "/ajax-api/" + path, handler, call);
    }

    /// <summary>The same for a call whose body is a file, which is never held in memory.</summary>
    public void Upload(string method, string path, RequestDelegate handler)
    {
        var call = new MlflowCall(method, "/api/" + path);
        Map(method, "/api/" + path, handler, call).WithMetadata(StreamedBody.Instance);
        Map(method, "/ajax-api/" + path, handler, call).WithMetadata(StreamedBody.Instance);
    }

    /// <summary>A call at exactly this path.</summary>
    public IEndpointConventionBuilder Only(string method, string path, RequestDelegate handler) => Map(method, path, handler, new MlflowCall(method, path));

    /// <summary>Answers whatever else lies below the path.</summary>
    public void Rest(string path, RequestDelegate handler) =>
        routes.Map(path + "/{**rest}", handler).ExcludeFromDescription().WithOrder(int.MaxValue - 1);

    // The table spells parameters with their meaning in angle brackets; a path parameter takes slashes too.
    private IEndpointConventionBuilder Map(string method, string path, RequestDelegate handler, MlflowCall call)
    {
        var pattern = path.Replace("<path:", "{**", StringComparison.Ordinal).Replace('<', '{').Replace('>', '}');
        return routes.MapMethods(pattern, [method], handler).WithMetadata(call).ExcludeFromDescription();
    }
}
