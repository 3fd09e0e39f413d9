using CsCheck;
using Runstone.Core.Ingest;
using Runstone.Core.Metrics;
using Runstone.Core.Metrics.Chunks;
using Runstone.Core.Runs;

namespace Runstone.Storage.Tests.Conformance;

/// <summary>
/// What every engine promises of a series of more chunks than a rollup has: whatever is logged, sealed, broken off, merged and written again, in any order, every
/// read and drawing is that of a plain list. Chunks are of a few points here, so that thousands of points are as many chunks as millions else.
/// </summary>
public abstract class LongSeriesConformance : StoreConformance
{
    private const int Span = 4000;

    /// <summary>What is done next; Read keeps a read open from here to the end.</summary>
    private enum Kind { Append, Scatter, Repeat, Seal, SealInParts, BreakOff, Settle, Read }

    private sealed record Act(Kind Kind, int Count, int Seed);

    private static readonly Gen<Act> Acts = Gen.Select(
        Gen.Frequency(
            (2, Gen.Const(Kind.Append)), (3, Gen.Const(Kind.Scatter)), (1, Gen.Const(Kind.Repeat)), (3, Gen.Const(Kind.Seal)), (2, Gen.Const(Kind.SealInParts)),
            (2, Gen.Const(Kind.BreakOff)), (1, Gen.Const(Kind.Settle)), (1, Gen.Const(Kind.Read))),
        Gen.Int[1, 60], Gen.Int[0, 1_000_000],
        (kind, count, seed) => new Act(kind, count, seed));

    private readonly List<SeriesPoint> _arrived = [];
    private int _round;
    private string _run = "";
    private int _chunkPoints;

    [Fact]
    public async Task Any_interleaving_leaves_what_a_plain_list_has()
    {
        await Gen.Select(Acts.Array[3, 12], Gen.Int[3, 9], Gen.Int[0, 1_000_000]).SampleAsync(RunAsync, iter: 6, threads: 1);
    }

    private async Task RunAsync(Act[] acts, int chunkPoints, int seed)
    {
        (_run, _chunkPoints) = ($"long-{_round++}", chunkPoints);
        _arrived.Clear();
        await WriteAsync(Create(_run));
        await LogAsync(Scattered(new Random(seed), (ChunkRollup.MaxChunks + 60) * chunkPoints));
        await SealAsync(1 << 18);
        var number = (await Store.Numbers($"select run_no from runs where run_id = '{_run}'"))[0];
        Assert.NotEmpty(await Store.Numbers($"select no from metric_rollup where run_no = {number}"));

        var open = new List<OpenRead>();
        foreach (var act in acts)
        {
            if (act.Kind == Kind.Read)
                open.Add(await BeginAsync((SeriesOrder)(act.Seed % 3)));
            else
                await DoAsync(act);
            await CompareAsync((SeriesOrder)(act.Seed / 3 % 3), new Random(act.Seed));
        }

        foreach (var read in open)
            await FinishAsync(read);
        foreach (var order in Enum.GetValues<SeriesOrder>())
            await CompareAsync(order, new Random(seed));
    }

    private async Task DoAsync(Act act)
    {
        var random = new Random(act.Seed);
        switch (act.Kind)
        {
            case Kind.Append:
                var next = Math.Max(Span, _arrived.Max(p => p.Step).Whole) + 1;
                await LogAsync([.. Enumerable.Range(0, act.Count).Select(i => new SeriesPoint(new Step(next + i), i, i))]);
                break;
            case Kind.Scatter:
                await LogAsync(Scattered(random, act.Count));
                break;
            case Kind.Repeat:
                await LogAsync([.. Enumerable.Range(0, act.Count).Select(_ => _arrived[random.Next(_arrived.Count)])]);
                break;
            case Kind.BreakOff:
                for (var i = 0; i < 20; i++)
                    await LogAsync(Scattered(random, 4));
                await BreakOffAsync(TimeSpan.FromMicroseconds(random.Next(5_000)));
                break;
            case Kind.Settle:
                await WriteAsync(new IngestBatch(_run) { Patch = new RunPatch { Status = RunStatus.Finished } });
                await SealAsync(1 << 18);
                await WriteAsync(new IngestBatch(_run) { Patch = new RunPatch { Status = RunStatus.Running } });
                break;
            default:
                await SealAsync(act.Count, act.Kind == Kind.Seal ? 1 << 20 : act.Count);
                break;
        }
    }

    /// <summary>Steps repeat and go back, times are few, and one value in twelve is not finite.</summary>
    private static SeriesPoint[] Scattered(Random random, int count) =>
    [
        .. Enumerable.Range(0, count).Select(i => new SeriesPoint(
            new Step(random.Next(Span), random.Next(3) == 0 ? 500_000 : 0), random.Next(50), random.Next(12) == 0 ? double.NaN : random.Next(1, 1000) / 8.0)),
    ];

    private Task<long> SealAsync(int maxPoints, int maxReplaced = 1 << 20) => SealAsync(_run, maxPoints, maxReplaced, _chunkPoints);

    /// <summary>Seals until it is stopped anywhere, as a server is that dies: in a reading, between two statements of a transaction, or after the end.</summary>
    private async Task BreakOffAsync(TimeSpan after)
    {
        var number = (await Store.Numbers($"select run_no from runs where run_id = '{_run}'"))[0];
        using var stop = new CancellationTokenSource(after);
        try
        {
            var options = new SealOptions { MaxPoints = 4, MaxReplaced = 40, ChunkPoints = _chunkPoints };
            while ((await Store.Seals.SealAsync(number, options, stop.Token)).More)
            {
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // What it had not committed is as it was.
        }
    }

    private async Task LogAsync(SeriesPoint[] points)
    {
        await WriteAsync(new IngestBatch(_run) { Metrics = new MetricBatch(["m"], (MetricPoint[])[.. points.Select(p => new MetricPoint(0, p.Step, p.Time, p.Value))]) });
        _arrived.AddRange(points);
    }

    private async Task CompareAsync(SeriesOrder order, Random random)
    {
        var expected = Expected(order);
        AssertSame(expected, await ReadAsync(new SeriesQuery(_run, "m") { Order = order }));
        if (order != SeriesOrder.Arrival)
        {
            var (after, from) = (random.Next(expected.Length), new Step(random.Next(Span)));
            var to = new Step(random.Next((int)from.Whole, Span));
            AssertSame(
                expected[(after + 1)..].Where(p => p.Step >= from && p.Step <= to),
                await ReadAsync(new SeriesQuery(_run, "m") { Order = order, After = expected[after], From = from, To = to }));
        }

        Assert.Equal(_arrived.Count, (await Store.Metrics.ListAsync(_run, Token)).Single().Count);
        await CompareDrawingAsync(random.Next(1, 400), null, null);
        await CompareDrawingAsync(random.Next(1, 30), random.Next(Span / 2), (Span / 2) + random.Next(Span / 2));
    }

    private async Task CompareDrawingAsync(int buckets, double? from, double? to)
    {
        var points = Expected(SeriesOrder.Step).Where(p => !(p.Step.ToDouble() < from) && !(p.Step.ToDouble() > to)).ToArray();
        var frame = (await Store.Metrics.DrawAsync([new FrameQuery(_run, "m", FrameAxis.Step, buckets, from, to)], Token))[0];
        Assert.Equal((points.Length, points.Length <= buckets), (frame.Points, frame.Exact));
        if (frame.Exact)
        {
            Assert.Equal(points.Select(p => p.Value), frame.Last);
            return;
        }

        Assert.Equal(points.Length, frame.Count.Sum());
        for (var (i, at) = (0, 0); i < frame.X.Length; at += frame.Count[i], i++)
        {
            var bucket = points[at..(at + frame.Count[i])];
            double[] finite = [.. bucket.Select(p => p.Value).Where(double.IsFinite).DefaultIfEmpty(double.NaN)];
            Assert.Equal((bucket[0].Step.ToDouble(), bucket[0].Value, bucket[^1].Value), (frame.X[i], frame.First[i], frame.Last[i]));
            Assert.Equal((finite.Min(), finite.Max()), (frame.Min[i], frame.Max[i]));
            Assert.Equal(finite.Average(), frame.Mean[i], 1e-9);
        }
    }

    /// <summary>The comparison that explains a difference takes far longer than the one that finds it.</summary>
    private static void AssertSame(IEnumerable<SeriesPoint> expected, IEnumerable<SeriesPoint> actual)
    {
        if (!expected.SequenceEqual(actual))
            Assert.Equal(expected, actual);
    }

    /// <summary>Equal points once, in the order asked for.</summary>
    private SeriesPoint[] Expected(SeriesOrder order) => order == SeriesOrder.Arrival
        ? [.. _arrived.Distinct()]
        : [.. _arrived.Distinct().OrderBy(p => order == SeriesOrder.Time ? p.Time : 0).ThenBy(p => p)];

    private async Task<List<SeriesPoint>> ReadAsync(SeriesQuery query)
    {
        var read = new List<SeriesPoint>();
        await foreach (var block in Store.Metrics.ReadAsync(query, Token))
            read.AddRange(block.Span);
        return read;
    }

    private async Task<OpenRead> BeginAsync(SeriesOrder order)
    {
        var read = new OpenRead(order, Expected(order), Store.Metrics.ReadAsync(new SeriesQuery(_run, "m") { Order = order }, Token).GetAsyncEnumerator(Token), []);
        Assert.True(await read.Blocks.MoveNextAsync());
        read.Points.AddRange(read.Blocks.Current.Span);
        return read;
    }

    /// <summary>A read during which chunks were replaced has every point from before it, none twice, none that was never logged, and all in order.</summary>
    private async Task FinishAsync(OpenRead read)
    {
        while (await read.Blocks.MoveNextAsync())
            read.Points.AddRange(read.Blocks.Current.Span);
        await read.Blocks.DisposeAsync();
        var before = read.Before.ToHashSet();
        AssertSame(read.Before, read.Points.Where(before.Contains));
        var found = read.Points.ToHashSet();
        Assert.Equal(found.Count, read.Points.Count);
        AssertSame(Expected(read.Order).Where(found.Contains), read.Points);
    }

    private sealed record OpenRead(SeriesOrder Order, SeriesPoint[] Before, IAsyncEnumerator<ReadOnlyMemory<SeriesPoint>> Blocks, List<SeriesPoint> Points);
}
