namespace Runstone.Core.Jobs;

/// <summary>Lets one node of a store do a piece of background work at a time. Held by the connection: a node that dies lets go.</summary>
public interface IJobLock
{
    /// <summary>
    /// Runs the work while no other node runs work of the same name; false when one does, and then nothing was run. The token
    /// given to the work is cancelled when the lock is lost or <paramref name="cancellationToken"/> is cancelled.
    /// </summary>
    /// <param name="name">1 to 200 characters, for example <c>blob-collection</c> or <c>seal:42</c>.</param>
    /// <param name="work">The work; what it throws is thrown on.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    Task<bool> TryRunAsync(string name, Func<CancellationToken, Task> work, CancellationToken cancellationToken);
}
