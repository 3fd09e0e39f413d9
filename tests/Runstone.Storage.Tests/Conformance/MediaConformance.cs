using CsCheck;
using Runstone.Core.Errors;
using Runstone.Core.Experiments;
using Runstone.Core.Ingest;
using Runstone.Core.Media;
using Runstone.Core.Metrics;
using Runstone.Core.Runs;

namespace Runstone.Storage.Tests.Conformance;

/// <summary>What every engine promises as <see cref="IMediaStore"/>, and of media in <see cref="IIngestStore"/>.</summary>
public abstract class MediaConformance : StoreConformance
{
    private const long Everything = long.MaxValue;

    private static readonly Gen<MediaItem> Item = Gen.Select(Gen.Int[0, 1], Gen.Int[-2, 4], Gen.Bool, Gen.Int[0, 40]).Select((key, step, half, length) =>
        new MediaItem(key == 0 ? "a" : "ключ", new Step(step, half ? 500_000 : 0), Now + length, MediaType.Text) { Data = Text(new string('x', length)) });

    private int _round;

    [Fact]
    public async Task Items_come_back_as_they_were_by_step_and_then_as_they_came()
    {
        MediaItem[] logged =
        [
            new("val/img", new Step(5), Now, MediaType.Image) { Path = "media/val/5.png", Caption = "five ☃" },
            new("val/img", new Step(-3, 250_000), Now + 1, MediaType.Image) { Path = "media/val/m3.png" },
            new("val/img", new Step(5), Now - 7, MediaType.Text) { Data = Text("кот\\u0000") },
            new("val/img", new Step(long.MaxValue, 999_999), Now, MediaType.Image) { Path = "last" },
            new("val/img", new Step(long.MinValue), Now, MediaType.Image) { Path = "first" },
            new("other", new Step(1), Now, MediaType.Histogram) { Data = """{"edges":[0,1],"counts":[1]}""" },
        ];
        await WriteAsync(Create("r1") with { Media = logged[..2] });
        await WriteAsync(new IngestBatch("r1") { Media = logged[2..] });
        await WriteAsync(Create("r2") with { Media = [logged[0]] });

        var items = await ListAsync("r1", "val/img");
        Assert.Equal([logged[4], logged[1], logged[0], logged[2], logged[3]], items.Select(i => i.Item));
        Assert.Equal(items.Count, items.Select(i => i.Id).Distinct().Count());
        Assert.Equal([logged[5]], (await ListAsync("r1", "other")).Select(i => i.Item));
        Assert.Empty(await ListAsync("r1", "none"));
        Assert.Empty(await ListAsync("none", "other"));
        Assert.Equal(
            [logged[1], logged[0], logged[2]],
            (await ListAsync("r1", "val/img", new Step(-3, 250_000), new Step(5))).Select(i => i.Item));
    }

    [Fact]
    public async Task Keys_are_summed_up_by_type()
    {
        await WriteAsync(Create("r1") with
        {
            Media =
            [
                Of("b", 4, MediaType.Image), Of("b", 2, MediaType.Image), Of("b", 3, MediaType.Text, Now + 9), Of("a", -1, MediaType.Text),
                new MediaItem("b", new Step(4, 5), Now - 1, MediaType.Image) { Path = "x" },
            ],
        });
        await WriteAsync(Create("r0") with { Media = [Of("b", 1, MediaType.Image)] });
        await WriteAsync(Create("r2"));

        Assert.Equal(
            [
                new MediaKey("r0", "b", MediaType.Image, 1, new Step(1), new Step(1), Now),
                new MediaKey("r1", "a", MediaType.Text, 1, new Step(-1), new Step(-1), Now),
                new MediaKey("r1", "b", MediaType.Image, 3, new Step(2), new Step(4, 5), Now),
                new MediaKey("r1", "b", MediaType.Text, 1, new Step(3), new Step(3), Now + 9),
            ],
            await Store.Media.ListKeysAsync(["r2", "r1", "r0", "none"], Token));
    }

    [Fact]
    public async Task A_batch_is_kept_as_a_whole_and_once()
    {
        await WriteAsync(Create("r1"));
        var batch = new IngestBatch("r1") { Media = [Of("a", 1, MediaType.Image)], Sequence = new BatchSequence("s", 1) };
        await WriteAsync(batch);
        var again = await CommitAsync(batch, batch with { Sequence = new BatchSequence("s", 2) });
        Assert.Equal((true, false), (again[0].Replayed, again[1].Replayed));
        Assert.Equal(2, (await ListAsync("r1", "a")).Count);

        await RefusedAsync<RunTagNotFound>(new IngestBatch("r1") { Media = [Of("a", 2, MediaType.Image)], RemoveTags = ["none"] });
        Assert.Equal(2, (await ListAsync("r1", "a")).Count);
        await WriteAsync(new IngestBatch("r1") { Patch = new RunPatch { Lifecycle = Lifecycle.Deleted } });
        await RefusedAsync<RunNotActive>(new IngestBatch("r1")
        {
            Media = [Of("a", 3, MediaType.Image)],
            Patch = new RunPatch { Lifecycle = Lifecycle.Active },
        });
        Assert.Equal(2, (await ListAsync("r1", "a")).Count);
    }

    [Fact]
    public async Task Pages_end_by_number_or_by_the_length_of_data_and_show_each_item_once()
    {
        await Gen.Select(Item.Array[0, 12], Gen.Int[1, 5], Gen.Int[0, 120]).SampleAsync(CheckPagesAsync, iter: 40, threads: 1);
    }

    [Fact]
    public async Task Steps_are_counted_and_found()
    {
        await WriteAsync(Create("r1") with { Media = [Of("a", 4), Of("a", 2), Of("a", 4), new MediaItem("a", new Step(2, 5), Now, MediaType.Image) { Path = "p" }, Of("b", 9)] });
        await WriteAsync(Create("r2") with { Media = [Of("a", 3)] });

        Assert.Equal([new MediaStep(new Step(2), 1), new MediaStep(new Step(2, 5), 1), new MediaStep(new Step(4), 2)], await StepsAsync(new MediaQuery("r1", "a"), 10));
        Assert.Equal([new MediaStep(new Step(2), 1)], await StepsAsync(new MediaQuery("r1", "a"), 1));
        Assert.Equal([new MediaStep(new Step(2, 5), 1)], await StepsAsync(new MediaQuery("r1", "a") { From = new Step(2, 1), To = new Step(3) }, 10));

        string[] runs = ["r2", "none", "r1"];
        Assert.Equal([new Step(3), null, new Step(4)], await Store.Media.FindStepsAsync(runs, "a", null, Token));
        Assert.Equal([new Step(3), null, new Step(2, 5)], await Store.Media.FindStepsAsync(runs, "a", new Step(3, 999_999), Token));
        Assert.Equal([null, null, new Step(2)], await Store.Media.FindStepsAsync(runs, "a", new Step(2, 4), Token));
        Assert.Equal([null, null, null], await Store.Media.FindStepsAsync(runs, "a", new Step(1), Token));
    }

    [Fact]
    public async Task Places_are_read_in_their_order()
    {
        await WriteAsync(Create("r1") with { Media = [Of("a", 4), Of("a", 2), Of("a", 4, MediaType.Text), Of("b", 4)] });
        await WriteAsync(Create("r2") with { Media = [Of("a", 3)] });

        var found = await Store.Media.ReadAsync(
            [new("r2", new Step(3)), new("r1", new Step(4)), new("r1", new Step(3)), new("none", new Step(3)), new("r1", new Step(2))], "a", Everything, Token);
        Assert.Equal([1, 2, 0, 0, 1], found.Select(items => items.Count));
        Assert.Equal([MediaType.Image, MediaType.Text], found[1].Select(i => i.Item.Type));
        Assert.Equal(Text("t"), found[1][1].Item.Data);

        var error = await Assert.ThrowsAsync<RunstoneException>(() => Store.Media.ReadAsync([new("r1", new Step(4))], "a", 3, Token));
        Assert.Equal(new MediaTooLarge(Text("t").Length, 3), error.Error);
    }

    [Fact]
    public async Task Of_a_step_with_many_items_come_the_first()
    {
        await WriteAsync(Create("r1") with { Media = [.. Enumerable.Range(0, IMediaStore.MaxOfStep + 1).Select(i => Of("a", 1, MediaType.Image, i))] });
        var found = await Store.Media.ReadAsync([new("r1", new Step(1))], "a", Everything, Token);
        Assert.Equal(Enumerable.Range(0, IMediaStore.MaxOfStep).Select(i => (long)i), found[0].Select(i => i.Item.Time));
    }

    private async Task CheckPagesAsync(MediaItem[] items, int limit, int maxBytes)
    {
        var run = $"x{_round++}";
        await WriteAsync(Create(run) with { Media = items });
        var expected = items.Where(i => string.Equals(i.Key, "a", StringComparison.Ordinal)).OrderBy(i => i.Step).ToList();
        var found = new List<MediaItem>();
        MediaPosition? after = null;
        while (true)
        {
            var page = await Store.Media.ListAsync(new MediaQuery(run, "a"), after, limit, maxBytes, Token);
            Assert.InRange(page.Items.Count, page.HasMore ? 1 : 0, limit);
            Assert.True(page.Items.Count <= 1 || page.Items.Sum(i => i.Item.Data!.Length) <= maxBytes);
            found.AddRange(page.Items.Select(i => i.Item));
            if (!page.HasMore)
                break;
            after = new MediaPosition(page.Items[^1].Item.Step, page.Items[^1].Id);
        }

        Assert.Equal(expected, found);
    }

    private static MediaItem Of(string key, long step, MediaType type = MediaType.Image, long time = Now) => type == MediaType.Image
        ? new MediaItem(key, new Step(step), time, type) { Path = "media/x.png" }
        : new MediaItem(key, new Step(step), time, type) { Data = Text("t") };

    private static string Text(string text) => $$"""{"text":"{{text}}"}""";

    private Task<IReadOnlyList<MediaStep>> StepsAsync(MediaQuery query, int limit) => Store.Media.ListStepsAsync(query, limit, Token);

    private async Task<IReadOnlyList<StoredMedia>> ListAsync(string run, string key, Step? from = null, Step? to = null)
    {
        var page = await Store.Media.ListAsync(new MediaQuery(run, key) { From = from, To = to }, null, 1000, Everything, Token);
        Assert.False(page.HasMore);
        return page.Items;
    }
}
