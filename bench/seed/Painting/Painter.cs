namespace Runstone.Seed.Painting;

/// <summary>
/// A network from a place to a colour: Fourier features (Tancik and others, 2020), one hidden layer of tanh, three sigmoids; Adam (Kingma and
/// Ba, 2014) on mini-batches of pixels.
/// </summary>
internal sealed class Painter
{
    private const int Waves = 24;
    private const int Inputs = 2 * Waves;
    private const int Hidden = 40;
    private const int Outputs = 3;
    private const int Batch = 512;

    private readonly double _rate;
    private readonly Random _random;
    private readonly double[] _waves = new double[Waves * 2];
    private readonly double[] _input = new double[Inputs];
    private readonly double[] _hidden = new double[Hidden];
    private readonly double[] _output = new double[Outputs];
    private readonly Layer _first;
    private readonly Layer _last;

    public Painter(double rate, int seed)
    {
        _rate = rate;
        _random = new Random(seed);
        for (var i = 0; i < _waves.Length; i++)
            _waves[i] = Normal() * 4;
        _first = new Layer(Inputs + 1, Hidden, Normal);
        _last = new Layer(Hidden + 1, Outputs, Normal);
    }

    public double[] FirstWeights => _first.Weights;

    public double[] LastWeights => _last.Weights;

    /// <summary>Learns from one batch; the mean squared error of it before.</summary>
    public double Step(int step)
    {
        var sum = 0.0;
        for (var i = 0; i < Batch; i++)
        {
            var (x, y) = (Picture.Place(_random.Next(Picture.Size)), Picture.Place(_random.Next(Picture.Size)));
            Forward(x, y);
            var (r, g, b) = Picture.ColourAt(x, y);
            ReadOnlySpan<double> wanted = [r, g, b];
            sum += Backward(wanted);
        }

        _first.Move(_rate, step, Batch);
        _last.Move(_rate, step, Batch);
        return sum / (Batch * Outputs);
    }

    /// <summary>What it paints: red, green and blue of each pixel, row by row.</summary>
    public double[] Paint()
    {
        var picture = new double[Picture.Pixels * Outputs];
        for (var row = 0; row < Picture.Size; row++)
        {
            for (var column = 0; column < Picture.Size; column++)
            {
                Forward(Picture.Place(column), Picture.Place(row));
                _output.CopyTo(picture.AsSpan(((row * Picture.Size) + column) * Outputs));
            }
        }

        return picture;
    }

    private void Forward(double x, double y)
    {
        for (var wave = 0; wave < Waves; wave++)
        {
            var angle = Math.PI * ((_waves[wave * 2] * x) + (_waves[(wave * 2) + 1] * y)) / 2;
            (_input[wave * 2], _input[(wave * 2) + 1]) = Math.SinCos(angle);
        }

        _first.Apply(_input, _hidden);
        for (var i = 0; i < Hidden; i++)
            _hidden[i] = Math.Tanh(_hidden[i]);
        _last.Apply(_hidden, _output);
        for (var i = 0; i < Outputs; i++)
            _output[i] = 1 / (1 + Math.Exp(-_output[i]));
    }

    private double Backward(ReadOnlySpan<double> wanted)
    {
        Span<double> atOutput = stackalloc double[Outputs];
        Span<double> atHidden = stackalloc double[Hidden];
        var error = 0.0;
        for (var i = 0; i < Outputs; i++)
        {
            var away = _output[i] - wanted[i];
            error += away * away;
            atOutput[i] = away * _output[i] * (1 - _output[i]);
        }

        _last.Gather(_hidden, atOutput, atHidden);
        for (var i = 0; i < Hidden; i++)
            atHidden[i] *= 1 - (_hidden[i] * _hidden[i]);
        _first.Gather(_input, atHidden, []);
        return error;
    }

    // Box and Muller, 1958.
    private double Normal() => Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());

    /// <summary>Weights of one layer, the last input being a constant 1, with what Adam remembers.</summary>
    private sealed class Layer
    {
        private readonly int _inputs;
        private readonly int _outputs;
        private readonly double[] _gradient;
        private readonly double[] _mean;
        private readonly double[] _square;

        public Layer(int inputs, int outputs, Func<double> normal)
        {
            (_inputs, _outputs) = (inputs, outputs);
            Weights = new double[inputs * outputs];
            (_gradient, _mean, _square) = (new double[Weights.Length], new double[Weights.Length], new double[Weights.Length]);
            for (var i = 0; i < Weights.Length; i++)
                Weights[i] = normal() / Math.Sqrt(inputs);
        }

        public double[] Weights { get; }

        public void Apply(ReadOnlySpan<double> input, Span<double> output)
        {
            for (var to = 0; to < _outputs; to++)
            {
                var row = Weights.AsSpan(to * _inputs, _inputs);
                var sum = row[^1];
                for (var i = 0; i < input.Length; i++)
                    sum += row[i] * input[i];
                output[to] = sum;
            }
        }

        /// <summary>Adds to the gradient; what reaches the inputs goes to <paramref name="back"/> unless that is empty.</summary>
        public void Gather(ReadOnlySpan<double> input, ReadOnlySpan<double> at, Span<double> back)
        {
            back.Clear();
            for (var to = 0; to < _outputs; to++)
            {
                var start = to * _inputs;
                for (var i = 0; i < input.Length; i++)
                {
                    _gradient[start + i] += at[to] * input[i];
                    if (!back.IsEmpty)
                        back[i] += at[to] * Weights[start + i];
                }

                _gradient[start + _inputs - 1] += at[to];
            }
        }

        public void Move(double rate, int step, int count)
        {
            var (first, second) = (1 - Math.Pow(0.9, step), 1 - Math.Pow(0.999, step));
            for (var i = 0; i < Weights.Length; i++)
            {
                var gradient = _gradient[i] / count;
                _mean[i] = (0.9 * _mean[i]) + (0.1 * gradient);
                _square[i] = (0.999 * _square[i]) + (0.001 * gradient * gradient);
                Weights[i] -= rate * (_mean[i] / first) / (Math.Sqrt(_square[i] / second) + 1e-8);
                _gradient[i] = 0;
            }
        }
    }
}
