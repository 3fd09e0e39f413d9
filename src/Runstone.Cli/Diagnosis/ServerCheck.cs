using System.Net;
using Runstone.Cli.Output;
using Runstone.Client;
using Runstone.Protocol;
using Runstone.Server.Hosting;

namespace Runstone.Cli.Diagnosis;

/// <summary>Whether the server answers, is of this version and has the same time.</summary>
internal static class ServerCheck
{
    private const int ApiVersion = 1;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    // The server's time has whole seconds only.
    private static readonly TimeSpan LeastSkew = TimeSpan.FromSeconds(2);

    /// <param name="connect">Makes a client with the options given to it.</param>
    /// <param name="time">The clock of this machine.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<IReadOnlyList<Finding>> RunAsync(
        Func<TrackingClientOptions, TrackingClient> connect, TimeProvider time, CancellationToken cancellationToken)
    {
        using var clock = new ClockHandler(time);
        await using var client = connect(new TrackingClientOptions { HttpHandler = clock, RequestTimeout = Patience, Diagnostics = _ => { } });
        ServerInfo info;
        try
        {
            info = await client.GetServerInfoAsync(cancellationToken);
        }
        catch (RunstoneApiException e) when (e.Code == RunstoneApiException.Unreachable)
        {
            return [Finding.Fail("server", $"no server answers at {client.Address}: {e.InnerException?.Message}", "Start one with 'runstone serve', or name it with --server <address>.")];
        }
        catch (RunstoneApiException e)
        {
            return [Finding.Fail("server", e.Detail, $"Something else than a Runstone server seems to listen at {client.Address}; check the address.")];
        }

        var findings = new List<Finding>
        {
            Finding.Ok("server", $"{client.Address} answers; it keeps its data in {info.Store}, started {Say.Ago(info.StartedAt, time.GetUtcNow())}"),
            Versions(info),
        };
        if (clock.Skew is { } skew)
            findings.Add(Clock(skew));
        return findings;
    }

    private static Finding Versions(ServerInfo info)
    {
        if (info.ApiVersion != ApiVersion)
            return Finding.Fail("versions", $"the server speaks version {info.ApiVersion} of the API, this program version {ApiVersion}", "Use the program of the same release as the server.");
        return info.Version == RunstoneServer.Version
            ? Finding.Ok("versions", $"server and command line are {info.Version}")
            : Finding.Warn("versions", $"the server is {info.Version}, this program {RunstoneServer.Version}", "Use the program of the same release as the server.");
    }

    private static Finding Clock(TimeSpan skew) => skew.Duration() < LeastSkew
        ? Finding.Ok("clock", "the server's clock agrees with this machine's")
        : Finding.Warn(
            "clock", Say.Invariant($"the server's clock is {skew.Duration().TotalSeconds:0} seconds {(skew > TimeSpan.Zero ? "ahead" : "behind")}"),
            "Times of points come from this machine: set both clocks by the network (NTP).");

    /// <summary>Compares the date that the server writes with the time between request and answer.</summary>
    private sealed class ClockHandler(TimeProvider time) : DelegatingHandler(new SocketsHttpHandler { ConnectTimeout = Patience, AutomaticDecompression = DecompressionMethods.All })
    {
        public TimeSpan? Skew { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            ((SocketsHttpHandler)InnerHandler!).UseProxy = request.RequestUri is { IsLoopback: false };
            var before = time.GetUtcNow();
            var response = await base.SendAsync(request, cancellationToken);
            var between = before + ((time.GetUtcNow() - before) / 2);
            Skew = response.Headers.Date + TimeSpan.FromMilliseconds(500) - between;
            return response;
        }
    }
}
