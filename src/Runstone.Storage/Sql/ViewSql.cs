namespace Runstone.Storage.Sql;

/// <summary>Statements on saved views and workspaces. Parameters are numbered in the order in which they first appear.</summary>
internal static class ViewSql
{
    private const string Facts = "id, experiment_id, person, name, settings, is_default, revision, created_at, updated_at";

    public const string OfExperiment = $"select {Facts} from saved_view where experiment_id = @experiment order by name, id";

    public const string ById = $"select {Facts} from saved_view where id = @id";

    /// <summary>The experiment; writes to its views follow each other while it is locked.</summary>
    public const string Experiment = "select id from experiment where id = @id";

    public const string Count = "select count(*) from saved_view where experiment_id = @experiment";

    public const string IdByName = "select id from saved_view where experiment_id = @experiment and person = @person and name = @name";

    public const string Insert =
        $"""
        insert into saved_view (experiment_id, person, name, settings, is_default, revision, created_at, updated_at)
        values (@experiment, @person, @name, @settings, 0, 1, @now, @now) returning {Facts}
        """;

    public const string Update =
        $"update saved_view set name = @name, settings = @settings, revision = revision + 1, updated_at = @now where id = @id returning {Facts}";

    public const string Delete = "delete from saved_view where id = @id returning 1";

    public const string ClearDefault = "update saved_view set is_default = 0 where experiment_id = @experiment and is_default <> 0";

    public const string SetDefault = "update saved_view set is_default = 1 where id = @id and experiment_id = @experiment returning 1";

    public const string Workspace = "select settings, revision, updated_at from workspace where experiment_id = @experiment and person = @person";

    public const string SetWorkspace =
        """
        insert into workspace (experiment_id, person, settings, revision, updated_at) values (@experiment, @person, @settings, 1, @now)
        on conflict (experiment_id, person) do update
        set settings = excluded.settings, revision = workspace.revision + 1, updated_at = excluded.updated_at
        returning settings, revision, updated_at
        """;
}
