namespace Runstone.Core.Views;

/// <summary>How a person arranged an experiment's page, kept under a name so that others can open it.</summary>
public sealed record SavedView
{
    /// <summary>Assigned by the store, ascending, never reused.</summary>
    public required long Id { get; init; }

    public required long ExperimentId { get; init; }

    /// <summary>Who saved it.</summary>
    public required string Person { get; init; }

    /// <summary>1 to 120 characters, unique for the experiment and the person.</summary>
    public required string Name { get; init; }

    /// <summary>A JSON object that the page writes and reads; nothing else looks into it.</summary>
    public required string Settings { get; init; }

    /// <summary>The experiment opens with it. At most one view of an experiment is.</summary>
    public bool IsDefault { get; init; }

    /// <summary>1 when it is made, one more with each change of name or settings.</summary>
    public required long Revision { get; init; }

    /// <summary>Unix milliseconds.</summary>
    public required long CreatedAt { get; init; }

    /// <summary>Unix milliseconds of the last change of name or settings.</summary>
    public required long UpdatedAt { get; init; }
}

/// <summary>What a person left on an experiment's page without saving it, so that it is there again on the next visit.</summary>
/// <param name="Settings">As in <see cref="SavedView"/>.</param>
/// <param name="Revision">One more with each change.</param>
/// <param name="UpdatedAt">Unix milliseconds.</param>
public sealed record Workspace(string Settings, long Revision, long UpdatedAt);

/// <summary>A view to save.</summary>
public sealed record NewView(long ExperimentId, string Person, string Name, string Settings);

/// <summary>A change of a view; absent members stay as they are.</summary>
public sealed record ViewPatch
{
    public string? Name { get; init; }

    public string? Settings { get; init; }

    /// <summary>The revision that was changed; another one in the store is <see cref="ViewChanged"/>. Null changes whatever is there.</summary>
    public long? Revision { get; init; }
}
