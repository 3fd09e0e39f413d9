using Runstone.Core.Datasets;
using Runstone.Storage.Sql;

namespace Runstone.Storage.Sqlite;

internal sealed class SqliteDatasetStore(SqliteDatabase database) : IDatasetStore
{
    public Task<IReadOnlyList<DatasetUse>> ListUsesAsync(
        IReadOnlyList<long> experimentIds, string contextTag, int limit, CancellationToken cancellationToken)
    {
        var query = DatasetSearch.Build(SqliteDialect.Instance, experimentIds, contextTag, limit);
        return database.ReadAsync<IReadOnlyList<DatasetUse>>(
            session => session.Query(query, row => new DatasetUse(row.Int64(0), row.Text(1), row.Text(2), row.NullableText(3))), cancellationToken);
    }
}
