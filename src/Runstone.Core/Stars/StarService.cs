using Runstone.Core.Access;

namespace Runstone.Core.Stars;

/// <summary>Use cases of stars; each person has their own.</summary>
public sealed class StarService(IStarStore store, SubjectFinder subjects, TimeProvider time)
{
    /// <summary>The greatest number of stars that is listed.</summary>
    public const int MaxLimit = 10_000;

    public Task<IReadOnlyList<Star>> ListAsync(Person person, SubjectKind kind, int limit, CancellationToken cancellationToken) =>
        store.ListAsync(person.Name, kind, limit, cancellationToken);

    /// <summary>Stars what is there; throws when it is not.</summary>
    public async Task SetAsync(Person person, Subject subject, CancellationToken cancellationToken)
    {
        await subjects.RequireAsync(subject, cancellationToken);
        await store.SetAsync(person.Name, subject, time.GetUtcNow().ToUnixTimeMilliseconds(), cancellationToken);
    }

    public Task ClearAsync(Person person, Subject subject, CancellationToken cancellationToken) => store.ClearAsync(person.Name, subject, cancellationToken);
}
