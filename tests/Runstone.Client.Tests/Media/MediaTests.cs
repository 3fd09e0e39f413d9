using System.Net.Http.Json;
using CsCheck;
using Runstone.Client.Media;
using Runstone.Protocol;
using Runstone.Server.Tests;

namespace Runstone.Client.Tests.Media;

/// <summary>What is logged to be looked at is on the server, its files first, once.</summary>
public sealed class MediaTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_kind_arrives_as_the_server_wants_it()
    {
        await using var server = await RunningServer.StartAsync();
        await using var bench = new Bench(server.Address);
        var file = Path.Combine(bench.Home, "clip.WAV");
        await File.WriteAllTextAsync(file, "sound", Cancellation);
        string id;
        await using (var run = await bench.StartAsync())
        {
            id = run.Id;
            LogAll(run, file);
        }

        Assert.Empty(bench.Told);
        var keys = (await server.Client.GetFromJsonAsync<MediaKeyInfo[]>($"/api/v1/runs/{id}/media", Cancellation))!;
        Assert.Equal<string[]>(
            [
                "audio audio", "histogram histogram", "html html", "img/a:b image", "matrix confusion-matrix", "plotly plotly", "pr pr", "roc roc", "table table",
                "text text", "video video",
            ],
            [.. keys.Select(k => $"{k.Key} {k.Type}")]);
        var matrix = await OneAsync(server, id, "matrix");
        Assert.Equal(
            """{"labels":["a","b"],"counts":[[1,1],[0,1]],"rows":{"columns":["file"],"rows":[["1"],["2"],["3"]],"actual":[0,0,1],"predicted":[0,1,1]}}""",
            matrix.Data!.Value.GetRawText());
        Assert.Equal("""{"columns":["a","b"],"rows":[["x",1.5],[null,true],["NaN",7],["2026-01-02",0.1]]}""", (await OneAsync(server, id, "table")).Data!.Value.GetRawText());
        Assert.Equal(1, (await OneAsync(server, id, "roc")).Data!.Value.GetProperty("curves")[0].GetProperty("auc").GetDouble());
        Assert.Equal("markdown", (await OneAsync(server, id, "text")).Data!.Value.GetProperty("format").GetString());
        var picture = await OneAsync(server, id, "img/a:b");
        Assert.Equal((2.5, "one"), (picture.Step, picture.Caption));
        Assert.StartsWith("media/img/a_b/2.5-", picture.Path, StringComparison.Ordinal);
        Assert.Equal([1, 2, 3], await server.Client.GetByteArrayAsync($"/api/v1/runs/{id}/artifacts/{picture.Path}", Cancellation));
        Assert.EndsWith(".WAV", (await OneAsync(server, id, "audio")).Path, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(nameof(Fault.Unavailable))]
    [InlineData(nameof(Fault.CutBefore))]
    [InlineData(nameof(Fault.CutAfter))]
    public async Task Nothing_comes_twice_and_no_item_before_its_file(string kind)
    {
        var fault = Enum.Parse<Fault>(kind);
        await using var server = await RunningServer.StartAsync();
        await using var proxy = await FaultProxy.StartAsync(server.Address);
        proxy.Decide = (_, number) => number % 2 == 0 ? fault : Fault.None;
        await using var bench = new Bench(proxy.Address);
        string id;
        await using (var run = await bench.StartAsync())
        {
            id = run.Id;
            for (var i = 0; i < 40; i++)
            {
                run.LogImage("img", [(byte)i], i);
                run.LogText("text", "t", i);
                run.Log("loss", 1.0, i);
            }
        }

        proxy.Decide = (_, _) => Fault.None;
        foreach (var key in (string[])["img", "text"])
        {
            var page = (await server.Client.GetFromJsonAsync<MediaItemPage>($"/api/v1/runs/{id}/media/items?key={key}", Cancellation))!;
            Assert.Equal(Enumerable.Range(0, 40).Select(i => (double)i), page.Items.Select(i => i.Step));
        }

        var files = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var file in bench.Client.Artifacts.ListAllAsync(id, cancellationToken: Cancellation))
            files.Add(file.Path);
        var images = (await server.Client.GetFromJsonAsync<MediaItemPage>($"/api/v1/runs/{id}/media/items?key=img", Cancellation))!;
        Assert.All(images.Items, i => Assert.Contains(i.Path!, files));
    }

    [Fact]
    public async Task A_long_row_of_items_is_sent_in_requests_that_the_server_takes()
    {
        await using var server = await RunningServer.StartAsync();
        await using var bench = new Bench(server.Address, new TrackingClientOptions());
        string id;
        await using (var run = await bench.StartAsync())
        {
            id = run.Id;
            for (var i = 0; i < 2500; i++)
                run.LogHistogram("h", [0, 1], [i], i);
        }

        Assert.Equal(2500, Assert.Single((await server.Client.GetFromJsonAsync<MediaKeyInfo[]>($"/api/v1/runs/{id}/media", Cancellation))!).Count);
        Assert.Empty(bench.Told);
    }

    [Fact]
    public async Task What_is_wrong_is_told_and_the_rest_goes_on()
    {
        await using var server = await RunningServer.StartAsync();
        await using var bench = new Bench(server.Address);
        string id;
        await using (var run = await bench.StartAsync())
        {
            id = run.Id;
            run.LogRocCurve("roc", [1, 2], [true, true]);
            run.LogPlotly("plotly", "{");
            run.LogImage("img", Path.Combine(bench.Home, "none.png"));
            run.LogHistogram("h", [1, 0], [1]);
            run.LogTable("t", null!);
            run.LogText("", "x", 1);
            run.LogText("good", "x", 1);
        }

        Assert.Equal("good", Assert.Single((await server.Client.GetFromJsonAsync<MediaKeyInfo[]>($"/api/v1/runs/{id}/media", Cancellation))!).Key);
        Assert.Contains(bench.Told, t => t.Code is DiagnosticCodes.FileUnreadable);
        Assert.Contains(bench.Told, t => t.Code is DiagnosticCodes.InvalidCall && t.Message.Contains("roc", StringComparison.Ordinal));
    }

    [Fact]
    public void Any_key_gives_a_path_of_the_run() => Gen.Select(Gen.String[Gen.Char, 1, 60], Gen.String[Gen.Char, 0, 20], Gen.Long).Sample((key, extension, step) =>
    {
        var path = MediaPath.Of(key, step, extension);
        Assert.StartsWith("media/", path, StringComparison.Ordinal);
        Assert.True(System.Text.Encoding.UTF8.GetByteCount(path) <= 1024);
        Assert.All(path.Split('/'), part => Assert.True(part is not ("" or "." or "..") && System.Text.Encoding.UTF8.GetByteCount(part) <= 255));
        Assert.DoesNotContain(path, c => c is '\\' || char.IsControl(c) || char.IsSurrogate(c));
    });

    private static void LogAll(Run run, string file)
    {
        run.LogImage("img/a:b", [1, 2, 3], 2.5m, "one");
        run.LogAudio("audio", file);
        run.LogVideo("video", file, 3);
        run.LogHtml("html", "<p>", 1);
        run.LogText("text", "# t", 1, markdown: true);
        run.LogTable("table", new MediaTable(["a", "b"], [["x", 1.5], [null, true], [double.NaN, 7], [new DateOnly(2026, 1, 2).ToString("O", System.Globalization.CultureInfo.InvariantCulture), 0.1f]]));
        run.LogHistogram("histogram", [1.0, 2, double.NaN]);
        run.LogHistogram("histogram", [0, 1], [3], 7);
        run.LogPlotly("plotly", """{"data":[{"y":[1]}],"layout":{}}""");
        run.LogConfusionMatrix("matrix", ConfusionCounts.Of(["a", "b"], [0, 0, 1], [0, 1, 1], new MediaTable(["file"], [["1"], ["2"], ["3"]])));
        run.LogRocCurve("roc", [0.9, 0.1], [true, false]);
        run.LogRocCurve("roc", [RocCurve.Of([0.9, 0.1], [true, false], "a"), RocCurve.Of([0.9, 0.1], [false, true], "b")], 1);
        run.LogPrCurve("pr", [0.9, 0.1], [true, false]);
    }

    private static async Task<MediaItemInfo> OneAsync(RunningServer server, string id, string key) =>
        (await server.Client.GetFromJsonAsync<MediaItemPage>($"/api/v1/runs/{id}/media/items?key={Uri.EscapeDataString(key)}", Cancellation))!.Items[0];
}
