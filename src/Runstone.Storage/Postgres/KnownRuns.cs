using System.Collections.Concurrent;
using Runstone.Storage.Sql;

namespace Runstone.Storage.Postgres;

/// <summary>
/// Runs as this node wrote them last, for groups that add points and nothing else: these are written without asking, and the statement that
/// writes finds out whether a run is still what it was. A run is taken out for a group and given back after its commit.
/// </summary>
internal sealed class KnownRuns
{
    private const int MaxRuns = 4096;

    private readonly ConcurrentDictionary<string, RunState> _runs = new(StringComparer.Ordinal);

    /// <summary>Takes all of the runs; false when one is not known.</summary>
    public bool TryTake(IReadOnlySet<string> ids, Dictionary<string, RunState> taken)
    {
        foreach (var id in ids)
        {
            if (!_runs.TryRemove(id, out var run))
                return false;
            taken.Add(id, run);
        }

        return true;
    }

    /// <summary>Remembers a run that a transaction, whose number its row has now, wrote; without what may be long.</summary>
    public void Remember(RunState run, uint version)
    {
        if (_runs.Count >= MaxRuns)
            _runs.Clear();
        if (run.Run.Notes.Length > 0 || run.Run.Environment is not null)
            run.Run = run.Run with { Notes = "", Environment = null };
        run.Version = version;
        _runs[run.Run.Id] = run;
    }
}
