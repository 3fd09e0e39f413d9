using System.CommandLine;
using Runstone.Cli.Errors;
using Runstone.Client;
using Runstone.Protocol;

namespace Runstone.Cli.Features;

/// <summary><c>--experiment</c>: in which experiments runs are looked for.</summary>
internal sealed class ExperimentFeature
{
    private readonly Option<string[]> _experiments = new("--experiment", "-e")
    {
        Description = "Only runs of this experiment, by name or id. May be given several times. Default: all.",
        HelpName = "name",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = false,
    };

    public void AddTo(Command command) => command.Add(_experiments);

    /// <summary>The experiments; null when none is given.</summary>
    public async Task<IReadOnlyList<ExperimentInfo>?> FindAsync(ParseResult input, TrackingClient client, CancellationToken cancellationToken)
    {
        if (input.GetValue(_experiments) is not { Length: > 0 } given)
            return null;
        var found = new List<ExperimentInfo>();
        foreach (var experiment in given)
            found.Add(await FindAsync(experiment, client, cancellationToken));
        return found;
    }

    // Whole numbers are ids, as tables show them; a name made of digits is found when there is no such id.
    private static async Task<ExperimentInfo> FindAsync(string given, TrackingClient client, CancellationToken cancellationToken)
    {
        if (given.Length > 0 && given.All(char.IsAsciiDigit))
        {
            try
            {
                return await client.Experiments.GetAsync(given, cancellationToken: cancellationToken);
            }
            catch (RunstoneApiException e) when (e.Code == "not_found")
            {
                // Perhaps a name.
            }
        }

        return await client.Experiments.FindByNameAsync(given, cancellationToken: cancellationToken)
            ?? throw CommandException.NotFound($"There is no experiment '{given}'; 'runstone experiments list' shows those there are.");
    }
}
