using System.Text.Json;

namespace Runstone.Protocol;

/// <summary>How a person arranged an experiment's page, kept under a name.</summary>
/// <param name="Id">A whole number as text.</param>
/// <param name="Name">1 to 120 characters, unique for the experiment and the person.</param>
/// <param name="Person">Who saved it, and who alone may change it.</param>
/// <param name="IsDefault">The experiment opens with it.</param>
/// <param name="Revision">1 when it is made, one more with each change.</param>
/// <param name="CreatedAt">Unix milliseconds.</param>
/// <param name="UpdatedAt">Unix milliseconds.</param>
/// <param name="Settings">What the page wrote, an object; absent in lists.</param>
public sealed record SavedViewInfo(
    string Id, string Name, string Person, bool IsDefault, long Revision, long CreatedAt, long UpdatedAt, JsonElement? Settings = null);

/// <summary>Saves a view.</summary>
public sealed record CreateViewRequest
{
    /// <summary>1 to 120 characters.</summary>
    public required string Name { get; init; }

    /// <summary>An object of at most 262,144 bytes and 32 levels.</summary>
    public required JsonElement Settings { get; init; }
}

/// <summary>Changes a view; absent members stay as they are.</summary>
public sealed record UpdateViewRequest
{
    /// <summary>The new name.</summary>
    public string? Name { get; init; }

    /// <summary>The new settings, as a whole.</summary>
    public JsonElement? Settings { get; init; }

    /// <summary>The revision that was changed; when the view has another one by now the request is a conflict. Absent: whatever is there.</summary>
    public long? Revision { get; init; }
}

/// <summary>Chooses the view that an experiment opens with.</summary>
public sealed record DefaultViewRequest
{
    /// <summary>One of the experiment's views; absent for none.</summary>
    public string? ViewId { get; init; }
}

/// <summary>What a person left on an experiment's page without saving it.</summary>
/// <param name="Settings">What the page wrote, an object.</param>
/// <param name="Revision">One more with each change.</param>
/// <param name="UpdatedAt">Unix milliseconds.</param>
public sealed record WorkspaceInfo(JsonElement Settings, long Revision, long UpdatedAt);

/// <summary>Replaces what a person left on an experiment's page.</summary>
public sealed record SetWorkspaceRequest
{
    /// <summary>An object of at most 262,144 bytes and 32 levels.</summary>
    public required JsonElement Settings { get; init; }
}
