namespace Runstone.Storage.Sql;

/// <summary>Statements that read files of one kind of owner. Parameters are numbered in the order in which they first appear.</summary>
internal sealed class ArtifactSql
{
    public static readonly ArtifactSql Runs = new("runs r join artifact a on a.run_no = r.run_no", "r.run_id");

    public static readonly ArtifactSql LoggedModels = new("logged_model m join logged_model_file a on a.model_no = m.id", "m.model_id");

    private ArtifactSql(string tables, string owner)
    {
        var files = $"select a.path, a.sha256, a.size, a.updated_at from {tables} where {owner} = @owner";
        One = $"{files} and a.path = @path";
        Below = $"{files} and a.path >= @below and a.path < @beyond order by a.path";
        AtAndBelow = $"{files} and ((a.path >= @below and a.path < @beyond) or a.path = @path) and a.path > @after order by a.path limit @limit";
    }

    public string One { get; }

    public string Below { get; }

    public string AtAndBelow { get; }
}
