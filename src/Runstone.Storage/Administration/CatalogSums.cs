using Runstone.Storage.Sql;

namespace Runstone.Storage.Administration;

/// <summary>Sums of the tables that belong to no run, read at one instant, by <see cref="StoreTables.Catalog"/>.</summary>
internal static class CatalogSums
{
    public static Task<RowSum[]> ReadAsync(SqlDatabase database, bool keepsNul, CancellationToken cancellationToken) =>
        database.ReadAsync(session => ReadAsync(session, keepsNul, cancellationToken), cancellationToken);

    public static async ValueTask<RowSum[]> ReadAsync(SqlSession session, bool keepsNul, CancellationToken cancellationToken)
    {
        var sums = new RowSum[StoreTables.Catalog.Count];
        for (var i = 0; i < sums.Length; i++)
        {
            var (place, table) = (i, StoreTables.Catalog[i]);
            await session.VisitAsync(
                SqlText.Fixed(table.All, long.MinValue, long.MaxValue),
                row =>
                {
                    var read = table.Read(row);
                    if (!keepsNul)
                        NulText.Replace(table, read, null);
                    sums[place].Add(read.Values);
                },
                cancellationToken);
        }

        return sums;
    }
}
