using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Runstone.Core.Experiments;
using Runstone.Core.Ingest;
using Runstone.Core.Metrics;
using Runstone.Core.Runs;
using Runstone.Storage;

namespace Runstone.SearchBench;

/// <summary>Fills a store past the server: groups of batches, as group commit makes them, only longer.</summary>
internal sealed class Seed(IIngestStore ingest)
{
    public const string Many = "bench-search-many";
    public const string Wide = "bench-search-wide";
    public const int WideRuns = 1000;
    public const int WideKeys = 100;

    private const int Width = 20;

    /// <summary>Runs that are sealed at a time: on PostgreSQL their commits share waits for the disk.</summary>
    private const int Sealers = 4;

    private const long Start = 1_700_000_000_000;
    private static readonly string[] Words = ["amber", "basalt", "cedar", "delta", "ember", "fjord", "granite", "hazel", "iris", "jasper", "kelp", "larch", "maple", "nectar", "onyx", "pine"];

    /// <summary>
    /// Makes the two experiments unless they are there, and seals what is not sealed, so that a server has nothing to do but to search; the seconds
    /// it took to fill the store, or null when it was filled.
    /// </summary>
    public static async Task<double?> EnsureAsync(StorageOptions options, int runs)
    {
        await using var store = await RunstoneStorage.OpenAsync(options, TimeProvider.System, NullLoggerFactory.Instance, default);
        var seconds = await FillAsync(store, runs);
        await SealAsync(store.Seals);
        return seconds;
    }

    private static async Task<double?> FillAsync(RunstoneStorage store, int runs)
    {
        if (await store.Experiments.GetByNameAsync(Wide, default) is not null)
            return null;
        var started = TimeProvider.System.GetTimestamp();
        var seed = new Seed(store.Ingest);
        var many = (await store.Experiments.CreateAsync(new NewExperiment(Many), Start, default)).Id;
        await seed.WriteAsync(runs, 200, i => Narrow(many, i));
        var wide = (await store.Experiments.CreateAsync(new NewExperiment(Wide), Start, default)).Id;
        await seed.WriteAsync(WideRuns, 40, i => WideRun(wide, i));
        return TimeProvider.System.GetElapsedTime(started).TotalSeconds;
    }

    private static async Task SealAsync(ISealStore seals)
    {
        while (await seals.ListUnsealedAsync(1, long.MaxValue, long.MaxValue, 1000, default) is { Count: > 0 } found)
        {
            await Parallel.ForEachAsync(found, new ParallelOptions { MaxDegreeOfParallelism = Sealers }, async (run, cancellationToken) =>
            {
                while ((await seals.SealAsync(run.RunNo, new SealOptions(), cancellationToken)).More)
                {
                }
            });
        }
    }

    private async Task WriteAsync(int runs, int group, Func<int, IngestBatch> batch)
    {
        for (var i = 0; i < runs; i += group)
        {
            var batches = Enumerable.Range(i, Math.Min(group, runs - i)).Select(batch).ToArray();
            var outcomes = new IngestOutcome[batches.Length];
            await ingest.CommitAsync(batches, outcomes, Start + i, default);
            if (outcomes.FirstOrDefault(o => o.Error is not null).Error is { } error)
                throw new InvalidOperationException(error.Message);
            if (i % 10_000 == 0)
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seeded {i:N0} runs"));
        }
    }

    /// <summary>20 params of which every second has ten values, 20 metrics, three tags.</summary>
    private static IngestBatch Narrow(long experiment, int number)
    {
        var random = new Random(number);
        var keys = Enumerable.Range(0, Width).Select(k => $"m{k}").ToList();
        return Run(experiment, number, random) with
        {
            Params = [.. Enumerable.Range(0, Width).Select(k => new Param($"p{k}", k % 2 == 1 ? $"v{random.Next(10)}" : random.NextDouble().ToString("R", CultureInfo.InvariantCulture)))],
            Metrics = new MetricBatch(keys, keys.Select((_, k) => new MetricPoint(k, new Step(number % 100), Start + number, random.NextDouble())).ToArray()),
        };
    }

    private static IngestBatch WideRun(long experiment, int number)
    {
        var random = new Random(number);
        var keys = Enumerable.Range(0, WideKeys).Select(k => $"wide/metric_{k}").ToList();
        return Run(experiment, number, random) with
        {
            Params = [.. Enumerable.Range(0, WideKeys).Select(k => new Param($"wide/param_{k}", random.NextDouble().ToString("0.0000", CultureInfo.InvariantCulture)))],
            Metrics = new MetricBatch(keys, keys.Select((_, k) => new MetricPoint(k, new Step(number), Start + number, random.NextDouble())).ToArray()),
        };
    }

    private static IngestBatch Run(long experiment, int number, Random random) => new($"{experiment:x4}{number:x28}")
    {
        Create = new NewRun(experiment)
        {
            Name = $"{Word(random)}-{Word(random)}-{number}",
            User = $"user{number % 20}",
            StartTime = Start + (number * 1000L),
        },
        Patch = new RunPatch { Status = RunStatus.Finished, EndTime = Start + (number * 1000L) + random.Next(1, 3_600_000) },
        Tags =
        [
            new Tag("commit", $"{random.NextInt64():x16}{random.NextInt64():x16}"),
            new Tag("host", $"node-{random.Next(64)}.example"),
            new Tag("remark", $"{Word(random)} {Word(random)} {Word(random)}, tried with {Word(random)} {number}"),
        ],
    };

    private static string Word(Random random) => Words[random.Next(Words.Length)];
}
