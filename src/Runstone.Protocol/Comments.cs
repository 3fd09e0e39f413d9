namespace Runstone.Protocol;

/// <summary>What people star and comment on: the words of <c>kind</c>.</summary>
public static class SubjectKinds
{
    /// <summary>A run.</summary>
    public const string Run = "run";

    /// <summary>An experiment.</summary>
    public const string Experiment = "experiment";

    /// <summary>A report.</summary>
    public const string Report = "report";
}

/// <summary>Something that a person wants to find again quickly.</summary>
/// <param name="Kind">One of <see cref="SubjectKinds"/>.</param>
/// <param name="Id">Its id.</param>
/// <param name="StarredAt">Unix milliseconds.</param>
public sealed record StarInfo(string Kind, string Id, long StarredAt);

/// <summary>What a person said about a run, an experiment or a report.</summary>
/// <param name="Id">A whole number as text; greater ones are newer.</param>
/// <param name="Person">Who said it, and who alone may change it.</param>
/// <param name="Text">Markdown; absent once the comment is deleted.</param>
/// <param name="CreatedAt">Unix milliseconds.</param>
/// <param name="EditedAt">Unix milliseconds of the last change; absent while it is as it was said.</param>
/// <param name="DeletedAt">Unix milliseconds; absent while it stands.</param>
public sealed record CommentInfo(string Id, string Person, string? Text, long CreatedAt, long? EditedAt, long? DeletedAt);

/// <summary>A page of comments.</summary>
/// <param name="Comments">In the order in which they were made, deleted ones without their text.</param>
/// <param name="Next">Send it back as <c>after</c> for the next page; absent on the last one.</param>
public sealed record CommentPage(IReadOnlyList<CommentInfo> Comments, string? Next);

/// <summary>Says something about a run, an experiment or a report.</summary>
public sealed record AddCommentRequest
{
    /// <summary>One of <see cref="SubjectKinds"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>Markdown, 1 to 65,536 characters.</summary>
    public required string Text { get; init; }
}

/// <summary>Changes a comment.</summary>
public sealed record EditCommentRequest
{
    /// <summary>Markdown, 1 to 65,536 characters.</summary>
    public required string Text { get; init; }
}
