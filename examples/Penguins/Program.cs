using Microsoft.ML;
using Runstone.Client;
using Runstone.Examples.Penguins;

// Trains three kinds of classifier, two settings each, and logs them as runs nested in one parent run.
//   dotnet run --project examples/Penguins
//   dotnet run --project examples/Penguins -- --epochs 80
//   dotnet run --project examples/Penguins -- --dataset adult --data <path of adult.data>
// The server is RUNSTONE_TRACKING_URI, or http://127.0.0.1:5000.
if (ExampleOptions.Parse(args) is not { } options)
    return 2;

var ml = new MLContext(seed: 1);
var dataset = options.Dataset;
var data = dataset.Load(ml);

await using var parent = await Tracking.StartRunAsync(dataset.Name, new RunOptions
{
    Name = "compare trainers",
    Notes = $"Three trainers with two settings each on **{dataset.Name}** ({dataset.Source}). A fifth of the rows is kept for testing.",
    Params = new { epochs = options.Epochs, folds = Training.Folds, test_fraction = TabularDataset.TestFraction },
});
var version = await parent.LogDatasetAsync(dataset.Name, dataset.Path, context: "training");
Console.WriteLine($"Logging run {parent.Id} to {parent.ServerAddress}");

var best = (Name: "", Accuracy: double.NegativeInfinity);
foreach (var (index, candidate) in Candidate.All(options.Epochs).Index())
{
    await using var run = await parent.StartChildAsync(candidate.Name, new RunOptions { Params = candidate.Settings });
    if (version is not null)
        run.LogDataset(version, context: "training");
    try
    {
        var accuracy = new Training(ml, dataset, data).Train(run, candidate);
        parent.Log("candidates/test_accuracy", accuracy, index);
        Console.WriteLine($"{candidate.Name,-28} test accuracy {accuracy:0.0000}");
        if (accuracy > best.Accuracy)
            best = (candidate.Name, accuracy);
    }
    catch (Exception e)
    {
        run.Fail(e);
        throw;
    }
}

parent.SetTag("best", best.Name);
parent.Log("best/test_accuracy", best.Accuracy);
Console.WriteLine($"Best: {best.Name} with {best.Accuracy:0.0000}");
return 0;
