using Runstone.Client;
using Runstone.Protocol;

namespace Runstone.Cli.Commands.Runs;

/// <summary>Names of experiments by id, each asked for once.</summary>
internal sealed class ExperimentNames(TrackingClient client, IReadOnlyList<ExperimentInfo>? known)
{
    private readonly Dictionary<string, string> _names = (known ?? []).DistinctBy(e => e.Id, StringComparer.Ordinal).ToDictionary(e => e.Id, e => e.Name, StringComparer.Ordinal);

    public async Task<string> OfAsync(string id, CancellationToken cancellationToken)
    {
        if (!_names.TryGetValue(id, out var name))
            _names[id] = name = (await client.Experiments.GetAsync(id, cancellationToken: cancellationToken)).Name;
        return name;
    }
}
