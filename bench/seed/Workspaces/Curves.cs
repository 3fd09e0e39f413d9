using Runstone.Protocol;

namespace Runstone.Seed.Workspaces;

/// <summary>What one panel has to draw at once: many curves, and long ones.</summary>
internal sealed record Curves() : Workspace("curves", "1,000 runs with a curve of 1,000 points, of which 100 have one of 10,000 too")
{
    private const int Runs = 1000;
    private const int LongRuns = 100;
    private const int Short = 1000;
    private const int Long = 10_000;

    protected override async Task FillAsync(Target target)
    {
        var experiment = await CreateExperimentAsync(target);
        await Target.ForEachAsync(Runs, number => OneAsync(target, experiment, number));
    }

    private async Task OneAsync(Target target, string experiment, int number)
    {
        var start = Start + (number * 60_000L);
        var run = await target.Client.Runs.CreateAsync(new CreateRunRequest { ExperimentId = experiment, Id = RunId(number), Name = $"curve-{number}", StartTime = start });
        await target.Client.Runs.LogAsync(run.Id, new LogRequest
        {
            Params = new Dictionary<string, string>(StringComparer.Ordinal) { ["group"] = $"g{number % 8}", ["rate"] = Text(Math.Pow(10, -(number % 50) / 12.0), "G3") },
        });
        var writer = new MetricBatchWriter();
        writer.Add(Batch(run.Id, "short", Short, number, 0, start));
        if (number < LongRuns)
            writer.Add(Batch(run.Id, "long", Long, number, 1, start));
        await target.LogPointsAsync(writer);
        await target.Client.Runs.UpdateAsync(run.Id, new UpdateRunRequest { Status = RunStatuses.Finished, EndTime = start + 50_000 });
    }

    private static MetricBatchColumns Batch(string run, string key, int points, int number, long sequence, long start)
    {
        var random = new Random((number * 2) + (int)sequence);
        var speed = 1 + (random.NextDouble() * 6);
        var (steps, times, values) = (new long[points], new long[points], new double[points]);
        for (var i = 0; i < points; i++)
        {
            (steps[i], times[i]) = (i, start + (i * 5L));
            values[i] = 0.2 + (number % 8 * 0.05) + Math.Exp(-speed * i / points) + (random.NextDouble() * 0.05);
        }

        return new MetricBatchColumns { RunId = run, Source = "seed", Sequence = sequence, Keys = [key], Key = [], Steps = steps, Times = times, Values = values };
    }
}
