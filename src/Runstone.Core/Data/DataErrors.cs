using Runstone.Core.Errors;

namespace Runstone.Core.Data;

/// <summary>No repository has this name.</summary>
public sealed record DataNotFound(string Name)
    : Error(ErrorCode.NotFound, $"There is no dataset '{Name}'.", "name");

/// <summary>The repository is archived or deleted.</summary>
public sealed record DataNotActive(string Name)
    : Error(ErrorCode.Conflict, $"The dataset '{Name}' is archived or deleted. Restore it first.", "name");

/// <summary>A repository, branch or tag has the name already.</summary>
public sealed record DataNameTaken(string Field, string Name, string By)
    : Error(ErrorCode.AlreadyExists, $"'{Name}' is {By} already. Choose another name.", Field);

/// <summary>No version, branch or tag of the repository is called so.</summary>
public sealed record DataVersionNotFound(string Repository, string Version)
    : Error(ErrorCode.NotFound, $"The dataset '{Repository}' has no branch, tag or version '{Version}'.", "version");

/// <summary>Somebody moved the branch since it was read.</summary>
/// <param name="Branch">Its name.</param>
/// <param name="Head">Where it points; null when there is no such branch.</param>
/// <param name="Person">Who moved it; null when there is no such branch.</param>
public sealed record DataBranchMoved(string Branch, string? Head, string? Person) : Error(
    ErrorCode.Conflict,
    Head is null
        ? $"There is no branch '{Branch}' any more, or not yet."
        : $"The branch '{Branch}' points to {Head} by now; {Person} moved it. Merge that version into yours, or commit to another branch.",
    "expected");
