using Runstone.Core.Data;

namespace Runstone.Storage.Sql;

/// <summary>Statements on repositories of data and their versions. Parameters are numbered in the order in which they first appear.</summary>
internal static class DataSql
{
    private const string Repository = "select id, name, description, lifecycle, created_at, updated_at from data_repository";

    private const string Version = "v.id, v.hash, v.root, v.author, v.made_at, v.message, v.run_id, v.files, v.bytes, v.received_at, v.record";

    public const string ByName = $"{Repository} where name = @name";

    public const string Insert =
        """
        insert into data_repository (name, description, lifecycle, created_at, updated_at) values (@name, @description, 0, @now, @now)
        on conflict (name) do nothing returning id, name, description, lifecycle, created_at, updated_at
        """;

    public const string Update =
        """
        update data_repository set description = coalesce(@description, description), lifecycle = coalesce(@lifecycle, lifecycle), updated_at = @now
        where name = @name returning id, name, description, lifecycle, created_at, updated_at
        """;

    public const string Touch = "update data_repository set updated_at = @now where id = @id";

    public const string Branches =
        """
        select b.name, v.hash, b.person, b.moved_at from data_branch b join data_version v on v.id = b.version_id
        where b.repository_id = @repository order by b.name
        """;

    public const string Tags =
        """
        select t.name, v.hash, t.person, t.set_at from data_tag t join data_version v on v.id = t.version_id
        where t.repository_id = @repository order by t.name
        """;

    public const string Branch =
        """
        select b.name, v.hash, b.person, b.moved_at from data_branch b join data_version v on v.id = b.version_id
        where b.repository_id = @repository and b.name = @name
        """;

    public const string Tag =
        """
        select t.name, v.hash, t.person, t.set_at from data_tag t join data_version v on v.id = t.version_id
        where t.repository_id = @repository and t.name = @name
        """;

    public const string InsertBranch =
        "insert into data_branch (repository_id, name, version_id, person, moved_at) values (@repository, @name, @version, @person, @now)";

    public const string MoveBranch =
        "update data_branch set version_id = @version, person = @person, moved_at = @now where repository_id = @repository and name = @name";

    public const string DeleteBranch = "delete from data_branch where repository_id = @repository and name = @name";

    public const string InsertTag =
        "insert into data_tag (repository_id, name, version_id, person, set_at) values (@repository, @name, @version, @person, @now)";

    public const string InsertMove =
        "insert into data_move (repository_id, branch, from_hash, to_hash, person, moved_at) values (@repository, @branch, @from, @to, @person, @now)";

    public const string Moves =
        """
        select m.branch, m.from_hash, m.to_hash, m.person, m.moved_at from data_move m join data_repository r on r.id = m.repository_id
        where r.name = @name and m.branch = @branch order by m.id desc limit @limit
        """;

    public const string Number = "select id from data_version where repository_id = @repository and hash = @hash";

    public const string InsertVersion =
        """
        insert into data_version (repository_id, hash, root, author, made_at, message, run_id, files, bytes, received_at, record)
        values (@repository, @hash, @root, @author, @time, @message, @run, @files, @bytes, @now, @record) returning id
        """;

    public const string InsertParent = "insert into data_parent (version_id, place, parent_id) values (@version, @place, @parent)";

    /// <summary>Ids are digits of which none comes after f, so that g is behind all that begin with the prefix.</summary>
    public const string ByPrefix =
        $"""
        select {Version} from data_version v join data_repository r on r.id = v.repository_id
        where r.name = @name and v.hash >= @prefix and v.hash < @prefix || 'g' order by v.hash limit 2
        """;

    /// <summary>The version and all it came from; those that came later have greater numbers.</summary>
    public const string History =
        $"""
        with recursive line(id) as (
            select v.id from data_version v join data_repository r on r.id = v.repository_id where r.name = @name and v.hash = @version
            union select p.parent_id from line l join data_parent p on p.version_id = l.id)
        select {Version} from line l join data_version v on v.id = l.id
        where v.id < coalesce((select a.id from data_version a where a.hash = @after and a.repository_id = v.repository_id), v.id + 1)
        order by v.id desc limit @limit
        """;

    /// <summary>By name; conditions are added for what the query asks.</summary>
    public static SqlText List(SqlDialect dialect, DataRepositoryQuery query)
    {
        var parameters = new SqlParameters();
        var where = $"name > {parameters.Add(query.After)}";
        if (query.Contains.Length > 0)
            where += $" and {dialect.Contains("name", query.Contains, parameters)}";
        if (LifecycleSql.Number(query.Lifecycle) is { } number)
            where += $" and lifecycle = {parameters.Add(number)}";
        return new SqlText($"{Repository} where {where} order by name limit {parameters.Add((long)query.Limit)}", parameters);
    }

    public static string Parents(SqlDialect dialect) =>
        $"""
        select p.version_id, v.hash from data_parent p join data_version v on v.id = p.parent_id
        where {dialect.InNumbers("p.version_id", "@versions")} order by p.version_id, p.place
        """;
}
