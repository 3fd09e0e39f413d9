using Runstone.Core.Artifacts;
using Runstone.Storage.Sql;

namespace Runstone.Storage.Sqlite;

internal sealed class SqliteArtifactStore(SqliteDatabase database) : IArtifactStore
{
    public Task<Artifact?> GetAsync(string runId, string path, CancellationToken cancellationToken) =>
        database.ReadAsync(
            session => SqliteSession.ReadFirst(session.Prepare(ArtifactSql.One).Bind(1, runId).Bind(2, path), Read), cancellationToken);

    public Task<IReadOnlyList<ArtifactEntry>> ListAsync(string runId, string folder, CancellationToken cancellationToken) =>
        database.ReadAsync(
            session =>
            {
                var listing = new FolderListing(folder);
                var statement = Bind(session.Prepare(ArtifactSql.Below), runId, folder);
                try
                {
                    while (statement.Step())
                        listing.Add(Read(statement));
                }
                finally
                {
                    statement.Reset();
                }

                return listing.Entries();
            },
            cancellationToken);

    public Task<IReadOnlyList<Artifact>> ListAllAsync(
        string runId, string path, string after, int limit, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<Artifact>>(
            session => SqliteSession.ReadAll(
                Bind(session.Prepare(ArtifactSql.AtAndBelow), runId, path).Bind(4, path).Bind(5, after).Bind(6, (long)limit), Read),
            cancellationToken);

    /// <summary>The range of what lies below the folder; '0' is the character after '/', and no path begins with U+10FFFF.</summary>
    private static SqliteStatement Bind(SqliteStatement statement, string runId, string folder) =>
        folder.Length == 0
            ? statement.Bind(1, runId).Bind(2, "").Bind(3, "\U0010FFFF")
            : statement.Bind(1, runId).Bind(2, folder + "/").Bind(3, folder + "0");

    private static Artifact Read(SqliteStatement row) => new(row.Text(0), new BlobRef(row.Text(1), row.Int64(2)), row.Int64(3));
}
