using Runstone.Core.Ingest;
using Runstone.Core.Metrics;

namespace Runstone.Storage.Tests.Conformance;

/// <summary>What every engine promises of integers that no double holds.</summary>
public abstract class TextConformance : StoreConformance
{
    private const string Odd = "9007199254740993";
    private const double Nearest = 9007199254740992;

    [Fact]
    public async Task Texts_are_kept_beside_their_points()
    {
        MetricPoint[] points =
        [
            new(0, new Step(2, 500_000), 7, Nearest), new(1, new Step(2, 500_000), 7, Nearest), new(0, new Step(1), 7, -1e30), new(0, new Step(1), 7, 5),
            new(0, Step.Unset, 8, 1.8446744073709552e19), new(1, new Step(3), 0, double.PositiveInfinity),
        ];
        await WriteAsync(Create("r1") with
        {
            Metrics = new MetricBatch(["m", "other"], points)
            {
                Texts = [new(4, "18446744073709551615"), new(0, Odd), new(2, "-1000000000000000000000000000001")],
            },
        });

        string[] expected = ["1:-1000000000000000000000000000001", $"2.5:{Odd}", "3:18446744073709551615"];
        foreach (var order in Enum.GetValues<SeriesOrder>())
            Assert.Equal(expected, await SortedTextsAsync(order));
        Assert.Empty(await TextsAsync("r1", "other"));
        Assert.Empty(await Store.Metrics.ReadTextsAsync("nobody", "m", new SeriesPoint[] { new(new Step(1), 7, Nearest) }, Token));
    }

    [Fact]
    public async Task A_batch_that_is_replayed_or_repeated_keeps_a_text_once()
    {
        var batch = Create("r1") with { Metrics = Text(1, Odd), Sequence = new BatchSequence("me", 1) };
        await WriteAsync(batch);
        Assert.True((await CommitAsync(batch with { Create = null }))[0].Replayed);
        await CommitAsync(new IngestBatch("r1") { Metrics = Text(1, Odd) }, new IngestBatch("r1") { Metrics = Text(1, Odd) });

        Assert.Equal([$"1:{Odd}"], await TextsAsync("r1", "m"));
        Assert.Equal([1], await Store.Numbers("select count(*) from metric_text"));
    }

    [Fact]
    public async Task A_batch_that_is_refused_leaves_no_text()
    {
        await WriteAsync(Create("r1"));
        Assert.NotNull((await CommitAsync(Create("r1") with { Metrics = Text(1, Odd) }))[0].Error);

        Assert.Equal([0], await Store.Numbers("select count(*) from metric_text"));
    }

    [Fact]
    public async Task Integers_with_one_nearest_double_are_one_point_with_texts_in_order_of_arrival()
    {
        string[] sent = ["9223372036854775809", "9223372036854775807", "9223372036854775809", "9223372036854775810"];
        await WriteAsync(Create("r1"));
        foreach (var text in sent)
            await WriteAsync(new IngestBatch("r1") { Metrics = Text(1, text, 9.223372036854775807e18) });

        async Task AssertAsync()
        {
            Assert.Single(await SeriesAsync("r1", "m"));
            Assert.Equal(["1:9223372036854775809", "1:9223372036854775807", "1:9223372036854775810"], await TextsAsync("r1", "m"));
        }

        await AssertAsync();
        await SealAsync("r1");
        await AssertAsync();
    }

    [Fact]
    public async Task A_point_gives_out_no_more_texts_than_the_limit()
    {
        var texts = Enumerable.Range(0, MetricService.MaxTexts + 4).Select(i => $"10000000000000000000000000000{i:00}").ToArray();
        var value = 1e30;
        await WriteAsync(Create("r1") with
        {
            Metrics = new MetricBatch(["m"], texts.Select(_ => new MetricPoint(0, new Step(1), 1, value)).Append(new MetricPoint(0, new Step(1), 2, Nearest)).ToArray())
            {
                Texts = [.. texts.Select((t, i) => new MetricText(i, t)), new MetricText(texts.Length, Odd)],
            },
        });

        Assert.Equal([.. texts.Take(MetricService.MaxTexts).Select(t => "1:" + t), $"1:{Odd}"], await TextsAsync("r1", "m"));
        Assert.Equal([texts.Length + 1], await Store.Numbers("select count(*) from metric_text"));
    }

    [Fact]
    public async Task Texts_of_long_series_are_found_block_by_block()
    {
        const int Count = 20_000;
        var points = Enumerable.Range(0, Count).Select(i => new MetricPoint(0, new Step((i * 7919) % Count), 1_000_000 - i, Nearest + (2 * i))).ToArray();
        await WriteAsync(Create("r1") with
        {
            Metrics = new MetricBatch(["m"], points) { Texts = [.. points.Select((p, i) => new MetricText(i, ((long)p.Value + 1).ToString(System.Globalization.CultureInfo.InvariantCulture)))] },
        });
        await SealAsync("r1");

        string[] expected = [.. points.Select(p => $"{p.Step.Whole}:{(long)p.Value + 1}").Order(StringComparer.Ordinal)];
        foreach (var order in Enum.GetValues<SeriesOrder>())
            Assert.Equal(expected, await SortedTextsAsync(order));
    }

    private static MetricBatch Text(long step, string text, double value = Nearest) =>
        new(["m"], new MetricPoint[] { new(0, new Step(step), 5, value) }) { Texts = [new MetricText(0, text)] };

    private async Task<string[]> SortedTextsAsync(SeriesOrder order) => [.. (await TextsAsync("r1", "m", order)).Order(StringComparer.Ordinal)];

    /// <summary>Step and text of all points of the series that have one, as they are read.</summary>
    private async Task<List<string>> TextsAsync(string runId, string key, SeriesOrder order = SeriesOrder.Step)
    {
        var read = new List<string>();
        await foreach (var block in Store.Metrics.ReadAsync(new SeriesQuery(runId, key) { Order = order }, Token))
        {
            var points = block.ToArray();
            read.AddRange((await Store.Metrics.ReadTextsAsync(runId, key, points, Token)).Select(t => $"{points[t.Point].Step}:{t.Text}"));
        }

        return read;
    }
}
