using Runstone.Core.Experiments;

namespace Runstone.Core.Models;

/// <summary>Where a version stands on its way into use. A version is in exactly one stage.</summary>
public enum ModelStage
{
    None = 0,
    Staging = 1,
    Production = 2,
    Archived = 3,
}

/// <summary>A name under which the versions of one model are kept.</summary>
public sealed record RegisteredModel
{
    /// <summary>Unique, compared ordinally. 1 to 500 characters, neither <c>/</c> nor <c>:</c>.</summary>
    public required string Name { get; init; }

    public string? Description { get; init; }

    /// <summary>Unix time in milliseconds.</summary>
    public long CreatedAt { get; init; }

    /// <summary>
    /// Unix time in milliseconds of the last change of the name, the description, the stage of a version, or the set of
    /// versions. Tags and aliases do not count.
    /// </summary>
    public long UpdatedAt { get; init; }

    /// <summary>Ordered by key.</summary>
    public IReadOnlyList<Tag> Tags { get; init; } = [];

    /// <summary>Ordered by alias.</summary>
    public IReadOnlyList<ModelAlias> Aliases { get; init; } = [];

    /// <summary>The version with the highest number of each stage that has one, ordered by number.</summary>
    public IReadOnlyList<ModelVersion> LatestVersions { get; init; } = [];
}

/// <summary>A second name of one version, unique in its model; it can be moved to another version.</summary>
public sealed record ModelAlias(string Alias, int Version);

/// <summary>One version of a registered model. What it is made of never changes; its stage, words and tags may.</summary>
public sealed record ModelVersion
{
    /// <summary>The name of the model it belongs to.</summary>
    public required string Model { get; init; }

    /// <summary>1, 2, 3 ... in the order of creation; never used again, also not after the version is deleted.</summary>
    public required int Number { get; init; }

    /// <summary>What the version was made from, as the client named it: the address of files, or of another version.</summary>
    public required string Source { get; init; }

    /// <summary>Where the files are, when <see cref="Source"/> names another version; null when it is the source itself.</summary>
    public string? Location { get; init; }

    /// <summary>The run that made it; null when the client named none. The run need not exist in this store.</summary>
    public string? RunId { get; init; }

    /// <summary>An address of that run elsewhere; null when there is none.</summary>
    public string? RunLink { get; init; }

    public string? Description { get; init; }

    public ModelStage Stage { get; init; }

    /// <summary>Unix time in milliseconds.</summary>
    public long CreatedAt { get; init; }

    /// <summary>Unix time in milliseconds of the last change of the description, the stage, or the model's name.</summary>
    public long UpdatedAt { get; init; }

    /// <summary>Ordered by key.</summary>
    public IReadOnlyList<Tag> Tags { get; init; } = [];

    /// <summary>The aliases that point to it, ordered. Left empty where versions are listed rather than read by number.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];
}

/// <summary>A model to create.</summary>
public sealed record NewModel(string Name, string? Description = null)
{
    /// <summary>Of a key given twice the last value is kept.</summary>
    public IReadOnlyList<Tag> Tags { get; init; } = [];
}

/// <summary>A version to create.</summary>
public sealed record NewModelVersion(string Source)
{
    public string? Location { get; init; }

    public string? RunId { get; init; }

    public string? RunLink { get; init; }

    public string? Description { get; init; }

    /// <summary>Of a key given twice the last value is kept.</summary>
    public IReadOnlyList<Tag> Tags { get; init; } = [];
}

/// <summary>
/// A change of one model; absent members stay as they are. Applied as a whole or not at all. Removing a tag or an alias that is
/// not there changes nothing.
/// </summary>
public sealed record ModelPatch
{
    public string? Name { get; init; }

    public string? Description { get; init; }

    public IReadOnlyList<Tag> SetTags { get; init; } = [];

    public IReadOnlyList<string> RemoveTags { get; init; } = [];

    /// <summary>Aliases to make or to move; each version must exist.</summary>
    public IReadOnlyList<ModelAlias> SetAliases { get; init; } = [];

    public IReadOnlyList<string> RemoveAliases { get; init; } = [];
}

/// <summary>
/// A change of one version; absent members stay as they are. Applied as a whole or not at all. Removing a tag that is not there
/// changes nothing.
/// </summary>
public sealed record ModelVersionPatch
{
    public string? Description { get; init; }

    public ModelStage? Stage { get; init; }

    /// <summary>Whether the other versions that are in the new stage move to <see cref="ModelStage.Archived"/>.</summary>
    public bool ArchiveOthers { get; init; }

    public IReadOnlyList<Tag> SetTags { get; init; } = [];

    public IReadOnlyList<string> RemoveTags { get; init; } = [];
}
