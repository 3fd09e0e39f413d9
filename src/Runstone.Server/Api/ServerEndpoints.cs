using Microsoft.AspNetCore.Http.HttpResults;
using Runstone.Protocol;
using Runstone.Server.Hosting;

namespace Runstone.Server.Api;

internal static class ServerEndpoints
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/server", Get).WithTags("Server").WithName("GetServer").WithSummary("What this server is");

    private static Ok<ServerInfo> Get(ServerClock clock, ServerStorage storage) =>
        TypedResults.Ok(new ServerInfo("runstone", RunstoneServer.Version, ApiVersion: 1, clock.StartedAt, storage.Engine));
}
