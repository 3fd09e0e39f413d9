using Microsoft.AspNetCore.Http.HttpResults;
using Runstone.Core.Access;
using Runstone.Core.Comments;
using Runstone.Protocol;

namespace Runstone.Server.Api;

/// <summary>What people say about runs and experiments.</summary>
internal static class CommentEndpoints
{
    public static void Map(IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/comments").WithTags("Comments");
        group.MapGet("", ListAsync).WithName("ListComments").WithSummary("List the comments on a run or an experiment, the oldest first");
        group.MapPost("", AddAsync).WithName("AddComment").WithSummary("Comment on a run or an experiment");
        group.MapPatch("/{commentId}", EditAsync).WithName("EditComment").WithSummary("Change a comment of your own");
        group.MapDelete("/{commentId}", DeleteAsync).WithName("DeleteComment").WithSummary("Delete a comment of your own");
    }

    private static async Task<Ok<CommentPage>> ListAsync(
        string kind, string id, string? after, int? limit, CommentService comments, CancellationToken cancellationToken)
    {
        var max = Words.Limit(limit, 100, CommentService.MaxLimit);
        var from = string.IsNullOrEmpty(after) ? 0 : Words.Number("after", after);
        var found = await comments.ListAsync(new Subject(Words.Kind(kind), id), from, max + 1, cancellationToken);
        var page = found.Take(max).Select(ToInfo).ToList();
        return TypedResults.Ok(new CommentPage(page, found.Count > max ? page[^1].Id : null));
    }

    private static async Task<Created<CommentInfo>> AddAsync(AddCommentRequest request, CommentService comments, CancellationToken cancellationToken)
    {
        var added = await comments.AddAsync(new Subject(Words.Kind(request.Kind), request.Id), Person.Default, request.Text, cancellationToken);
        return TypedResults.Created($"{ApiRoutes.Prefix}/comments/{added.Id}", ToInfo(added));
    }

    private static async Task<Ok<CommentInfo>> EditAsync(
        string commentId, EditCommentRequest request, CommentService comments, CancellationToken cancellationToken) =>
        TypedResults.Ok(ToInfo(await comments.EditAsync(Words.Number("commentId", commentId), Person.Default, request.Text, cancellationToken)));

    private static async Task<NoContent> DeleteAsync(string commentId, CommentService comments, CancellationToken cancellationToken)
    {
        await comments.DeleteAsync(Words.Number("commentId", commentId), Person.Default, cancellationToken);
        return TypedResults.NoContent();
    }

    private static CommentInfo ToInfo(Comment comment) => new(
        Words.Of(comment.Id), comment.Person, comment.DeletedAt is null ? comment.Text : null, comment.CreatedAt, comment.EditedAt, comment.DeletedAt);
}
