namespace Runstone.Storage.Sql;

/// <summary>Statements on reports. Parameters are numbered in the order in which they first appear.</summary>
internal static class ReportSql
{
    private const string Facts = "r.id, r.experiment_id, r.lifecycle, r.created_at, v.number, v.person, v.saved_at, v.title";

    private const string Newest = "from report r join report_version v on v.report_id = r.id and v.number = r.newest";

    public const string ById = $"select {Facts}, v.body {Newest} where r.id = @id";

    /// <summary>The report alone: id, newest, lifecycle.</summary>
    public const string Head = "select id, newest, lifecycle from report where id = @id";

    public const string Version = "select number, person, saved_at, title, body from report_version where report_id = @id and number = @number";

    public const string Versions =
        "select number, person, saved_at, title from report_version where report_id = @id and number < @below order by number desc limit @limit";

    public const string Insert =
        """
        insert into report (experiment_id, lifecycle, created_at, newest, saved_at) values (@experiment, 0, @now, 1, @now) returning id
        """;

    public const string InsertVersion =
        "insert into report_version (report_id, number, person, saved_at, title, body) values (@id, @number, @person, @now, @title, @body)";

    public const string SetNewest = "update report set newest = @number, saved_at = @now where id = @id";

    public const string SetLifecycle = "update report set lifecycle = @lifecycle where id = @id returning 1";

    /// <summary>By time; conditions are added for what the query asks.</summary>
    public static string List(bool ofExperiment, bool ofLifecycle, bool after) =>
        $"""
        select {Facts} {Newest}
        where r.id > 0{(ofExperiment ? " and r.experiment_id = @experiment" : "")}{(ofLifecycle ? " and r.lifecycle = @lifecycle" : "")}{(after ? " and (r.saved_at, r.id) < (@time, @id)" : "")}
        order by r.saved_at desc, r.id desc limit @limit
        """;
}
