using Runstone.Core.Access;

namespace Runstone.Core.Comments;

/// <summary>
/// Keeps comments. Key: the id. Every write is atomic and durable when its task completes. Absence is null; failures are thrown as
/// <see cref="Errors.RunstoneException"/> with the errors of <c>CommentErrors.cs</c>.
/// </summary>
public interface ICommentStore
{
    /// <summary>The comments on a subject whose id is above <paramref name="after"/>, deleted ones too, in order of id, at most <paramref name="limit"/>.</summary>
    Task<IReadOnlyList<Comment>> ListAsync(Subject subject, long after, int limit, CancellationToken cancellationToken);

    /// <summary>The comment, deleted or not; null when there is none.</summary>
    Task<Comment?> GetAsync(long id, CancellationToken cancellationToken);

    /// <summary>Adds a comment.</summary>
    Task<Comment> AddAsync(Subject subject, string person, string text, long now, CancellationToken cancellationToken);

    /// <summary>Replaces the text. Throws <see cref="CommentNotFound"/>, also when the comment is deleted.</summary>
    Task<Comment> EditAsync(long id, string text, long now, CancellationToken cancellationToken);

    /// <summary>Deletes the comment and its text for good; one that is deleted keeps its time. Throws <see cref="CommentNotFound"/>.</summary>
    Task DeleteAsync(long id, long now, CancellationToken cancellationToken);
}
