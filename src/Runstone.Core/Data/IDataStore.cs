namespace Runstone.Core.Data;

/// <summary>
/// Keeps repositories of data, their versions, and the names of versions. Keys: the repository's name (ordinal); a version by repository
/// and id; branches and tags by repository and name, which both share. Every write is atomic and durable when its task completes, and reads see
/// every write acknowledged before they begin. Versions and movements of branches are never changed or removed. Absence is null; failures are thrown
/// as <see cref="Errors.RunstoneException"/> with the errors of <c>DataErrors.cs</c>. The content of versions is <see cref="IDataObjectStore"/>'s.
/// </summary>
public interface IDataStore
{
    /// <summary>The repository, whatever its lifecycle; null when there is none.</summary>
    Task<DataRepository?> GetAsync(string name, CancellationToken cancellationToken);

    /// <summary>Repositories ordered by name (ordinal).</summary>
    Task<IReadOnlyList<DataRepository>> ListAsync(DataRepositoryQuery query, CancellationToken cancellationToken);

    /// <summary>Makes a repository without branches. Throws <see cref="DataNameTaken"/>.</summary>
    Task<DataRepository> CreateAsync(string name, string description, long now, CancellationToken cancellationToken);

    /// <summary>Throws <see cref="DataNotFound"/>.</summary>
    Task<DataRepository> UpdateAsync(string name, DataRepositoryPatch patch, long now, CancellationToken cancellationToken);

    /// <summary>All branches and tags; null when there is no repository.</summary>
    Task<DataNamesOfVersions?> ListNamesAsync(string name, CancellationToken cancellationToken);

    /// <summary>
    /// Keeps the version, unless the repository has it, and moves the branch to it, which is made when <paramref name="expected"/> is null. The version's
    /// parents must be in the repository. Throws <see cref="DataNotFound"/>, <see cref="DataNotActive"/>, <see cref="DataVersionNotFound"/> for a parent,
    /// <see cref="DataBranchMoved"/> when the branch does not point to <paramref name="expected"/>, and <see cref="DataNameTaken"/> when a tag has the name.
    /// Nothing is kept of a commit that throws. Committing again what the branch points to already changes nothing.
    /// </summary>
    Task<DataBranch> CommitAsync(string name, string branch, string? expected, DataVersion version, string person, long now, CancellationToken cancellationToken);

    /// <summary>
    /// Makes (<paramref name="expected"/> null), moves or removes (<paramref name="version"/> null) a branch. Throws as
    /// <see cref="CommitAsync"/>; null when it was removed.
    /// </summary>
    Task<DataBranch?> SetBranchAsync(string name, string branch, string? expected, string? version, string person, long now, CancellationToken cancellationToken);

    /// <summary>
    /// Sets a tag; setting it again to the same version changes nothing. Throws <see cref="DataNotFound"/>, <see cref="DataNotActive"/>,
    /// <see cref="DataVersionNotFound"/>, and <see cref="DataNameTaken"/> when the name is a branch's or another version's.
    /// </summary>
    Task<DataTag> SetTagAsync(string name, string tag, string version, string person, long now, CancellationToken cancellationToken);

    /// <summary>
    /// The versions whose id begins with <paramref name="prefix"/> (the whole id too), at most two; empty when repository or version is unknown.
    /// </summary>
    Task<IReadOnlyList<DataVersion>> FindVersionsAsync(string name, string prefix, CancellationToken cancellationToken);

    /// <summary>
    /// The version and all it came from, those the store took last first, at most <paramref name="limit"/> and only behind
    /// <paramref name="after"/> (a version of that list; null from the first on). A version stands before its parents.
    /// </summary>
    Task<IReadOnlyList<DataVersion>> ListHistoryAsync(string name, string version, string? after, int limit, CancellationToken cancellationToken);

    /// <summary>Movements of a branch, the newest first, at most <paramref name="limit"/>.</summary>
    Task<IReadOnlyList<DataMove>> ListMovesAsync(string name, string branch, int limit, CancellationToken cancellationToken);
}
