namespace Runstone.Core.Metrics.Frames;

/// <summary>Puts the drawn buckets of runs together by group; the figures are defined at <see cref="GroupFrame"/>.</summary>
public sealed class GroupAggregator
{
    private readonly FrameScale _scale;
    private readonly double[] _x;
    private readonly Group[] _groups;

    public GroupAggregator(int groups, FrameScale scale)
    {
        _scale = scale;
        _x = new double[scale.Buckets];
        Array.Fill(_x, double.PositiveInfinity);
        _groups = new Group[groups];
        for (var i = 0; i < groups; i++)
            _groups[i] = new Group(scale.Buckets);
    }

    /// <summary>The scale on which runs are drawn.</summary>
    public FrameScale Scale => _scale;

    /// <summary>Adds the buckets of one run, which were drawn on the same scale.</summary>
    public void Add(int group, FrameBuilder run)
    {
        if (run.Scale != _scale)
            throw new ArgumentException("The run was drawn on another scale.", nameof(run));
        var (into, any) = (_groups[group], false);
        for (var i = 0; i < _scale.Buckets; i++)
        {
            if (run.FiniteCountOf(i) == 0)
                continue;
            any = true;
            _x[i] = Math.Min(_x[i], run.XOf(i));
            into.Add(i, run.MeanOf(i), run.MinOf(i), run.MaxOf(i));
        }

        into.Runs += any ? 1 : 0;
    }

    public GroupFrames Build()
    {
        var used = Enumerable.Range(0, _scale.Buckets).Where(i => double.IsFinite(_x[i])).ToArray();
        return new GroupFrames(_scale.From, _scale.To, Pick(_x, used), [.. _groups.Select(g => g.Build(used))]);
    }

    private static T[] Pick<T>(T[] all, int[] places) => Array.ConvertAll(places, i => all[i]);

    private sealed class Group(int buckets)
    {
        private readonly double[] _mean = new double[buckets];
        private readonly double[] _squares = new double[buckets];
        private readonly double[] _min = new double[buckets];
        private readonly double[] _max = new double[buckets];
        private readonly int[] _count = new int[buckets];

        public int Runs { get; set; }

        public void Add(int bucket, double mean, double min, double max)
        {
            if (_count[bucket]++ == 0)
            {
                (_mean[bucket], _min[bucket], _max[bucket]) = (mean, min, max);
                return;
            }

            var distance = mean - _mean[bucket];
            _mean[bucket] += distance / _count[bucket];
            _squares[bucket] += distance * (mean - _mean[bucket]);
            _min[bucket] = Math.Min(_min[bucket], min);
            _max[bucket] = Math.Max(_max[bucket], max);
        }

        public GroupFrame Build(int[] places)
        {
            var deviation = Array.ConvertAll(places, i => Math.Sqrt(_squares[i] / Math.Max(1, _count[i] - 1)));
            var frame = new GroupFrame(Runs, Pick(_mean, places), deviation, Pick(_min, places), Pick(_max, places), Pick(_count, places));
            for (var i = 0; i < places.Length; i++)
            {
                if (frame.Count[i] == 0)
                    frame.Mean[i] = frame.Deviation[i] = frame.Min[i] = frame.Max[i] = double.NaN;
            }

            return frame;
        }
    }
}
