using Runstone.Protocol;

namespace Runstone.Client.Tests;

/// <summary>The code of docs/how-to/log-from-csharp.md, compiled here; a test compares the text, another one runs it.</summary>
internal static class DocumentedSample
{
    public static async Task FirstRunAsync()
    {
        #region first-run
        await using var run = await Tracking.StartRunAsync("census");
        run.LogParams(new { Trainer = "FastTree", Trees = 100, LearningRate = 0.2 });
        for (var epoch = 0; epoch < 10; epoch++)
            run.Log("loss", 1.0 / (epoch + 1), epoch);
        #endregion
    }

    public static async Task MoreAsync(string address, TrackingClientOptions options, string trainCsv, string modelZip, CancellationToken cancellationToken)
    {
        #region client
        await using var client = new TrackingClient(address, options);
        await client.RunAsync(
            "census",
            async run =>
            {
                await run.LogDatasetAsync("adult", trainCsv, context: "training", cancellationToken);
                run.LogMetrics(1, ("auc", 0.91), ("accuracy", 0.85));
                run.LogArtifact(modelZip, "model/model.zip");
                run.LogText("report.md", "# Report\nAll went well.");
                run.SetTag("stage", "baseline");
                run.SetNotes("First try with **default** settings.");

                await using var fold = await run.StartChildAsync("fold 1");
                fold.Log("auc", 0.9, step: 1);
            },
            new RunOptions { Name = "baseline", Params = new { Folds = 5 } },
            cancellationToken);
        #endregion
    }

    public static async Task<double?> BestAsync(TrackingClient client, string experimentId, CancellationToken cancellationToken)
    {
        #region query
        var search = new SearchRunsRequest { ExperimentIds = [experimentId], Filter = "status = 'finished'", OrderBy = ["metrics.auc desc"] };
        await foreach (var row in client.Runs.SearchAsync(search, cancellationToken))
        {
            var history = await client.Metrics.GetHistoryAsync(row.Info.Id, "auc", cancellationToken: cancellationToken);
            return history.Value.Max();
        }
        #endregion

        return null;
    }

    public static void LookAt(Run run, double[] weights, int[] actual, int[] predicted, double[] scores, bool[] isDog)
    {
        #region media
        run.LogImage("val/samples", "samples.png", step: 10, caption: "best of epoch 10");
        run.LogHistogram("weights/dense", weights, step: 10);
        run.LogText("val/answer", "**yes**", step: 10, markdown: true);
        run.LogTable("val/errors", new MediaTable(["file", "score"], [["17.png", 0.61], ["23.png", 0.55]]), step: 10);
        run.LogConfusionMatrix("test/confusion", ConfusionCounts.Of(["cat", "dog"], actual, predicted));
        run.LogRocCurve("test/roc", scores, isDog);
        run.LogPrCurve("test/pr", [PrCurve.Of(scores, isDog, "dog")]);
        #endregion
    }
}
