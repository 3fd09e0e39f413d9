namespace Runstone.Core.Importance;

/// <summary>
/// A regression tree over binned features: every node sends some bins of one feature to the left and the others to the right, chosen so that the sum of
/// squared errors falls the most. Bins of numbers are cut in their order, bins of categories in the order of their mean, which finds the best of all
/// cuts (Breiman, Friedman, Olshen and Stone 1984, 4.2.2).
/// </summary>
internal sealed class RegressionTree
{
    private const int MaxDepth = 16;
    private const int MinLeaf = 3;

    private readonly IReadOnlyList<FeatureBins> _features;
    private readonly double[] _target;
    private readonly int[] _candidates;
    private readonly int _tried;
    private readonly List<Node> _nodes = [];
    private SeededRandom _random;

    private RegressionTree(IReadOnlyList<FeatureBins> features, double[] target, int tried, SeededRandom random)
    {
        (_features, _target, _tried, _random) = (features, target, tried, random);
        _candidates = [.. Enumerable.Range(0, features.Count)];
    }

    /// <summary>The features that the tree asks for, ascending.</summary>
    public IEnumerable<int> Used => _nodes.Where(n => n.Left > 0).Select(n => n.Feature).Distinct().Order();

    /// <summary>Grows a tree on the rows, which are reordered; a row may stand there several times.</summary>
    public static RegressionTree Grow(IReadOnlyList<FeatureBins> features, double[] target, int[] rows, int tried, SeededRandom random)
    {
        var tree = new RegressionTree(features, target, tried, random);
        tree.Grow(rows, depth: 0);
        return tree;
    }

    public double Predict(int row) => Predict(row, shuffled: -1, other: row);

    /// <summary>What it says of a row that had the value of another row in one feature.</summary>
    public double Predict(int row, int shuffled, int other)
    {
        var node = _nodes[0];
        while (node.Left > 0)
        {
            var bin = _features[node.Feature].Bins[node.Feature == shuffled ? other : row];
            node = _nodes[((node.Bins >> bin) & 1) != 0 ? node.Left : node.Left + node.Skip];
        }

        return node.Value;
    }

    private int Grow(Span<int> rows, int depth)
    {
        var sum = 0.0;
        foreach (var row in rows)
            sum += _target[row];
        var at = _nodes.Count;
        _nodes.Add(new Node { Value = sum / rows.Length });
        if (depth == MaxDepth || rows.Length < 2 * MinLeaf || FindCut(rows, sum) is not { } cut)
            return at;
        var middle = Partition(rows, cut.Feature, cut.Bins);
        var left = Grow(rows[..middle], depth + 1);
        var right = Grow(rows[middle..], depth + 1);
        _nodes[at] = new Node { Feature = cut.Feature, Bins = cut.Bins, Left = left, Skip = right - left };
        return at;
    }

    private int Partition(Span<int> rows, int feature, ulong bins)
    {
        var values = _features[feature].Bins;
        var middle = 0;
        for (var i = 0; i < rows.Length; i++)
        {
            if (((bins >> values[rows[i]]) & 1) == 0)
                continue;
            (rows[middle], rows[i]) = (rows[i], rows[middle]);
            middle++;
        }

        return middle;
    }

    private Cut? FindCut(Span<int> rows, double sum)
    {
        // What a cut must win to be one: more than rounding makes of a metric that is the same everywhere.
        var floor = sum * sum / rows.Length;
        Cut? best = null;
        var gain = Math.Abs(floor) * 1e-12;
        _random.Shuffle(_candidates.AsSpan(), _tried);
        for (var i = 0; i < _tried; i++)
        {
            if (CutOf(_candidates[i], rows, sum) is { } cut && cut.Score - floor > gain)
                (best, gain) = (cut, cut.Score - floor);
        }

        return best;
    }

    /// <summary>The best cut of one feature; its score is the sum over both sides of (sum of the target)^2 / rows.</summary>
    private Cut? CutOf(int feature, Span<int> rows, double sum)
    {
        Span<double> sums = stackalloc double[FeatureBins.Count];
        Span<int> counts = stackalloc int[FeatureBins.Count];
        sums.Clear();
        counts.Clear();
        var values = _features[feature].Bins;
        foreach (var row in rows)
        {
            sums[values[row]] += _target[row];
            counts[values[row]]++;
        }

        Span<int> order = stackalloc int[FeatureBins.Count];
        order = order[..Order(_features[feature].Kind, sums, counts, order)];
        Cut? best = null;
        var (leftSum, left, bins) = (0.0, 0, 0ul);
        foreach (var bin in order[..Math.Max(order.Length - 1, 0)])
        {
            leftSum += sums[bin];
            left += counts[bin];

            // A number goes left whenever it is not above the cut, be its bin among these rows or not; a category that none of them has goes right.
            bins = _features[feature].Kind == ParamKind.Number ? (2ul << bin) - 1 : bins | (1ul << bin);
            var (rightSum, right) = (sum - leftSum, rows.Length - left);
            if (left < MinLeaf || right < MinLeaf)
                continue;
            var score = (leftSum * leftSum / left) + (rightSum * rightSum / right);
            if (best is null || score > best.Value.Score)
                best = new Cut(feature, bins, score);
        }

        return best;
    }

    private static int Order(ParamKind kind, Span<double> sums, Span<int> counts, Span<int> order)
    {
        Span<double> means = stackalloc double[FeatureBins.Count];
        var used = 0;
        for (var bin = 0; bin < FeatureBins.Count; bin++)
        {
            if (counts[bin] == 0)
                continue;
            means[used] = sums[bin] / counts[bin];
            order[used++] = bin;
        }

        if (kind == ParamKind.Category)
            means[..used].Sort(order[..used]);
        return used;
    }

    private readonly record struct Cut(int Feature, ulong Bins, double Score);

    /// <summary>A leaf has no left side; the right side stands <see cref="Skip"/> nodes behind the left one.</summary>
    private readonly record struct Node
    {
        public double Value { get; init; }

        public int Feature { get; init; }

        public ulong Bins { get; init; }

        public int Left { get; init; }

        public int Skip { get; init; }
    }
}
