using Runstone.Core.Datasets;

namespace Runstone.Storage.Sql;

internal sealed class SqlDatasetStore(SqlDatabase database) : IDatasetStore
{
    public async Task<IReadOnlyList<DatasetUse>> ListUsesAsync(
        IReadOnlyList<long> experimentIds, string contextTag, int limit, CancellationToken cancellationToken) =>
        await database.QueryAsync(
            DatasetSearch.Build(database.Dialect, experimentIds, contextTag, limit),
            row => new DatasetUse(row.Int64(0), row.Text(1), row.Text(2), row.NullableText(3)),
            cancellationToken);
}
