using Runstone.Protocol;

namespace Runstone.Seed.Workspaces;

/// <summary>Runs that flatten a large configuration and report every slice: a table of 12,000 columns.</summary>
internal sealed record ManyColumns() : Workspace("many-columns", "100 runs of 4,000 params and 8,000 metrics: 12,000 columns")
{
    private const int Runs = 100;
    private const int Params = 4000;
    private const int Metrics = 8000;

    protected override async Task FillAsync(Target target)
    {
        var experiment = await CreateExperimentAsync(target);
        await Target.ForEachAsync(Runs, number => OneAsync(target, experiment, number));
    }

    private async Task OneAsync(Target target, string experiment, int number)
    {
        var random = new Random(number);
        var start = Start + (number * 600_000L);
        var run = await target.Client.Runs.CreateAsync(new CreateRunRequest { ExperimentId = experiment, Id = RunId(number), Name = $"config-{number}", StartTime = start });
        await target.Client.Runs.LogAsync(run.Id, new LogRequest
        {
            Params = Enumerable.Range(0, Params).ToDictionary(k => $"config.section_{k / 100:00}.option_{k % 100:00}", k => k % 3 == 0 ? "default" : Text(random.Next(100)), StringComparer.Ordinal),
        });
        await target.Client.Runs.LogAsync(run.Id, new LogRequest
        {
            Metrics = new MetricColumns
            {
                Keys = [.. Enumerable.Range(0, Metrics).Select(k => $"slice_{k / 40:000}/score_{k % 40:00}")],
                Key = [.. Enumerable.Range(0, Metrics)],
                Value = [.. Enumerable.Range(0, Metrics).Select(_ => random.NextDouble())],
                Time = [.. Enumerable.Repeat(start, Metrics)],
            },
            Status = RunStatuses.Finished,
            EndTime = start + 300_000,
        });
    }
}
