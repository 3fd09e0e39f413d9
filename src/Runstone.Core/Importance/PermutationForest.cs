namespace Runstone.Core.Importance;

/// <summary>
/// A random forest (Breiman, Machine Learning 45, 2001) and what it loses when one feature is shuffled. Each tree is grown on a sample with repeats, and asked
/// about rows that it has not seen; the loss of a feature is how much the squared error of these rows grows when each gets the feature's value of another
/// of them. Losses below 0 are chance and count as 0.
/// </summary>
internal sealed class PermutationForest(IReadOnlyList<FeatureBins> features, double[] target)
{
    /// <summary>Of fewer rows nothing can be learnt.</summary>
    public const int MinRows = 10;

    private const int Trees = 100;
    private const int MaxGrown = 4096;
    private const int MaxAsked = 1024;
    private const int AllTried = 16;
    private const ulong Seed = 0x52756E73746F6E65;

    private readonly double[] _losses = new double[features.Count];
    private readonly double[] _predicted = new double[target.Length];
    private readonly int[] _votes = new int[target.Length];

    /// <summary>One a feature, none negative; the sum is 1 unless nothing was learnt, then it is 0.</summary>
    public IReadOnlyList<double> Importances { get; private set; } = new double[features.Count];

    /// <summary>1 - squared error / variance over rows that at least one tree has not seen, by the mean of these trees; at least 0.</summary>
    public double Explained { get; private set; }

    public void Run(CancellationToken cancellationToken)
    {
        if (target.Length < MinRows || features.Count == 0)
            return;
        for (var tree = 0; tree < Trees; tree++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Add(new SeededRandom(Seed + (ulong)tree));
        }

        Explained = ExplainedShare();
        var losses = _losses.Select(l => Explained > 0 ? Math.Max(l, 0) : 0).ToArray();
        var sum = losses.Sum();
        if (sum > 0)
            Importances = [.. losses.Select(l => l / sum)];
    }

    private void Add(SeededRandom random)
    {
        var grown = new int[Math.Min(target.Length, MaxGrown)];
        var seen = new bool[target.Length];
        for (var i = 0; i < grown.Length; i++)
            seen[grown[i] = random.Below(target.Length)] = true;
        var asked = Enumerable.Range(0, target.Length).Where(i => !seen[i]).ToArray();
        random.Shuffle(asked.AsSpan(), Math.Min(asked.Length, MaxAsked));
        asked = asked[..Math.Min(asked.Length, MaxAsked)];

        // A third of the features, as for regression by Breiman; of few features all, because of few runs the one that matters must not be missed.
        var tried = Math.Min(features.Count, Math.Max(AllTried, (features.Count + 2) / 3));
        var tree = RegressionTree.Grow(features, target, grown, tried, random.Fork());
        var error = 0.0;
        foreach (var row in asked)
        {
            var predicted = tree.Predict(row);
            error += Square(predicted - target[row]);
            _predicted[row] += predicted;
            _votes[row]++;
        }

        foreach (var feature in tree.Used)
            _losses[feature] += Shuffled(tree, feature, asked, ref random) - error;
    }

    private double Shuffled(RegressionTree tree, int feature, int[] asked, ref SeededRandom random)
    {
        var others = asked.ToArray();
        random.Shuffle(others.AsSpan(), others.Length);
        var error = 0.0;
        for (var i = 0; i < asked.Length; i++)
            error += Square(tree.Predict(asked[i], feature, others[i]) - target[asked[i]]);
        return error;
    }

    private double ExplainedShare()
    {
        var asked = Enumerable.Range(0, target.Length).Where(i => _votes[i] > 0).ToArray();
        if (asked.Length == 0)
            return 0;
        var mean = asked.Average(i => target[i]);
        var variance = asked.Sum(i => Square(target[i] - mean));
        var error = asked.Sum(i => Square((_predicted[i] / _votes[i]) - target[i]));
        return variance > 0 ? Math.Max(0, 1 - (error / variance)) : 0;
    }

    private static double Square(double x) => x * x;
}
