using System.Collections.Concurrent;
using Runstone.Core.Jobs;

namespace Runstone.Storage;

/// <summary>Keeps jobs of one process apart. The embedded engine has no other process.</summary>
internal sealed class LocalJobLock : IJobLock
{
    private readonly ConcurrentDictionary<string, bool> _held = new(StringComparer.Ordinal);

    public async Task<bool> TryRunAsync(string name, Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        if (!_held.TryAdd(name, true))
            return false;
        try
        {
            await work(cancellationToken);
            return true;
        }
        finally
        {
            _held.TryRemove(name, out _);
        }
    }
}
