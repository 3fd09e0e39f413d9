using Runstone.Core.Artifacts;

namespace Runstone.Storage.Sql;

/// <param name="database">The engine.</param>
/// <param name="sql">Whose files these are.</param>
internal sealed class SqlArtifactStore(SqlDatabase database, ArtifactSql sql) : IArtifactStore
{
    public async Task<Artifact?> GetAsync(string runId, string path, CancellationToken cancellationToken) =>
        (await database.QueryAsync(SqlText.Fixed(sql.One, runId, path), Read, cancellationToken)).FirstOrDefault();

    public Task<IReadOnlyList<ArtifactEntry>> ListAsync(string runId, string folder, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async session =>
            {
                var listing = new FolderListing(folder);
                var (below, beyond) = Range(folder);
                await session.VisitAsync(
                    SqlText.Fixed(sql.Below, runId, below, beyond), row => listing.Add(Read(row)), cancellationToken);
                return listing.Entries();
            },
            cancellationToken);

    public async Task<IReadOnlyList<Artifact>> ListAllAsync(
        string runId, string path, string after, int limit, CancellationToken cancellationToken)
    {
        var (below, beyond) = Range(path);
        return await database.QueryAsync(
            SqlText.Fixed(sql.AtAndBelow, runId, below, beyond, path, after, (long)limit), Read, cancellationToken);
    }

    /// <summary>The range of what lies below the folder; '0' is the character after '/', and no path begins with U+10FFFF.</summary>
    private static (string Below, string Beyond) Range(string folder) =>
        folder.Length == 0 ? ("", "\U0010FFFF") : (folder + "/", folder + "0");

    private static Artifact Read(SqlRow row) => new(row.Text(0), new BlobRef(row.Text(1), row.Int64(2)), row.Int64(3));
}
