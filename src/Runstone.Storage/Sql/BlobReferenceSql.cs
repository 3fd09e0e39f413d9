namespace Runstone.Storage.Sql;

/// <summary>Statements about blobs in use and condemned ones. Parameters are numbered in the order in which they first appear.</summary>
internal static class BlobReferenceSql
{
    public static readonly SqlTable Condemned = SqlTable.Of("condemned_blob", "sha256:t condemned_at:i removed_at:i");

    /// <summary>The tables whose rows name blobs, each with an index on the hash.</summary>
    public static readonly IReadOnlyList<string> Tables = ["artifact", "logged_model_file", "data_pack"];

    public const string Marks =
        "select sha256, condemned_at, removed_at from condemned_blob where sha256 > @after order by sha256 limit 1000";

    public const string Mark = "select sha256, condemned_at, removed_at from condemned_blob where sha256 = @sha256";

    public const string Release =
        """
        delete from condemned_blob
        where sha256 = @sha256 and condemned_at = @condemned_at and coalesce(removed_at, 0) = @removed_at
        """;

    /// <summary>Blobs that a table names, in order.</summary>
    public static string UsedIn(string table) => $"select sha256, max(size) from {table} where sha256 > @after group by sha256 order by sha256 limit @limit";

    public static string UsedOf(SqlDialect dialect) => string.Join(" union ", Tables.Select(table => $"select sha256 from {table} where {dialect.InTexts("sha256", "@list")}"));

    /// <summary>A file that the content belongs to: whose it is, and its path.</summary>
    public const string OneFile =
        """
        select u.owner, u.path
        from (select 'run ' || r.run_id as owner, a.path from artifact a join runs r on r.run_no = a.run_no where a.sha256 = @sha256
              union all
              select 'logged model ' || m.model_id as owner, f.path from logged_model_file f join logged_model m on m.id = f.model_no where f.sha256 = @sha256
              union all
              select 'data repositories' as owner, 'a pack' as path from data_pack where sha256 = @sha256) u
        order by u.owner, u.path limit 1
        """;

    public static string MarksOf(SqlDialect dialect) =>
        $"select sha256, condemned_at, removed_at from condemned_blob where {dialect.InTexts("sha256", "@list")}";

    public static string DeleteMarks(SqlDialect dialect) => $"delete from condemned_blob where {dialect.InTexts("sha256", "@list")}";

    public static string MarkRemoved(SqlDialect dialect) =>
        $"update condemned_blob set removed_at = @now where {dialect.InTexts("sha256", "@list")}";
}
