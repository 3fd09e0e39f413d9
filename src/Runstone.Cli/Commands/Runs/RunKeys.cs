using Runstone.Cli.Output;
using Runstone.Protocol;

namespace Runstone.Cli.Commands.Runs;

/// <summary>The keys that runs have, collected one run after the other.</summary>
internal sealed class RunKeys
{
    private readonly SortedSet<string> _metrics = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _params = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _tags = new(StringComparer.Ordinal);

    public static RunKeys Of(IEnumerable<RunRow> runs)
    {
        var keys = new RunKeys();
        foreach (var run in runs)
            keys.Add(run);
        return keys;
    }

    public void Add(RunRow run)
    {
        _metrics.UnionWith(run.Metrics.Keys);
        _params.UnionWith(run.Params.Keys);
        _tags.UnionWith(run.Tags.Keys);
    }

    public IReadOnlyList<RunField> Fields(bool tags) =>
    [
        .. _params.Select(k => new RunField(FieldKind.Param, k)),
        .. _metrics.Select(k => new RunField(FieldKind.Metric, k, "last")),
        .. tags ? _tags.Select(k => new RunField(FieldKind.Tag, k)) : [],
    ];
}
