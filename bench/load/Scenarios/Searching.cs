using System.Globalization;
using System.Text.Json;
using Runstone.Load.Http;

namespace Runstone.Load.Scenarios;

/// <summary>Searches over many runs, each with 20 params and 20 metrics.</summary>
internal static class Searching
{
    private const int Width = 20;
    private const int Seeders = 8;
    private const string SeededTag = "bench.seeded";

    public static void Run(Bench bench)
    {
        using var connection = bench.Server.Connect();
        var runs = bench.Options.Runs;
        var experiment = Seed(bench, connection, runs);
        var over = string.Create(CultureInfo.InvariantCulture, $"{runs:N0} runs");
        var random = new Random(1);
        Check(connection, Query(experiment, 100, random));
        bench.Latency($"search over {over}: filter on a metric and a param, ordered by a metric, page of 100",
            () => connection.Send(Query(experiment, 100, random)));
        bench.Latency($"newest 100 of {over}",
            () => connection.Send(Search(new { experiment_ids = (string[])[experiment], order_by = (string[])["attributes.start_time DESC"], max_results = 100 })));
        bench.Latency($"newest 1,000 of {over}",
            () => connection.Send(Search(new { experiment_ids = (string[])[experiment], order_by = (string[])["attributes.start_time DESC"], max_results = 1000 })));
    }

    private static byte[] Query(string experiment, int page, Random random) => Search(new
    {
        experiment_ids = (string[])[experiment],
        filter = string.Create(CultureInfo.InvariantCulture, $"metrics.m3 > {0.3 + (random.NextDouble() * 0.4):0.0000} and params.p7 = 'v{random.Next(10)}'"),
        order_by = (string[])["metrics.m5 DESC"],
        max_results = page,
    });

    private static byte[] Search(object body) => Requests.Build("POST", TrackingTarget.Api + "runs/search", JsonSerializer.Serialize(body));

    /// <summary>Makes sure that what is measured is the right answer.</summary>
    private static void Check(Connection connection, byte[] query)
    {
        connection.Send(query);
        using var answer = TrackingTarget.Parse(connection);
        var values = answer.RootElement.GetProperty("runs").EnumerateArray()
            .Select(run => run.GetProperty("data").GetProperty("metrics").EnumerateArray().Single(m => m.GetProperty("key").ValueEquals("m5")))
            .Select(metric => metric.GetProperty("value").GetDouble())
            .ToArray();
        if (values.Length == 0 || !values.SequenceEqual(values.OrderDescending()))
            throw new InvalidOperationException($"The search answered {values.Length} runs, not in the order asked for");
    }

    /// <summary>Creates the runs through batches; an experiment that was seeded before is used again. Returns its id.</summary>
    private static string Seed(Bench bench, Connection connection, int runs)
    {
        var experiment = TrackingTarget.ExperimentId(connection, $"bench-search-{runs}");
        connection.Send(Requests.Build("GET", $"{TrackingTarget.Api}experiments/get?experiment_id={experiment}"));
        using (var found = TrackingTarget.Parse(connection))
        {
            if (found.RootElement.GetProperty("experiment").TryGetProperty("tags", out var tags)
                && tags.EnumerateArray().Any(t => t.GetProperty("key").ValueEquals(SeededTag)))
                return experiment;
        }

        Console.WriteLine($"seeding {runs} runs");
        var seconds = Bench.Seconds(() => Parallel.For(0, Seeders, new ParallelOptions { MaxDegreeOfParallelism = Seeders }, seeder =>
        {
            using var own = bench.Server.Connect();
            for (var i = seeder; i < runs; i += Seeders)
                SeedRun(own, experiment, i);
        }));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seeded in {seconds:0.0} s"));
        connection.Send(Requests.Build("POST", TrackingTarget.Api + "experiments/set-experiment-tag",
            JsonSerializer.Serialize(new { experiment_id = experiment, key = SeededTag, value = Text.Of(runs) })));
        return experiment;
    }

    private static void SeedRun(Connection connection, string experiment, int number)
    {
        var random = new Random(number);
        var run = TrackingTarget.NewRun(connection, experiment, $"run {number}").RunId;
        using var logged = TrackingTarget.Call(connection, "POST", "runs/log-batch", new
        {
            run_id = run,
            @params = Enumerable.Range(0, Width).Select(i => new { key = $"p{i}", value = $"v{random.Next(10)}" }),
            metrics = Enumerable.Range(0, Width).Select(i => new { key = $"m{i}", value = random.NextDouble(), timestamp = 1_700_000_000_000 + number, step = 0 }),
        });
        using var finished = TrackingTarget.Call(connection, "POST", "runs/update",
            new { run_id = run, status = "FINISHED", end_time = 1_700_000_000_000 + number });
    }
}
