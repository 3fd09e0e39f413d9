using System.Globalization;
using Runstone.Core.Errors;
using Runstone.Core.Experiments;
using Runstone.Core.Reports;

namespace Runstone.Storage.Sql;

/// <summary>Writes to one report follow each other: each begins by locking it.</summary>
internal sealed class SqlReportStore(SqlDatabase database) : IReportStore
{
    public async Task<IReadOnlyList<Report>> ListAsync(ReportQuery query, CancellationToken cancellationToken)
    {
        var sql = ReportSql.List(query.ExperimentId is not null, LifecycleSql.Number(query.Lifecycle) is not null, query.After is not null);
        List<object?> values = [];
        if (query.ExperimentId is { } experiment)
            values.Add(experiment);
        if (LifecycleSql.Number(query.Lifecycle) is { } number)
            values.Add(number);
        if (query.After is { } after)
            values.AddRange([after.SavedAt, after.Id]);
        return await database.QueryAsync(SqlText.Fixed(sql, [.. values, (long)query.Limit]), row => Read(row, body: null), cancellationToken);
    }

    public async Task<Report?> GetAsync(long id, CancellationToken cancellationToken) =>
        (await database.QueryAsync(SqlText.Fixed(ReportSql.ById, id), ReadWithBody, cancellationToken)).FirstOrDefault();

    public async Task<ReportVersion?> GetVersionAsync(long id, int number, CancellationToken cancellationToken) =>
        (await database.QueryAsync(SqlText.Fixed(ReportSql.Version, id, (long)number), row => ReadVersion(row, 0, row.Text(4)), cancellationToken)).FirstOrDefault();

    public async Task<IReadOnlyList<ReportVersion>> ListVersionsAsync(long id, int? below, int limit, CancellationToken cancellationToken) =>
        await database.QueryAsync(
            SqlText.Fixed(ReportSql.Versions, id, below ?? long.MaxValue, (long)limit), row => ReadVersion(row, 0, body: null), cancellationToken);

    public Task<Report> CreateAsync(long? experimentId, string person, ReportText text, long now, CancellationToken cancellationToken) => database.TransactAsync(
        async session =>
        {
            if (experimentId is { } experiment && !await session.FirstAsync(SqlText.Fixed(ViewSql.Experiment, experiment), _ => true, cancellationToken))
                throw new RunstoneException(new ExperimentNotFound(experiment.ToString(CultureInfo.InvariantCulture)));
            var id = await session.FirstAsync(SqlText.Fixed(ReportSql.Insert, experimentId, now), row => row.Int64(0), cancellationToken);
            await session.ExecuteAsync(SqlText.Fixed(ReportSql.InsertVersion, id, 1L, person, now, text.Title, text.Body), cancellationToken);
            return await FindAsync(session, id, cancellationToken);
        },
        cancellationToken);

    public Task<Report> SaveAsync(long id, int number, string person, ReportText text, long now, CancellationToken cancellationToken) => database.TransactAsync(
        async session =>
        {
            var head = SqlText.Fixed(ReportSql.Head + session.Dialect.ForUpdate, id);
            var (newest, lifecycle) = await session.FirstAsync<(long, long)?>(head, row => (row.Int64(1), row.Int64(2)), cancellationToken) ?? throw NotFound(id);
            if ((Lifecycle)lifecycle == Lifecycle.Deleted)
                throw new RunstoneException(new ReportNotActive(id));
            if (newest != number)
                throw new RunstoneException(new ReportChanged((int)newest));
            await session.ExecuteAsync(SqlText.Fixed(ReportSql.InsertVersion, id, newest + 1, person, now, text.Title, text.Body), cancellationToken);
            await session.ExecuteAsync(SqlText.Fixed(ReportSql.SetNewest, newest + 1, now, id), cancellationToken);
            return await FindAsync(session, id, cancellationToken);
        },
        cancellationToken);

    public Task<Report> SetLifecycleAsync(long id, Lifecycle lifecycle, CancellationToken cancellationToken) => database.TransactAsync(
        async session =>
        {
            if (!await session.FirstAsync(SqlText.Fixed(ReportSql.SetLifecycle, (long)lifecycle, id), _ => true, cancellationToken))
                throw NotFound(id);
            return await FindAsync(session, id, cancellationToken);
        },
        cancellationToken);

    private static async ValueTask<Report> FindAsync(SqlSession session, long id, CancellationToken cancellationToken) =>
        (await session.FirstAsync(SqlText.Fixed(ReportSql.ById, id), ReadWithBody, cancellationToken))!;

    private static RunstoneException NotFound(long id) => new(new ReportNotFound(id.ToString(CultureInfo.InvariantCulture)));

    private static Report ReadWithBody(SqlRow row) => Read(row, row.Text(8));

    private static Report Read(SqlRow row, string? body) => new()
    {
        Id = row.Int64(0),
        ExperimentId = row.NullableInt64(1),
        Lifecycle = (Lifecycle)row.Int64(2),
        CreatedAt = row.Int64(3),
        Newest = ReadVersion(row, 4, body),
    };

    private static ReportVersion ReadVersion(SqlRow row, int at, string? body) =>
        new((int)row.Int64(at), row.Text(at + 1), row.Int64(at + 2), row.Text(at + 3), body);
}
