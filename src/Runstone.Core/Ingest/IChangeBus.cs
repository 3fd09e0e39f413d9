namespace Runstone.Core.Ingest;

/// <summary>
/// Carries changes between the nodes of one store. Delivery is best effort and carries ids, not data: a page that misses a change
/// shows it with the next one, or when it reads again. The embedded engine has one node and no bus.
/// </summary>
public interface IChangeBus
{
    /// <summary>Tells the other nodes, in as few messages as fit; an empty list says that too many runs changed to list them.</summary>
    Task SendAsync(IReadOnlyCollection<RunChange> changes, CancellationToken cancellationToken);

    /// <summary>
    /// Hands over what other nodes send (never what this one sent) until cancelled; comes back by itself when the connection is
    /// lost, and then hands over an empty list, because something may have been missed.
    /// </summary>
    Task ListenAsync(Action<IReadOnlyCollection<RunChange>> receive, CancellationToken cancellationToken);
}
