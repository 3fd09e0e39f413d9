using Runstone.Core.Experiments;
using Runstone.Core.Metrics;
using Runstone.Core.Models;
using Runstone.Core.Query;
using Runstone.Core.Runs;

namespace Runstone.Storage.Sql;

/// <summary>Reads logged models with what belongs to them.</summary>
internal sealed class LoggedModelReader(SqlSession session, CancellationToken cancellationToken)
{
    private readonly SqlDialect _dialect = session.Dialect;

    public async ValueTask<LoggedModel?> FindAsync(string id, int metrics)
    {
        var row = await session.FirstAsync(SqlText.Fixed(LoggedModelSql.ById, id), Read, cancellationToken);
        return row is null ? null : (await CompleteAsync([row], metrics))[0];
    }

    public async ValueTask<SearchPage<LoggedModel>> SearchAsync(LoggedModelQuery query)
    {
        var rows = await session.QueryAsync(LoggedModelSearch.Models(_dialect, query), Read, cancellationToken);
        return new SearchPage<LoggedModel>(await CompleteAsync([.. rows.Take(query.Limit)], query.MetricsOfEach), rows.Count > query.Limit);
    }

    /// <summary>Metrics are asked for model by model, so that one with many does not make all be read.</summary>
    private async ValueTask<List<LoggedModel>> CompleteAsync(IReadOnlyList<ModelRow> rows, int metrics)
    {
        if (rows.Count == 0)
            return [];
        var ids = _dialect.List(rows.Select(r => r.Number));
        var models = rows.ToDictionary(r => r.Number, _ => new Belongings());
        var visits = new List<SqlVisit>
        {
            Owned(LoggedModelSql.Params, ids, row => models[row.Int64(0)].Params.Add(new Param(row.Text(1), row.Text(2)))),
            Owned(LoggedModelSql.Tags, ids, row => models[row.Int64(0)].Tags.Add(new Tag(row.Text(1), row.Text(2)))),
        };
        if (metrics > 0)
            visits.AddRange(rows.Select(r => MetricsOf(r.Number, metrics, models[r.Number])));
        await session.VisitAllAsync(visits, cancellationToken);
        return [.. rows.Select(r => models[r.Number].GiveTo(r.Model))];
    }

    private SqlVisit Owned(string select, object ids, Action<SqlRow> visit) =>
        new(SqlText.Fixed($"{select} where {_dialect.InNumbers("x.model_no", "@ids")} order by x.model_no, x.key", ids), visit);

    private static SqlVisit MetricsOf(long number, int limit, Belongings model) =>
        new(SqlText.Fixed(LoggedModelSql.Metrics, number, (long)limit), row => model.Metrics.Add(ReadMetric(row)));

    private static LoggedModelMetric ReadMetric(SqlRow row)
    {
        var (name, digest) = (row.Text(2), row.Text(3));
        var dataset = name.Length + digest.Length == 0 ? null : new DatasetName(name, digest.Length == 0 ? null : digest);
        var point = new SeriesPoint(new Step(row.Int64(5), (int)row.Int64(6)), row.Int64(4), row.NullableDouble(7) ?? double.NaN);
        return new LoggedModelMetric(row.Text(0), row.Text(1), dataset, point);
    }

    private static ModelRow Read(SqlRow row) => new(row.Int64(0), new LoggedModel
    {
        Id = row.Text(1),
        ExperimentId = row.Int64(2),
        Name = row.Text(3),
        Type = row.Text(4),
        RunId = row.NullableText(5),
        Location = row.Text(6),
        Status = (LoggedModelStatus)row.Int64(7),
        CreatedAt = row.Int64(8),
        UpdatedAt = row.Int64(9),
    });

    private sealed record ModelRow(long Number, LoggedModel Model);

    /// <summary>What belongs to one model.</summary>
    private sealed class Belongings
    {
        public List<Param> Params { get; } = [];

        public List<Tag> Tags { get; } = [];

        public List<LoggedModelMetric> Metrics { get; } = [];

        public LoggedModel GiveTo(LoggedModel model) => model with { Params = Params, Tags = Tags, Metrics = Ordered() };

        private List<LoggedModelMetric> Ordered() =>
        [
            .. Metrics.OrderBy(m => m.Key, StringComparer.Ordinal).ThenBy(m => m.Point.Time).ThenBy(m => m.Point.Step).ThenBy(m => m.RunId, StringComparer.Ordinal)
                .ThenBy(m => m.Dataset?.Name, StringComparer.Ordinal).ThenBy(m => m.Dataset?.Digest, StringComparer.Ordinal),
        ];
    }
}
