using Runstone.Core.Errors;

namespace Runstone.Core.Comments;

/// <summary>No comment has this id, or it was deleted.</summary>
public sealed record CommentNotFound(string Id)
    : Error(ErrorCode.NotFound, $"There is no comment with id {Id}; it may have been deleted.", "commentId");
