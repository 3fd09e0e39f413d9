using Runstone.Client;
using Runstone.Load;
using Runstone.Load.Http;

namespace Runstone.MetricsBench.Lines;

/// <summary>The C# SDK in the process of the measurement: from the first call to log until the server has acknowledged all points.</summary>
internal static class Sdk
{
    private const int Keys = 10;

    public static async Task RunAsync(Session session)
    {
        using var place = session.Engine.NewPlace();
        using var server = session.Start(place);
        var (points, rates) = (session.Options.Size(2_000_000, 20_000), new List<double>());
        var before = session.Used(server);
        for (var round = 0; round < session.Options.Rounds; round++)
            rates.Add(points / await LogAsync(server, Path.Combine(place.Folder, $"outbox{round}"), points));
        var used = session.Used(server).Zip(before, (a, b) => (a - b).TotalMilliseconds / rates.Count).ToArray();
        session.Page.Add(new Row("sdk", Note.Of($"{points:N0} points of 10 keys logged by one run of the C# SDK, until acknowledged"), Session.Percentile(rates, 0.5), "points/s")
        {
            Server = used[0],
            Database = session.Engine.IsPostgres ? used[1] : null,
            Goal = Goal.Least(2_000_000),
            Note = Note.Of($"processor times are for all {points:N0} points; rounds {Row.Text(rates.Min())} to {Row.Text(rates.Max())}"),
        });
    }

    /// <summary>The seconds it took.</summary>
    private static async Task<double> LogAsync(ServerProcess server, string home, int points)
    {
        var options = new TrackingClientOptions { HomeFolder = home, DrainTimeout = TimeSpan.FromMinutes(1) };
        await using var client = new TrackingClient($"http://{server.Address}", options);
        var run = await client.StartRunAsync("bench-sdk", new RunOptions { CaptureEnvironment = false, SystemMetricsInterval = TimeSpan.Zero });
        var names = Enumerable.Range(0, Keys).Select(i => $"series{Text.Of(i)}").ToArray();
        var started = TimeProvider.System.GetTimestamp();
        for (var i = 0; i < points; i++)
            run.Log(names[i % Keys], 0.7 + (i % 977 / 9770.0), i / Keys);
        await run.DisposeAsync();
        var seconds = TimeProvider.System.GetElapsedTime(started).TotalSeconds;
        using var connection = new Connection(server.Address);
        var kept = Answers.Count(connection, run.Id);
        Session.Expect(kept == points, $"{kept} of {points} points of the SDK are there");
        return seconds;
    }
}
