using Runstone.Protocol;

namespace Runstone.Seed.Workspaces;

/// <summary>What a run looks like that logs the norm of every weight matrix and the score of every class.</summary>
internal sealed record ManyMetrics() : Workspace("many-metrics", "one run with 100,000 metrics of 20 points")
{
    private const int Keys = 100_000;
    private const int KeysOfBatch = 5000;
    private const int Points = 20;

    protected override async Task FillAsync(Target target)
    {
        var experiment = await CreateExperimentAsync(target);
        var run = await target.Client.Runs.CreateAsync(new CreateRunRequest { ExperimentId = experiment, Id = RunId(0), Name = "every-layer", StartTime = Start });
        var writer = new MetricBatchWriter();
        for (var first = 0; first < Keys; first += KeysOfBatch)
        {
            writer.Clear();
            writer.Add(Batch(run.Id, first));
            await target.LogPointsAsync(writer);
        }

        await target.Client.Runs.UpdateAsync(run.Id, new UpdateRunRequest { Status = RunStatuses.Finished, EndTime = Start + (Points * 60_000L) });
    }

    private static MetricBatchColumns Batch(string run, int first)
    {
        var random = new Random(first);
        const int count = KeysOfBatch * Points;
        var (key, steps, times, values) = (new int[count], new long[count], new long[count], new double[count]);
        for (var i = 0; i < count; i++)
        {
            var (step, k) = Math.DivRem(i, KeysOfBatch);
            (key[i], steps[i], times[i]) = (k, step, Start + (step * 60_000L));
            values[i] = Math.Exp(-step / 8.0) + (random.NextDouble() / 10) + ((first + k) % 10);
        }

        return new MetricBatchColumns
        {
            RunId = run,
            Source = "seed",
            Sequence = first / KeysOfBatch,
            Keys = [.. Enumerable.Range(first, KeysOfBatch).Select(Metric)],
            Key = key,
            Steps = steps,
            Times = times,
            Values = values,
        };
    }

    private static string Metric(int number) => (number % 10) switch
    {
        < 6 => $"layer_{number / 1000:000}/head_{number % 1000:000}/grad_norm",
        < 9 => $"class_{number / 10:00000}/recall_{number % 10}",
        _ => $"expert_{number / 10:00000}/load",
    };
}
