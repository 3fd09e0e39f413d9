namespace Runstone.Storage.Sql;

/// <summary>Statements of logged models. Parameters are numbered in the order in which they first appear.</summary>
internal static class LoggedModelSql
{
    /// <summary>The facts of a model, in the order that the row reader expects.</summary>
    public const string Models =
        """
        select m.id, m.model_id, m.experiment_id, m.name, m.type, m.run_id, m.location, m.status, m.created_at, m.updated_at
        from logged_model m
        """;

    public const string ById = Models + " where m.model_id = @model_id and m.deleted_at is null";

    public const string Number = "select id from logged_model where model_id = @model_id and deleted_at is null";

    public const string Location = "select location from logged_model where model_id = @model_id";

    public const string Params = "select x.model_no, x.key, x.value from logged_model_param x";

    public const string Tags = "select x.model_no, x.key, x.value from logged_model_tag x";

    /// <summary>The newest by time: key, run, dataset, digest, time, step, millionths, value.</summary>
    public const string Metrics =
        """
        select k.name, r.run_id, x.dataset, x.digest, x.time, x.step, x.step_micros, x.value
        from logged_model_metric x join key_name k on k.id = x.key_id join runs r on r.run_no = x.run_no
        where x.model_no = @model_no
        order by x.time desc, x.step desc, x.step_micros desc, x.key_id, x.run_no, x.dataset, x.digest limit @limit
        """;

    public const string Insert =
        """
        insert into logged_model (model_id, experiment_id, name, type, run_id, location, status, created_at, updated_at)
        values (@model_id, @experiment_id, @name, @type, @run_id, @location, 0, @now, @now) returning id
        """;

    public const string SetStatus = "update logged_model set status = @status, updated_at = @now where id = @id";

    public const string Delete = "update logged_model set deleted_at = @now, updated_at = @now where id = @id";

    public const string SetParam =
        """
        insert into logged_model_param (model_no, key, value) values (@model_no, @key, @value)
        on conflict (model_no, key) do update set value = excluded.value
        """;

    public const string SetTag =
        """
        insert into logged_model_tag (model_no, key, value) values (@model_no, @key, @value)
        on conflict (model_no, key) do update set value = excluded.value
        """;

    public const string RemoveTag = "delete from logged_model_tag where model_no = @model_no and key = @key";

    public const string SetFile =
        """
        insert into logged_model_file (model_no, path, sha256, size, updated_at) values (@model_no, @path, @sha256, @size, @updated_at)
        on conflict (model_no, path) do update set sha256 = excluded.sha256, size = excluded.size, updated_at = excluded.updated_at
        """;

    /// <summary>Everything at the path and below it: '0' is the character after '/'.</summary>
    public const string RemoveFiles =
        "delete from logged_model_file where model_no = @model_no and (path = @path or (path >= @below and path < @beyond))";
}
