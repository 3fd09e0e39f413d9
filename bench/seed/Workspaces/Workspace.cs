using System.Globalization;
using Runstone.Protocol;

namespace Runstone.Seed.Workspaces;

/// <summary>An experiment that comes out the same each time it is made.</summary>
/// <param name="Name">What it is called on the command line and on the server.</param>
/// <param name="Summary">What is in it.</param>
internal abstract record Workspace(string Name, string Summary)
{
    /// <summary>When the first run starts: 1 September 2026.</summary>
    protected const long Start = 1_788_220_800_000;

    /// <summary>Fills the experiment unless it is there; false when it was.</summary>
    public async Task<bool> EnsureAsync(Target target)
    {
        if (await target.Client.Experiments.FindByNameAsync(Name) is not null)
            return false;
        await FillAsync(target);
        return true;
    }

    protected abstract Task FillAsync(Target target);

    /// <summary>The id that a run of this workspace always has.</summary>
    protected string RunId(int number) => string.Create(CultureInfo.InvariantCulture, $"{Name}-{number:00000}");

    protected async Task<string> CreateExperimentAsync(Target target) =>
        (await target.Client.Experiments.CreateAsync(new CreateExperimentRequest { Name = Name, Tags = new Dictionary<string, string>(StringComparer.Ordinal) { ["seed"] = "bench" } })).Id;

    protected static string Text(double value, string format = "R") => value.ToString(format, CultureInfo.InvariantCulture);
}
