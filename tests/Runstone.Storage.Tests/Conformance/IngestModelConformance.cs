using CsCheck;
using Runstone.Core.Experiments;
using Runstone.Core.Ingest;
using Runstone.Core.Metrics;
using Runstone.Core.Runs;

namespace Runstone.Storage.Tests.Conformance;

/// <summary>Random sequences of groups, applied to the engine and to a model; both must agree on every answer and every read.</summary>
public abstract class IngestModelConformance : StoreConformance
{
    private static readonly string[] Keys = ["a", "b", "ключ"];

    private static readonly Gen<string> Key = Gen.Int[0, Keys.Length - 1].Select(i => Keys[i]);

    private static readonly Gen<double> Value = Gen.Int[0, 7].Select(i => i switch { 0 => double.NaN, 1 => double.PositiveInfinity, 2 => -1.5, _ => i });

    private static readonly Gen<MetricPoint> Point = Gen.Select(
        Gen.Int[0, Keys.Length - 1], Gen.Int[-1, 5], Gen.Int[0, 2], Value,
        (key, step, time, value) => new MetricPoint(key, step < 0 ? Step.Unset : new Step(step, step % 2 * 500_000), time, value));

    /// <summary>Any batch for one of three runs.</summary>
    internal static readonly Gen<IngestBatch> Batch =
        from run in Gen.Int[0, 2]
        from shape in Gen.Int[0, 9]
        from pairs in Gen.Select(Key, Gen.Int[0, 2], (k, v) => (Key: k, Value: v.ToString(System.Globalization.CultureInfo.InvariantCulture))).Array[0, 3]
        from removed in Key.Array[0, 2]
        from points in Point.Array[0, 6]
        from status in Gen.Int[1, 5]
        from number in Gen.Int[0, 6]
        from flag in Gen.Bool
        select Make($"r{run}", shape, pairs, removed, points, (RunStatus)status, number, flag);

    private int _round;
    private int _groups;

    [Fact]
    public async Task Any_sequence_of_groups_leaves_what_the_model_says()
    {
        await Batch.Array[1, 5].Array[1, 12].SampleAsync(groups => RunAsync(groups, []), iter: 150, threads: 1);
    }

    /// <summary>A number after each group: 0 for nothing, else the points that a pass takes at least; all runs are compared then.</summary>
    [Fact]
    public async Task Sealing_between_any_groups_changes_nothing_that_is_read()
    {
        await Gen.Select(Batch.Array[1, 5].Array[1, 12], Gen.Int[0, 4].Select(i => i switch { 2 => 1, 3 => 5, 4 => 1000, _ => 0 }).Array[12]).SampleAsync(RunAsync, iter: 100, threads: 1);
    }

    private async Task RunAsync(IngestBatch[][] groups, int[] seals)
    {
        var prefix = $"x{_round++}-";
        var model = new IngestModel();
        foreach (var group in groups)
        {
            var batches = group.Select(b => b with { RunId = prefix + b.RunId }).ToArray();
            var expected = batches.Select(model.Apply).ToArray();
            var outcomes = await CommitAsync(batches);
            Assert.Equal<string[]>(expected, [.. outcomes.Select(o => o.Replayed ? "replayed" : o.Error?.GetType().Name ?? "")]);
            var points = seals.ElementAtOrDefault(_groups++ % 12);
            foreach (var (id, run) in points == 0 ? [] : model.Runs)
            {
                await SealAsync(id, points);
                await CompareAsync(id, run);
            }
        }

        foreach (var (id, run) in model.Runs)
            await CompareAsync(id, run);
    }

    private async Task CompareAsync(string id, ModelRun expected)
    {
        var details = (await Store.Runs.GetDetailsAsync(id, Token))!;
        Assert.Equal((expected.Status, expected.EndTime, expected.Lifecycle), (details.Run.Status, details.Run.EndTime, details.Run.Lifecycle));
        Assert.Equal(expected.Params.Select(p => new Param(p.Key, p.Value)), details.Params);
        Assert.Equal(expected.Tags.Select(t => new Tag(t.Key, t.Value)), details.Tags);
        Assert.Equal(expected.Series.Keys.Select(expected.Summary), details.Metrics);
        foreach (var key in expected.Series.Keys)
        {
            Assert.Equal(expected.Arrived(key), (await SeriesAsync(id, key, SeriesOrder.Arrival)).Select(ModelRun.Identity));
            var sorted = await SeriesAsync(id, key);
            Assert.Equal(sorted.Order(), sorted);
            Assert.Equal(expected.Arrived(key).ToHashSet(), sorted.Select(ModelRun.Identity).ToHashSet());
            Assert.Equal(expected.Arrived(key).Count(), sorted.Count);
        }
    }

    private static IngestBatch Make(
        string run, int shape, (string Key, string Value)[] pairs, string[] removed, MetricPoint[] points, RunStatus status, int number, bool flag)
    {
        var batch = new IngestBatch(run) { RejectWhenEnded = flag && number == 3 };
        return shape switch
        {
            0 or 1 => batch with { Create = new NewRun(0) { Status = status }, Params = Params(pairs), Metrics = Metrics(points), RejectWhenEnded = false },
            2 => batch with { Params = Params(pairs), ParamPolicy = flag ? ParamPolicy.Replace : ParamPolicy.Immutable },
            3 => batch with { Tags = [.. pairs.Select(p => new Tag(p.Key, p.Value))], RemoveTags = removed },
            4 => batch with { Patch = new RunPatch { Status = status, EndTime = flag ? number : null } },
            5 => batch with { Patch = new RunPatch { Lifecycle = flag ? Lifecycle.Deleted : number % 2 == 0 ? Lifecycle.Archived : Lifecycle.Active } },
            6 or 7 => batch with { Metrics = Metrics(points), Sequence = new BatchSequence(flag ? "s" : "t", number) },
            _ => batch with { Metrics = Metrics(points) },
        };
    }

    private static Param[] Params((string Key, string Value)[] pairs) => [.. pairs.Select(p => new Param(p.Key, p.Value))];

    private static MetricBatch Metrics(MetricPoint[] points) => points.Length == 0 ? MetricBatch.Empty : new MetricBatch(Keys, points);
}
