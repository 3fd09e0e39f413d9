namespace Runstone.Storage.Sql;

/// <summary>Statements of registered models. Parameters are numbered in the order in which they first appear.</summary>
internal static class ModelSql
{
    /// <summary>The facts of a model, in the order that the row readers expect.</summary>
    public const string Models = "select m.id, m.name, m.description, m.created_at, m.updated_at from registered_model m";

    /// <summary>The facts of a version, in the order that the row readers expect.</summary>
    public const string Versions =
        "select " + VersionColumns + " from model_version v join registered_model m on m.id = v.model_id";

    /// <summary>The newest version of each stage of the models that match a condition on <c>m</c>, to be appended.</summary>
    public const string LatestVersions = "select " + VersionColumns + Latest;

    /// <summary>The tags of <see cref="LatestVersions"/>, narrowed in the same way.</summary>
    public const string LatestVersionTags = "select x.version_id, x.key, x.value" + Latest + " join model_version_tag x on x.version_id = v.id";

    public const string ModelByName = Models + " where m.name = @name";

    public const string IdOfName = "select id from registered_model where name = @name";

    public const string VersionByNumber = Versions + " where m.name = @name and v.number = @number";

    public const string IdOfNumber = "select id from model_version where model_id = @model_id and number = @number";

    public const string ModelTags = "select x.model_id, x.key, x.value from registered_model_tag x";

    public const string VersionTags = "select x.version_id, x.key, x.value from model_version_tag x";

    public const string Aliases = "select a.model_id, a.alias, v.number from model_alias a join model_version v on v.id = a.version_id";

    public const string AliasesOfVersion = "select alias from model_alias where version_id = @version_id order by alias";

    public const string InsertModel =
        """
        insert into registered_model (name, description, created_at, updated_at, last_version)
        values (@name, @description, @now, @now, 0) returning id
        """;

    public const string RenameModel = "update registered_model set name = @name, updated_at = @now where id = @id";

    public const string StampVersions = "update model_version set updated_at = @now where model_id = @model_id";

    public const string DescribeModel = "update registered_model set description = @description, updated_at = @now where id = @id";

    public const string StampModel = "update registered_model set updated_at = @now where id = @id";

    public const string DeleteModel = "delete from registered_model where id = @id";

    public const string SetModelTag =
        """
        insert into registered_model_tag (model_id, key, value) values (@model_id, @key, @value)
        on conflict (model_id, key) do update set value = excluded.value
        """;

    public const string RemoveModelTag = "delete from registered_model_tag where model_id = @model_id and key = @key";

    public const string SetAlias =
        """
        insert into model_alias (model_id, alias, version_id) values (@model_id, @alias, @version_id)
        on conflict (model_id, alias) do update set version_id = excluded.version_id
        """;

    public const string RemoveAlias = "delete from model_alias where model_id = @model_id and alias = @alias";

    public const string NextNumber =
        "update registered_model set last_version = last_version + 1, updated_at = @now where id = @id returning last_version";

    public const string InsertVersion =
        """
        insert into model_version (model_id, number, source, location, run_id, run_link, description, stage, created_at, updated_at)
        values (@model_id, @number, @source, @location, @run_id, @run_link, @description, 0, @now, @now) returning id
        """;

    public const string DescribeVersion = "update model_version set description = @description, updated_at = @now where id = @id";

    public const string MoveVersion = "update model_version set stage = @stage, updated_at = @now where id = @id";

    public const string ArchiveOthers =
        "update model_version set stage = 3, updated_at = @now where model_id = @model_id and stage = @stage and id <> @id";

    public const string DeleteVersion = "delete from model_version where id = @id";

    public const string SetVersionTag =
        """
        insert into model_version_tag (version_id, key, value) values (@version_id, @key, @value)
        on conflict (version_id, key) do update set value = excluded.value
        """;

    public const string RemoveVersionTag = "delete from model_version_tag where version_id = @version_id and key = @key";

    private const string Latest =
        """
         from registered_model m
        cross join (select 0 as stage union all select 1 union all select 2 union all select 3) s
        join model_version v on v.model_id = m.id
            and v.number = (select max(w.number) from model_version w where w.model_id = m.id and w.stage = s.stage)
        """;

    private const string VersionColumns =
        "v.id, m.name, v.number, v.source, v.location, v.run_id, v.run_link, v.description, v.stage, v.created_at, v.updated_at, v.model_id";
}
