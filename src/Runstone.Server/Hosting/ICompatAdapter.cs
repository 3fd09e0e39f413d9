using Runstone.Core.Errors;

namespace Runstone.Server.Hosting;

/// <summary>What the wire format of another client contributes to the server. Registered in <c>Compat/CompatAdapters.cs</c>.</summary>
internal interface ICompatAdapter
{
    /// <summary>The client's name, as people write it.</summary>
    string Name { get; }

    /// <summary>The lines that point a client at this server; the start-up text and the page show them.</summary>
    string Snippet(string address);

    /// <summary>Whether the path belongs to this wire format, so that its failures are answered in this format, never with HTML.</summary>
    bool Owns(PathString path);

    void AddServices(IServiceCollection services);

    void Map(IEndpointRouteBuilder routes);

    /// <summary>
    /// Answers a request below an owned path that failed before or outside the adapter's own code: body too large, foreign origin,
    /// a path that leaves its folder, a fault of the server. <paramref name="status"/> is what the native API would answer.
    /// </summary>
    Task WriteErrorAsync(HttpContext context, Error error, int status);
}
