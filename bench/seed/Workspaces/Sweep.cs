using Runstone.Protocol;

namespace Runstone.Seed.Workspaces;

/// <summary>
/// A random search. Curves fall by a power law to a floor that the hyperparameters decide, so that importance and parallel coordinates have
/// something to find: the learning rate counts most, then depth and dropout together, the batch size a little, the seed not at all.
/// </summary>
internal sealed record Sweep() : Workspace("sweep", "10,000 runs of a random search: 8 hyperparameters, four curves of 60 points")
{
    private const int Runs = 10_000;
    private const int Points = 60;
    private const double FailureRate = 0.03;

    private static readonly string[] Optimizers = ["adam", "adamw", "sgd", "lion"];
    private static readonly int[] BatchSizes = [16, 32, 64, 128, 256];
    private static readonly string[] Keys = ["train/loss", "val/loss", "val/accuracy", "lr"];

    protected override async Task FillAsync(Target target)
    {
        var experiment = await CreateExperimentAsync(target);
        await Target.ForEachAsync(Runs, number => OneAsync(target, experiment, number));
    }

    private Task OneAsync(Target target, string experiment, int number)
    {
        var random = new Random(number);
        var trial = Trial.Draw(random);
        var start = Start + (number * 40_000L);
        var failed = random.NextDouble() < FailureRate;
        var points = failed ? random.Next(3, Points) : Points;
        return target.RunAsync(
            new CreateRunRequest
            {
                ExperimentId = experiment,
                Id = RunId(number),
                Name = $"trial-{number}",
                User = $"{(number % 3) switch { 0 => "ada", 1 => "grace", _ => "sofia" }}",
                StartTime = start,
                Tags = new Dictionary<string, string>(StringComparer.Ordinal) { ["round"] = $"{number / 2500}", ["host"] = $"node-{number % 16}" },
            },
            new LogRequest
            {
                Params = trial.ToParams(),
                Metrics = Curves(trial, random, points, start),
                Status = failed ? RunStatuses.Failed : RunStatuses.Finished,
                EndTime = start + (points * 1000L),
            });
    }

    private static MetricColumns Curves(Trial trial, Random random, int points, long start)
    {
        var (key, step, time, value) = (new int[points * 4], new decimal[points * 4], new long[points * 4], new double[points * 4]);
        for (var i = 0; i < points; i++)
        {
            var progress = Math.Pow(i + 1, -trial.Speed);
            var train = trial.Floor - 0.04 + ((2.3 - trial.Floor) * progress) + Noise(random, 0.02);
            var validation = trial.Floor + trial.Overfit * i / points + ((2.3 - trial.Floor) * progress) + Noise(random, 0.012);
            ReadOnlySpan<double> row = [train, validation, Math.Exp(-validation) * 0.99, trial.LearningRate * (1 + Math.Cos(Math.PI * i / Points)) / 2];
            for (var k = 0; k < 4; k++)
            {
                var at = (i * 4) + k;
                (key[at], step[at], time[at], value[at]) = (k, i * 100, start + (i * 1000L), row[k]);
            }
        }

        return new MetricColumns { Keys = Keys, Key = key, Step = step, Time = time, Value = value };
    }

    private static double Noise(Random random, double scale) => (random.NextDouble() + random.NextDouble() - 1) * scale;

    private sealed record Trial(double LearningRate, int Layers, double Dropout, int Batch, string Optimizer, double WeightDecay, int Width, int Seed)
    {
        public double Floor
        {
            get
            {
                var rate = Math.Log10(LearningRate) + (Optimizer == "sgd" ? 1.8 : 3);
                var fit = Math.Abs((Layers / 12.0) - (0.4 + Dropout));
                return 0.18 + (0.16 * rate * rate) + (0.35 * fit * fit) + (0.012 * Math.Abs(Math.Log2(Batch) - 6)) + (Optimizer == "lion" ? 0.03 : 0);
            }
        }

        public double Overfit => Math.Max(0, 0.15 - Dropout) * Layers / 12;

        public double Speed => 0.35 + (0.1 * Math.Clamp(Math.Log10(LearningRate) + 4, 0, 2));

        public static Trial Draw(Random random) => new(
            Math.Pow(10, -5 + (4 * random.NextDouble())), random.Next(1, 13), Math.Round(random.NextDouble() * 0.6, 2), BatchSizes[random.Next(BatchSizes.Length)],
            Optimizers[random.Next(Optimizers.Length)], Math.Pow(10, -6 + (4 * random.NextDouble())), 64 << random.Next(5), random.Next(1000));

        public Dictionary<string, string> ToParams() => new(StringComparer.Ordinal)
        {
            ["learning_rate"] = Text(LearningRate, "G4"),
            ["layers"] = Text(Layers),
            ["dropout"] = Text(Dropout),
            ["batch_size"] = Text(Batch),
            ["optimizer"] = Optimizer,
            ["weight_decay"] = Text(WeightDecay, "G4"),
            ["width"] = Text(Width),
            ["seed"] = Text(Seed),
        };
    }
}
