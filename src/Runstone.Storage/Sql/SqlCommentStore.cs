using System.Globalization;
using Runstone.Core.Access;
using Runstone.Core.Comments;
using Runstone.Core.Errors;

namespace Runstone.Storage.Sql;

internal sealed class SqlCommentStore(SqlDatabase database) : ICommentStore
{
    private const string Facts = "id, kind, subject, person, text, created_at, edited_at, deleted_at";

    private const string OfSubject =
        $"select {Facts} from comment where kind = @kind and subject = @subject and id > @after order by id limit @limit";

    private const string ById = $"select {Facts} from comment where id = @id";

    private const string Insert =
        $"insert into comment (kind, subject, person, text, created_at) values (@kind, @subject, @person, @text, @now) returning {Facts}";

    private const string Edit = $"update comment set text = @text, edited_at = @now where id = @id and deleted_at is null returning {Facts}";

    private const string Delete = "update comment set text = '', deleted_at = coalesce(deleted_at, @now) where id = @id returning 1";

    public async Task<IReadOnlyList<Comment>> ListAsync(Subject subject, long after, int limit, CancellationToken cancellationToken) =>
        await database.QueryAsync(SqlText.Fixed(OfSubject, (long)subject.Kind, subject.Id, after, (long)limit), Read, cancellationToken);

    public async Task<Comment?> GetAsync(long id, CancellationToken cancellationToken) =>
        (await database.QueryAsync(SqlText.Fixed(ById, id), Read, cancellationToken)).FirstOrDefault();

    public async Task<Comment> AddAsync(Subject subject, string person, string text, long now, CancellationToken cancellationToken)
    {
        var insert = SqlText.Fixed(Insert, (long)subject.Kind, subject.Id, person, text, now);
        return (await database.TransactAsync(session => session.FirstAsync(insert, Read, cancellationToken), cancellationToken))!;
    }

    public async Task<Comment> EditAsync(long id, string text, long now, CancellationToken cancellationToken) =>
        await database.TransactAsync(session => session.FirstAsync(SqlText.Fixed(Edit, text, now, id), Read, cancellationToken), cancellationToken)
        ?? throw NotFound(id);

    public async Task DeleteAsync(long id, long now, CancellationToken cancellationToken)
    {
        if (!await database.TransactAsync(session => session.FirstAsync(SqlText.Fixed(Delete, now, id), _ => true, cancellationToken), cancellationToken))
            throw NotFound(id);
    }

    private static RunstoneException NotFound(long id) => new(new CommentNotFound(id.ToString(CultureInfo.InvariantCulture)));

    private static Comment Read(SqlRow row) => new()
    {
        Id = row.Int64(0),
        Subject = new Subject((SubjectKind)row.Int64(1), row.Text(2)),
        Person = row.Text(3),
        Text = row.Text(4),
        CreatedAt = row.Int64(5),
        EditedAt = row.NullableInt64(6),
        DeletedAt = row.NullableInt64(7),
    };
}
