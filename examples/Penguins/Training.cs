using System.Globalization;
using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;
using Runstone.Client;

namespace Runstone.Examples.Penguins;

/// <summary>Trains one candidate and logs what a person would want to see of it.</summary>
internal sealed class Training(MLContext ml, TabularDataset dataset, DataOperationsCatalog.TrainTestData data)
{
    public const int Folds = 5;

    /// <summary>
    /// Logs cross-validation metrics (step = fold), a learning curve (step = epoch or tree), test metrics, the confusion matrix,
    /// ROC and precision-recall curves, and the model. Returns the accuracy on the test rows.
    /// </summary>
    public double Train(Run run, Candidate candidate)
    {
        CrossValidate(run, candidate);
        var model = LogLearningCurve(run, candidate);
        var metrics = Evaluate(model, data.TestSet);
        run.Log("test/accuracy", metrics.MicroAccuracy);
        run.Log("test/accuracy_macro", metrics.MacroAccuracy);
        run.Log("test/log_loss", metrics.LogLoss);
        var classes = Classes(model);
        LogConfusionMatrix(run, metrics.ConfusionMatrix, classes);
        LogCurves(run, model, classes);
        LogModel(run, model);
        return metrics.MicroAccuracy;
    }

    private void CrossValidate(Run run, Candidate candidate)
    {
        var pipeline = candidate.Pipeline(ml, dataset, candidate.Rounds.Count);
        var folds = ml.MulticlassClassification.CrossValidate(data.TrainSet, pipeline, Folds, seed: 1);
        foreach (var fold in folds.OrderBy(f => f.Fold))
        {
            run.Log("cv/accuracy", fold.Metrics.MicroAccuracy, fold.Fold);
            run.Log("cv/accuracy_macro", fold.Metrics.MacroAccuracy, fold.Fold);
            run.Log("cv/log_loss", fold.Metrics.LogLoss, fold.Fold);
        }

        run.Log("cv_mean/accuracy", folds.Average(f => f.Metrics.MicroAccuracy));
        run.Log("cv_mean/log_loss", folds.Average(f => f.Metrics.LogLoss));
    }

    // ML.NET's trainers have no callback, so the curve is made of models trained for 1, 2, 3 ... rounds. Training is
    // deterministic: the model of n rounds is the state of the longer training after n rounds.
    private ITransformer LogLearningCurve(Run run, Candidate candidate)
    {
        var preprocessing = dataset.Preprocessing(ml).Fit(data.TrainSet);
        var train = ml.Data.Cache(preprocessing.Transform(data.TrainSet));
        var test = ml.Data.Cache(preprocessing.Transform(data.TestSet));
        ITransformer? trained = null;
        for (var round = candidate.Rounds.Every; round <= candidate.Rounds.Count; round += candidate.Rounds.Every)
        {
            trained = candidate.Build(ml, round).Fit(train);
            LogRound(run, "train", Evaluate(trained, train), round);
            LogRound(run, "validation", Evaluate(trained, test), round);
        }

        return preprocessing.Append(trained!);
    }

    private static void LogRound(Run run, string split, MulticlassClassificationMetrics metrics, int round)
    {
        run.Log($"{split}/log_loss", metrics.LogLoss, round);
        run.Log($"{split}/accuracy", metrics.MicroAccuracy, round);
    }

    private MulticlassClassificationMetrics Evaluate(ITransformer model, IDataView rows) =>
        ml.MulticlassClassification.Evaluate(model.Transform(rows));

    private string[] Classes(ITransformer model)
    {
        VBuffer<ReadOnlyMemory<char>> names = default;
        model.Transform(data.TestSet).Schema["Label"].GetKeyValues(ref names);
        return [.. names.DenseValues().Select(n => n.ToString())];
    }

    private static void LogConfusionMatrix(Run run, ConfusionMatrix matrix, string[] classes)
    {
        var csv = new StringBuilder("actual \\ predicted,").AppendJoin(',', classes).Append(",recall\n");
        for (var actual = 0; actual < matrix.NumberOfClasses; actual++)
        {
            csv.Append(classes[actual]).Append(',').AppendJoin(',', matrix.Counts[actual]);
            csv.Append(CultureInfo.InvariantCulture, $",{matrix.PerClassRecall[actual]:0.0000}\n");
        }

        run.LogText("confusion_matrix.csv", csv.ToString());
        run.LogConfusionMatrix("test/confusion", new ConfusionCounts(classes, [.. matrix.Counts.Select(row => row.Select(count => (long)count).ToArray())]));
        for (var i = 0; i < classes.Length; i++)
        {
            run.Log($"test/recall/{classes[i].Trim('<', '>', '=')}", matrix.PerClassRecall[i]);
            run.Log($"test/precision/{classes[i].Trim('<', '>', '=')}", matrix.PerClassPrecision[i]);
        }
    }

    /// <summary>One curve a class, against all others, of the scores on the test rows.</summary>
    private void LogCurves(Run run, ITransformer model, string[] classes)
    {
        var rows = model.Transform(data.TestSet);
        var scores = rows.GetColumn<float[]>("Score").ToList();
        var actual = rows.GetColumn<uint>("Label").Select(key => (int)key - 1).ToList();
        double[] ScoresOf(int place) => [.. scores.Select(s => (double)s[place])];
        bool[] IsOf(int place) => [.. actual.Select(a => a == place)];
        run.LogRocCurve("test/roc", [.. classes.Select((name, place) => RocCurve.Of(ScoresOf(place), IsOf(place), name))]);
        run.LogPrCurve("test/pr", [.. classes.Select((name, place) => PrCurve.Of(ScoresOf(place), IsOf(place), name))]);
    }

    private void LogModel(Run run, ITransformer model)
    {
        using var file = new MemoryStream();
        ml.Model.Save(model, data.TrainSet.Schema, file);
        run.LogBytes("model/model.zip", file.ToArray());
    }
}
