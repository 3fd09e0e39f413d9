using Runstone.Core.Access;
using Runstone.Core.Errors;

namespace Runstone.Core.Data;

/// <summary>Use cases of repositories and of the names of versions.</summary>
public sealed class DataService(IDataStore store, TimeProvider time)
{
    /// <summary>Characters of a description.</summary>
    public const int MaxDescription = 10_000;

    /// <summary>The greatest page.</summary>
    public const int MaxLimit = 1000;

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    public async Task<DataRepository> GetAsync(string name, CancellationToken cancellationToken) =>
        await store.GetAsync(name, cancellationToken) ?? throw NotFound(name);

    public Task<IReadOnlyList<DataRepository>> ListAsync(DataRepositoryQuery query, CancellationToken cancellationToken) => store.ListAsync(query, cancellationToken);

    public Task<DataRepository> CreateAsync(string name, string description, CancellationToken cancellationToken)
    {
        DataNames.RequireRepository(name);
        Require(description);
        return store.CreateAsync(name, description, Now, cancellationToken);
    }

    public Task<DataRepository> UpdateAsync(string name, DataRepositoryPatch patch, CancellationToken cancellationToken)
    {
        if (patch.Description is { } description)
            Require(description);
        return store.UpdateAsync(name, patch, Now, cancellationToken);
    }

    public async Task<DataNamesOfVersions> ListNamesAsync(string name, CancellationToken cancellationToken) =>
        await store.ListNamesAsync(name, cancellationToken) ?? throw NotFound(name);

    /// <summary>
    /// The version that a text names: a branch, else a tag, else the beginning of an id, of at least <see cref="DataNames.MinPrefix"/> digits. One that begins
    /// several ids is <see cref="ErrorCode.Invalid"/>.
    /// </summary>
    public async Task<DataVersion> ResolveAsync(string name, string text, CancellationToken cancellationToken)
    {
        var names = await ListNamesAsync(name, cancellationToken);
        var id = names.Branches.FirstOrDefault(b => b.Name == text)?.Version ?? names.Tags.FirstOrDefault(t => t.Name == text)?.Version ?? text;
        var found = DataNames.IsPrefix(id) ? await store.FindVersionsAsync(name, id, cancellationToken) : [];
        return found switch
        {
            [var one] => one,
            [] => throw new RunstoneException(new DataVersionNotFound(name, text)),
            _ => throw new RunstoneException(Error.Invalid("version", $"'{text}' begins the ids of several versions, {found[0].Id} and {found[1].Id} among them. Give more digits.")),
        };
    }

    /// <summary>Makes, moves or (version null) removes a branch, which <paramref name="expected"/> says where it is.</summary>
    public async Task<DataBranch?> SetBranchAsync(
        string name, string branch, string? expected, string? version, Person person, CancellationToken cancellationToken)
    {
        DataNames.RequireVersionName("branch", branch);
        var id = version is null ? null : (await ResolveAsync(name, version, cancellationToken)).Id;
        return await store.SetBranchAsync(name, branch, expected, id, person.Name, Now, cancellationToken);
    }

    public async Task<DataTag> SetTagAsync(string name, string tag, string version, Person person, CancellationToken cancellationToken)
    {
        DataNames.RequireVersionName("tag", tag);
        return await store.SetTagAsync(name, tag, (await ResolveAsync(name, version, cancellationToken)).Id, person.Name, Now, cancellationToken);
    }

    /// <summary>The version and all it came from, children before parents.</summary>
    public async Task<IReadOnlyList<DataVersion>> ListHistoryAsync(string name, string version, string? after, int limit, CancellationToken cancellationToken) =>
        await store.ListHistoryAsync(name, (await ResolveAsync(name, version, cancellationToken)).Id, after, limit, cancellationToken);

    public async Task<IReadOnlyList<DataMove>> ListMovesAsync(string name, string branch, int limit, CancellationToken cancellationToken)
    {
        await GetAsync(name, cancellationToken);
        return await store.ListMovesAsync(name, branch, limit, cancellationToken);
    }

    private static void Require(string description)
    {
        StoredText.Require("description", description);
        if (description.Length > MaxDescription)
            throw new RunstoneException(new Error(ErrorCode.TooLarge, $"The description has {description.Length} characters; at most {MaxDescription} are allowed.", "description"));
    }

    private static RunstoneException NotFound(string name) => new(new DataNotFound(name));
}
