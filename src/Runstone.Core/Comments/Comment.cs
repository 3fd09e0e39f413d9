using Runstone.Core.Access;

namespace Runstone.Core.Comments;

/// <summary>What a person said about a run or an experiment, beside its notes, which are one text.</summary>
public sealed record Comment
{
    /// <summary>Assigned by the store, ascending, never reused.</summary>
    public required long Id { get; init; }

    public required Subject Subject { get; init; }

    /// <summary>Who said it.</summary>
    public required string Person { get; init; }

    /// <summary>Markdown; empty once it is deleted.</summary>
    public required string Text { get; init; }

    /// <summary>Unix milliseconds.</summary>
    public required long CreatedAt { get; init; }

    /// <summary>Unix milliseconds of the last change of the text; null while it is as it was said.</summary>
    public long? EditedAt { get; init; }

    /// <summary>Unix milliseconds; null while it stands. The place of a deleted comment stays, so that what answers it keeps its sense.</summary>
    public long? DeletedAt { get; init; }
}
