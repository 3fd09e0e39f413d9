using System.Diagnostics;
using System.Globalization;
using Runstone.Protocol;

namespace Runstone.Seed.Workspaces;

/// <summary>Real training: the example, five times with more rounds each; 30 trained models below five parents.</summary>
internal sealed record Penguins() : Workspace("palmer-penguins", "30 small models that are really trained by examples/Penguins")
{
    private static readonly int[] Epochs = [16, 24, 40, 60, 80];

    protected override async Task FillAsync(Target target)
    {
        foreach (var epochs in Epochs)
            await TrainAsync(target.Client.Address, epochs);
        var experiment = await target.Client.Experiments.FindByNameAsync(Name) ?? throw new InvalidOperationException("The example logged to another experiment");
        await target.Client.Experiments.UpdateAsync(experiment.Id, new UpdateExperimentRequest
        {
            Tags = new Dictionary<string, string?>(StringComparer.Ordinal) { ["task"] = "classification", ["data"] = "palmerpenguins" },
        });
    }

    private static async Task TrainAsync(Uri server, int epochs)
    {
        string[] arguments = ["run", "-c", "Release", "--project", "examples/Penguins", "--", "--epochs", epochs.ToString(CultureInfo.InvariantCulture)];
        var start = new ProcessStartInfo("dotnet", arguments) { UseShellExecute = false };
        start.Environment["RUNSTONE_TRACKING_URI"] = server.ToString();
        using var training = Process.Start(start) ?? throw new InvalidOperationException("dotnet could not be started");
        await training.WaitForExitAsync();
        if (training.ExitCode != 0)
            throw new InvalidOperationException($"The example ended with {training.ExitCode}; run this from the root of the repository");
    }
}
