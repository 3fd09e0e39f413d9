using Runstone.Core.Access;

namespace Runstone.Core.Stars;

/// <summary>Keeps stars. Key: person and subject together. Every write is durable when its task completes; setting or clearing again changes nothing.</summary>
public interface IStarStore
{
    /// <summary>The person's stars of a kind, the newest first, then by id, at most <paramref name="limit"/>.</summary>
    Task<IReadOnlyList<Star>> ListAsync(string person, SubjectKind kind, int limit, CancellationToken cancellationToken);

    /// <summary>Sets a star; one that is there keeps its time.</summary>
    Task SetAsync(string person, Subject subject, long now, CancellationToken cancellationToken);

    /// <summary>Clears a star.</summary>
    Task ClearAsync(string person, Subject subject, CancellationToken cancellationToken);
}
