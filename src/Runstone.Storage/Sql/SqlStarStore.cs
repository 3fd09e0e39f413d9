using Runstone.Core.Access;
using Runstone.Core.Stars;

namespace Runstone.Storage.Sql;

internal sealed class SqlStarStore(SqlDatabase database) : IStarStore
{
    private const string OfPerson =
        "select subject, starred_at from star where person = @person and kind = @kind order by starred_at desc, subject limit @limit";

    private const string Insert =
        "insert into star (person, kind, subject, starred_at) values (@person, @kind, @subject, @now) on conflict (person, kind, subject) do nothing";

    private const string Delete = "delete from star where person = @person and kind = @kind and subject = @subject";

    public async Task<IReadOnlyList<Star>> ListAsync(string person, SubjectKind kind, int limit, CancellationToken cancellationToken) =>
        await database.QueryAsync(
            SqlText.Fixed(OfPerson, person, (long)kind, (long)limit), row => new Star(new Subject(kind, row.Text(0)), row.Int64(1)), cancellationToken);

    public Task SetAsync(string person, Subject subject, long now, CancellationToken cancellationToken) =>
        ExecuteAsync(SqlText.Fixed(Insert, person, (long)subject.Kind, subject.Id, now), cancellationToken);

    public Task ClearAsync(string person, Subject subject, CancellationToken cancellationToken) =>
        ExecuteAsync(SqlText.Fixed(Delete, person, (long)subject.Kind, subject.Id), cancellationToken);

    private Task ExecuteAsync(SqlText statement, CancellationToken cancellationToken) => database.TransactAsync(
        async session =>
        {
            await session.ExecuteAsync(statement, cancellationToken);
            return true;
        },
        cancellationToken);
}
