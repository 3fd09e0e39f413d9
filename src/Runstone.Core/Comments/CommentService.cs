using System.Globalization;
using Runstone.Core.Access;
using Runstone.Core.Errors;
using Runstone.Core.Ingest;

namespace Runstone.Core.Comments;

/// <summary>Use cases of comments. Everybody reads and adds; only who said something changes or deletes it.</summary>
public sealed class CommentService(ICommentStore store, SubjectFinder subjects, ChangeFeed feed, TimeProvider time)
{
    /// <summary>Characters of a comment.</summary>
    public const int MaxLength = 65_536;

    /// <summary>The greatest page.</summary>
    public const int MaxLimit = 1000;

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    public async Task<IReadOnlyList<Comment>> ListAsync(Subject subject, long after, int limit, CancellationToken cancellationToken)
    {
        await subjects.RequireAsync(subject, cancellationToken);
        return await store.ListAsync(subject, after, limit, cancellationToken);
    }

    public async Task<Comment> AddAsync(Subject subject, Person person, string text, CancellationToken cancellationToken)
    {
        RequireText(text);
        var experimentId = await subjects.RequireAsync(subject, cancellationToken);
        var added = await store.AddAsync(subject, person.Name, text, Now, cancellationToken);
        Announce(experimentId, subject);
        return added;
    }

    public async Task<Comment> EditAsync(long id, Person person, string text, CancellationToken cancellationToken)
    {
        RequireText(text);
        var subject = await RequireOwnAsync(id, person, cancellationToken);
        var edited = await store.EditAsync(id, text, Now, cancellationToken);
        Announce(await subjects.RequireAsync(subject, cancellationToken), subject);
        return edited;
    }

    public async Task DeleteAsync(long id, Person person, CancellationToken cancellationToken)
    {
        var subject = await RequireOwnAsync(id, person, cancellationToken);
        await store.DeleteAsync(id, Now, cancellationToken);
        Announce(await subjects.RequireAsync(subject, cancellationToken), subject);
    }

    private async Task<Subject> RequireOwnAsync(long id, Person person, CancellationToken cancellationToken)
    {
        var comment = await store.GetAsync(id, cancellationToken)
            ?? throw new RunstoneException(new CommentNotFound(id.ToString(CultureInfo.InvariantCulture)));
        if (!string.Equals(comment.Person, person.Name, StringComparison.Ordinal))
            throw new RunstoneException(new Error(ErrorCode.Forbidden, $"The comment is {comment.Person}'s; only they change it.", "commentId"));
        return comment.Subject;
    }

    private void Announce(long? experimentId, Subject subject)
    {
        if (subject.Kind == SubjectKind.Report || experimentId is not { } id)
            return;
        feed.Publish(subject.Kind == SubjectKind.Run ? new RunChange(id, subject.Id, ChangeKinds.Comments) : RunChange.OfExperiment(id, ChangeKinds.Comments));
    }

    private static void RequireText(string text)
    {
        StoredText.Require("text", text);
        if (string.IsNullOrWhiteSpace(text))
            throw new RunstoneException(Error.Invalid("text", "The comment is empty."));
        if (text.Length > MaxLength)
            throw new RunstoneException(new Error(ErrorCode.TooLarge, $"The comment has {text.Length} characters; at most {MaxLength} are allowed.", "text"));
    }
}
