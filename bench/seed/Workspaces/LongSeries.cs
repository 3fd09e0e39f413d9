using Runstone.Protocol;

namespace Runstone.Seed.Workspaces;

/// <summary>A loss logged at every step of a long training, with two spikes one point wide that a drawing has to show.</summary>
internal sealed record LongSeries() : Workspace("long-series", "one run with a series of 10,000,000 points, and 20 series of 1,000,000")
{
    private const int BatchPoints = 200_000;
    private const int Long = 10_000_000;
    private const int Medium = 1_000_000;
    private const int MediumSeries = 20;
    private const int FirstSpike = 1_234_567;
    private const int SecondSpike = 7_654_321;

    protected override async Task FillAsync(Target target)
    {
        var experiment = await CreateExperimentAsync(target);
        var run = await target.Client.Runs.CreateAsync(new CreateRunRequest { ExperimentId = experiment, Id = RunId(0), Name = "ten-million-steps", StartTime = Start });
        var sequence = await SeriesAsync(target, run.Id, "train/loss", Long, 0, seed: 1);
        for (var i = 0; i < MediumSeries; i++)
            sequence = await SeriesAsync(target, run.Id, $"sensor/channel_{i:00}", Medium, sequence, seed: 100 + i);
        await target.Client.Runs.UpdateAsync(run.Id, new UpdateRunRequest { Status = RunStatuses.Finished, EndTime = Start + (Long * 20L) });
    }

    private static async Task<long> SeriesAsync(Target target, string run, string name, int points, long sequence, int seed)
    {
        var random = new Random(seed);
        var (steps, times, values) = (new long[BatchPoints], new long[BatchPoints], new double[BatchPoints]);
        var writer = new MetricBatchWriter();
        for (var first = 0; first < points; first += BatchPoints)
        {
            for (var i = 0; i < BatchPoints; i++)
            {
                var at = first + i;
                (steps[i], times[i]) = (at, Start + (at * 20L));
                values[i] = Value(at, seed, random);
            }

            writer.Clear();
            writer.Add(new MetricBatchColumns { RunId = run, Source = "seed", Sequence = sequence++, Keys = [name], Key = [], Steps = steps, Times = times, Values = values });
            await target.LogPointsAsync(writer);
        }

        return sequence;
    }

    private static double Value(int at, int seed, Random random) => seed == 1
        ? (2.5 * Math.Pow(1 + (at / 20_000.0), -0.5)) + (random.NextDouble() * 0.08) + (at is FirstSpike or SecondSpike ? 6 : 0)
        : Math.Sin(at * (seed - 99) / 90_000.0) + (random.NextDouble() * 0.2);
}
