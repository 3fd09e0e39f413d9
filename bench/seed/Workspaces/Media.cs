using System.Globalization;
using Runstone.Client;
using Runstone.Seed.Painting;

namespace Runstone.Seed.Workspaces;

/// <summary>
/// A small network learns a picture, at three rates. What it paints, its weights and how well it tells stone from sky are logged as it learns: every type
/// of media that a training has use for, and all of it real.
/// </summary>
internal sealed record Media() : Workspace("media", "three runs of a network that learns to paint: images, histograms, tables, curves, matrices by step")
{
    private const int Steps = 600;
    private const int Every = 15;
    private const int Runes = 2;
    private static readonly double[] Rates = [0.002, 0.01, 0.05];

    protected override async Task FillAsync(Target target)
    {
        foreach (var (number, rate) in Rates.Index())
        {
            await using var run = await target.Client.StartRunAsync(Name, new RunOptions
            {
                RunId = RunId(number),
                Name = string.Create(CultureInfo.InvariantCulture, $"painter at {rate}"),
                Params = new { learning_rate = rate, hidden = 40, waves = 24, batch = 512 },
                CaptureEnvironment = false,
                SystemMetricsInterval = TimeSpan.Zero,
            });
            Learn(run, new Painter(rate, seed: 7));
        }
    }

    private static void Learn(Run run, Painter painter)
    {
        for (var step = 1; step <= Steps; step++)
        {
            run.Log("train/error", painter.Step(step), step);
            if (step % Every == 0 || step == 1)
                Show(run, painter, step);
        }
    }

    private static void Show(Run run, Painter painter, int step)
    {
        var picture = painter.Paint();
        var (wanted, seen, redness) = (new int[Picture.Pixels], new int[Picture.Pixels], new double[Picture.Pixels]);
        for (var pixel = 0; pixel < Picture.Pixels; pixel++)
        {
            var (r, g, b) = (picture[pixel * 3], picture[(pixel * 3) + 1], picture[(pixel * 3) + 2]);
            wanted[pixel] = Picture.ClassAt(Picture.Place(pixel % Picture.Size), Picture.Place(pixel / Picture.Size));
            seen[pixel] = Picture.Nearest(r, g, b);
            redness[pixel] = r - ((g + b) / 2);
        }

        var isRune = wanted.Select(one => one == Runes).ToArray();
        run.Log("test/accuracy", wanted.Zip(seen, (a, b) => a == b ? 1.0 : 0).Average(), step);
        run.LogImage("painted", Picture.ToPng(picture), step, $"after {step} batches");
        run.LogHistogram("weights/first", painter.FirstWeights, step);
        run.LogHistogram("weights/last", painter.LastWeights, step);
        run.LogConfusionMatrix("test/confusion", ConfusionCounts.Of(Picture.Classes, wanted, seen), step);
        run.LogRocCurve("test/rune_roc", redness, isRune, step);
        run.LogPrCurve("test/rune_pr", redness, isRune, step);
        run.LogTable("test/mistakes", Mistakes(picture, wanted, seen), step);
        run.LogText("notes", $"**Step {step}**: {wanted.Zip(seen).Count(p => p.First != p.Second)} of {Picture.Pixels} pixels have the colour of another class.", step, markdown: true);
        run.LogPlotly("redness", Plotly(redness), step);
    }

    private static MediaTable Mistakes(double[] picture, int[] wanted, int[] seen)
    {
        var rows = Enumerable.Range(0, Picture.Pixels).Where(p => wanted[p] != seen[p]).Take(200).Select(p => (IReadOnlyList<object?>)
        [
            p % Picture.Size, p / Picture.Size, Picture.Classes[wanted[p]], Picture.Classes[seen[p]], Math.Round(picture[p * 3], 4),
        ]);
        return new MediaTable(["column", "row", "is", "painted as", "red"], [.. rows]);
    }

    private static string Plotly(double[] redness)
    {
        var rows = redness.Chunk(Picture.Size).Select(row => $"[{string.Join(',', row.Select(v => Text(v, "0.000")))}]");
        return $$"""{"data":[{"type":"heatmap","colorscale":"Viridis","z":[{{string.Join(',', rows)}}]}],"layout":{"yaxis":{"autorange":"reversed"},"title":{"text":"redness"} } }""";
    }
}
