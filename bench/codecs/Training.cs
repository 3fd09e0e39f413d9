using System.Globalization;

namespace Runstone.Codecs;

/// <summary>
/// A small network (one hidden layer of 32, float32, momentum) that learns by mini-batches who of the Adult data earns more than
/// 50,000; what it logs are real training curves, with the noise of real batches.
/// </summary>
internal sealed class Training
{
    private const int Hidden = 32;
    private const int Batch = 60;
    private const int Slots = 64;
    private const float Momentum = 0.9f;
    private const float BestRate = 0.02f;

    private readonly List<float[]> _rows = [];
    private readonly List<int> _answers = [];
    private readonly float[] _w1 = new float[Slots * Hidden];
    private readonly float[] _w2 = new float[Hidden];
    private readonly float[] _v1 = new float[Slots * Hidden];
    private readonly float[] _v2 = new float[Hidden];
    private readonly float[] _g1 = new float[Slots * Hidden];
    private readonly float[] _g2 = new float[Hidden];
    private readonly float[] _h = new float[Hidden];

    public List<double> Loss { get; } = [];

    public List<double> Accuracy { get; } = [];

    public List<double> GradientNorm { get; } = [];

    public List<double> Rate { get; } = [];

    /// <summary>The loss as a running mean in doubles, as progress bars show it.</summary>
    public List<double> MeanLoss { get; } = [];

    public static Training Run(string file, int steps)
    {
        var training = new Training();
        training.Load(file);
        training.Learn(steps);
        return training;
    }

    private void Load(string file)
    {
        foreach (var line in File.ReadLines(file))
        {
            var parts = line.Split(", ");
            if (parts.Length != 15)
                continue;
            var row = new float[Slots];
            row[0] = 1;
            for (var i = 0; i < 14; i++)
            {
                // Words fall into a few slots by a fixed hash; numbers are brought near 1.
                if (float.TryParse(parts[i], CultureInfo.InvariantCulture, out var number))
                    row[1 + i] = MathF.Log(1 + number) / 8;
                else
                    row[15 + (int)(Hash(i + parts[i]) % (Slots - 15))] += 1;
            }

            _rows.Add(row);
            _answers.Add(parts[14].StartsWith('>') ? 1 : 0);
        }
    }

    private void Learn(int steps)
    {
        var random = new Random(7);
        foreach (ref var weight in _w1.AsSpan())
            weight = (random.NextSingle() - 0.5f) * 0.3f;
        foreach (ref var weight in _w2.AsSpan())
            weight = (random.NextSingle() - 0.5f) * 0.3f;
        var sum = 0.0;
        for (var step = 0; step < steps; step++)
        {
            var rate = step < 500 ? BestRate * (step + 1) / 500.0 : BestRate * 0.5 * (1 + Math.Cos(Math.PI * (step - 500) / (steps - 500.0)));
            var (loss, right) = Step(random, (float)rate);
            sum += loss;
            Loss.Add(loss);
            Accuracy.Add((float)right / Batch);
            MeanLoss.Add(sum / (step + 1));
            Rate.Add(rate);
        }
    }

    private (float Loss, int Right) Step(Random random, float rate)
    {
        _g1.AsSpan().Clear();
        _g2.AsSpan().Clear();
        var (loss, right) = (0f, 0);
        for (var b = 0; b < Batch; b++)
        {
            var at = random.Next(_rows.Count);
            var (row, answer) = (_rows[at], _answers[at]);
            var logit = Forward(row);
            var p = 1 / (1 + MathF.Exp(-logit));
            loss -= MathF.Log(Math.Max(1e-7f, answer == 1 ? p : 1 - p));
            right += (p > 0.5f) == (answer == 1) ? 1 : 0;
            Backward(row, (p - answer) / Batch);
        }

        var norm = 0f;
        norm += Descend(_w1, _v1, _g1, rate);
        norm += Descend(_w2, _v2, _g2, rate);
        GradientNorm.Add(MathF.Sqrt(norm));
        return (loss / Batch, right);
    }

    private float Forward(float[] row)
    {
        var logit = 0f;
        for (var j = 0; j < Hidden; j++)
        {
            var sum = 0f;
            for (var i = 0; i < Slots; i++)
                sum += row[i] * _w1[(j * Slots) + i];
            _h[j] = Math.Max(0, sum);
            logit += _h[j] * _w2[j];
        }

        return logit;
    }

    private void Backward(float[] row, float error)
    {
        for (var j = 0; j < Hidden; j++)
        {
            _g2[j] += error * _h[j];
            if (_h[j] <= 0)
                continue;
            var inner = error * _w2[j];
            for (var i = 0; i < Slots; i++)
                _g1[(j * Slots) + i] += inner * row[i];
        }
    }

    private static float Descend(float[] weights, float[] velocity, float[] gradient, float rate)
    {
        var norm = 0f;
        for (var i = 0; i < weights.Length; i++)
        {
            norm += gradient[i] * gradient[i];
            velocity[i] = (Momentum * velocity[i]) - (rate * gradient[i]);
            weights[i] += velocity[i];
        }

        return norm;
    }

    private static uint Hash(string text)
    {
        var hash = 2166136261u;
        foreach (var c in text)
            hash = unchecked((hash ^ c) * 16777619u);
        return hash;
    }
}
