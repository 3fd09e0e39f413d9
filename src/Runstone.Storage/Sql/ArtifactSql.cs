namespace Runstone.Storage.Sql;

/// <summary>Statements that read files of runs. Parameters are numbered in the order in which they first appear.</summary>
internal static class ArtifactSql
{
    private const string Columns = "select a.path, a.sha256, a.size, a.updated_at from runs r join artifact a on a.run_no = r.run_no";

    public const string One = Columns + " where r.run_id = @run_id and a.path = @path";

    public const string Below = Columns + " where r.run_id = @run_id and a.path >= @below and a.path < @beyond order by a.path";

    public const string AtAndBelow =
        Columns + " where r.run_id = @run_id and ((a.path >= @below and a.path < @beyond) or a.path = @path) and a.path > @after order by a.path limit @limit";
}
