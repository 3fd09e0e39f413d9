using Runstone.Protocol;

namespace Runstone.Seed.Workspaces;

/// <summary>As many runs as a team keeps in one place. Values are drawn; only the first params and metrics depend on each other.</summary>
internal sealed record ManyRuns() : Workspace("many-runs", "100,000 runs of 100 params and 100 metrics: 200 columns")
{
    private const int Runs = 100_000;
    private const int Width = 100;

    private static readonly string[] MetricKeys = [.. Enumerable.Range(0, Width).Select(k => $"{(k % 4) switch { 0 => "train", 1 => "val", 2 => "test", _ => "slice" }}/metric_{k:00}")];
    private static readonly string[] ParamKeys = [.. Enumerable.Range(0, Width).Select(k => $"param_{k:00}")];
    private static readonly int[] KeyOfPoint = [.. Enumerable.Range(0, Width)];
    private static readonly string[] Words = ["amber", "basalt", "cedar", "delta", "ember", "fjord", "granite", "hazel", "iris", "jasper", "kelp", "larch"];

    protected override async Task FillAsync(Target target)
    {
        var experiment = await CreateExperimentAsync(target);
        await Target.ForEachAsync(Runs, number => OneAsync(target, experiment, number));
    }

    private Task OneAsync(Target target, string experiment, int number)
    {
        var random = new Random(number);
        var start = Start + (number * 20_000L);
        var values = new double[Width];
        for (var k = 0; k < Width; k++)
            values[k] = random.NextDouble() * (k % 7 == 0 ? 1000 : 1);
        return target.RunAsync(
            new CreateRunRequest
            {
                ExperimentId = experiment,
                Id = RunId(number),
                Name = $"{Words[random.Next(Words.Length)]}-{Words[random.Next(Words.Length)]}-{number}",
                User = $"user{number % 20:00}",
                StartTime = start,
                Tags = new Dictionary<string, string>(StringComparer.Ordinal) { ["team"] = Words[number % 5], ["commit"] = $"{random.NextInt64():x16}" },
            },
            new LogRequest
            {
                Params = ParamKeys.Index().ToDictionary(p => p.Item, p => Param(p.Index, random), StringComparer.Ordinal),
                Metrics = new MetricColumns { Keys = MetricKeys, Key = KeyOfPoint, Value = values, Step = Repeat(100m), Time = Repeat(start + 5000) },
                Status = number % 41 == 0 ? RunStatuses.Failed : RunStatuses.Finished,
                EndTime = start + random.Next(1000, 3_600_000),
            });
    }

    // Of each five params one is the same in all runs, two are choices, two are numbers: what a table has to tell apart.
    private static string Param(int key, Random random) => (key % 5) switch
    {
        0 => "default",
        1 => Words[random.Next(4)],
        2 => Text(1 << random.Next(8)),
        _ => Text(random.NextDouble(), "0.0000"),
    };

    private static T[] Repeat<T>(T value) => [.. Enumerable.Repeat(value, Width)];
}
