using Runstone.Storage.Sql;
using Runstone.Storage.Sql.Consoles;

namespace Runstone.Storage.Postgres;

/// <summary>The statements of a group commit: each takes whole columns, so that their number does not depend on the size of the group.</summary>
internal static class PostgresIngestSql
{
    public const string Begin = "begin isolation level read committed read write";

    public const string Commit = "commit";

    /// <summary>
    /// The server ends the transaction of a node that falls silent in the middle, so that others get the runs it locked. What follows
    /// is planned once a connection, not in each group: by index, row by row, so that no plan depends on how full a table was.
    /// </summary>
    public const string Marker = $"select number, {Settings} from commit_marker where node = $1 and lane = $2 for update";

    /// <summary>Returns the number of the transaction, which all rows have that it writes.</summary>
    public const string Mark = $"{SetMark} returning {Transaction}";

    /// <summary>The same and the settings, at the beginning: fails when the group was kept before, or when there is no marker.</summary>
    public const string MarkFirst =
        $"with marked as ({SetMark} and number < $3 returning number) select {Transaction}, 1 / count(*), {Settings} from marked";

    public const string CreateMarker =
        "insert into commit_marker (node, lane, number, updated_at) values ($1, $2, $3, now()) on conflict (node, lane) do nothing";

    public const string RemoveOldMarkers =
        """
        delete from commit_marker m using
            (select node, lane from commit_marker where updated_at < now() - interval '1 day' for update skip locked) old
        where m.node = old.node and m.lane = old.lane
        """;

    /// <summary>Before the runs, as a change of an experiment locks them.</summary>
    public const string Experiments = "select id, lifecycle from experiment where id = any($1) order by id for share";

    /// <summary>The columns of <see cref="RunSql.Facts"/>, without the document.</summary>
    public const string Runs =
        """
        select run_no, run_id, experiment_id, name, user_name, status, start_time, end_time, lifecycle,
               deleted_at, parent_id, artifact_uri, updated_at, next_seq, null::text, null::text, tail_points
        from runs where run_id = any($1) order by run_no for no key update
        """;

    public const string Documents =
        "select r.run_id, d.notes, d.environment from runs r join run_document d on d.run_no = r.run_no where r.run_id = any($1)";

    public const string Numbers = "select nextval('run_number') from generate_series(1, $1)";

    public const string Sources =
        """
        select r.run_no, s.source, s.last_number
        from unnest($1, $2) q (run_id, source) join runs r on r.run_id = q.run_id join ingest_source s on s.run_no = r.run_no and s.source = q.source
        """;

    public const string Params =
        "select x.run_no, x.key_id, x.value " + Keyed + "join params x on x.run_no = r.run_no and x.key_id = q.key_id";

    public const string Tags = "select x.run_no, x.key_id " + Keyed + "join tags x on x.run_no = r.run_no and x.key_id = q.key_id";

    public const string Steps =
        "select x.run_no, x.key_id, x.last_step " + Keyed + "join metric_latest x on x.run_no = r.run_no and x.key_id = q.key_id";

    public const string Consoles =
        "select k.run_no, k.lines, k.bytes from runs r join console k on k.run_no = r.run_no where r.run_id = any($1)";

    public const string Condemned = "select sha256 from condemned_blob where sha256 = any($1)";

    public const string LoggedModels = "select id, model_id from logged_model where model_id = any($1) and deleted_at is null";

    public const string FindKeys = "select id, name from key_name where name = any($1)";

    /// <summary>Sorted, so that two nodes that make the same names wait for each other in one order.</summary>
    public const string InsertKeys =
        """
        insert into key_name (name)
        select n from unnest($1) n where not exists (select 1 from key_name k where k.name = n) order by n
        on conflict (name) do nothing
        """;

    public const string InsertRuns =
        """
        insert into runs (run_no, run_id, experiment_id, name, user_name, status, start_time, end_time, lifecycle, deleted_at,
                          parent_id, artifact_uri, updated_at, next_seq, tail_points)
        select * from unnest($1::bigint[], $2::text[], $3::bigint[], $4::text[], $5::text[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[],
                             $10::bigint[], $11::text[], $12::text[], $13::bigint[], $14::bigint[], $15::bigint[]) order by 2
        """;

    public const string UpdateRuns =
        """
        update runs r set name = q.name, status = q.status, end_time = q.end_time, lifecycle = q.lifecycle, deleted_at = q.deleted_at,
                          parent_id = q.parent_id, updated_at = q.updated_at, next_seq = q.next_seq, tail_points = q.tail_points
        from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            q (run_no, name, status, end_time, lifecycle, deleted_at, parent_id, updated_at, next_seq, tail_points)
        where r.run_no = q.run_no
        """;

    public const string TouchRuns =
        """
        update runs r set updated_at = q.updated_at, next_seq = q.next_seq, tail_points = q.tail_points
        from unnest($1, $2, $3, $4) q (run_no, updated_at, next_seq, tail_points)
        where r.run_no = q.run_no
        """;

    /// <summary>The same of runs that were not asked for: fails, and the transaction with it, unless every row is the one that was known.</summary>
    public const string TouchKnown =
        $"""
        with touched as (
            update runs r set updated_at = q.updated_at, next_seq = q.next_seq, tail_points = q.tail_points
            from unnest($1, $2, $3, $4, $5) q (run_no, updated_at, next_seq, tail_points, version)
            where r.run_no = q.run_no and r.xmin = q.version
            returning r.run_no)
        select {Transaction}, 1 / (count(*) = cardinality($1))::int from touched
        """;

    public const string InsertUnsealed = "insert into unsealed_run (run_no) select * from unnest($1) on conflict (run_no) do nothing";

    public const string Upsert = "on conflict (run_no, key_id) do update set value = excluded.value, number = excluded.number";

    public const string UpsertDocuments =
        """
        insert into run_document (run_no, notes, environment) select * from unnest($1, $2, $3)
        on conflict (run_no) do update set notes = excluded.notes, environment = excluded.environment
        """;

    public const string UpsertParams =
        $"insert into params (run_no, key_id, experiment_id, value, number) select * from unnest($1, $2, $3, $4, $5) {Upsert}";

    public const string UpsertTags =
        $"insert into tags (run_no, key_id, experiment_id, value, number) select * from unnest($1, $2, $3, $4, $5) {Upsert}";

    public const string DeleteTags =
        "delete from tags t using unnest($1, $2) q (run_no, key_id) where t.run_no = q.run_no and t.key_id = q.key_id";

    public const string InsertDatasets =
        """
        insert into dataset (experiment_id, name, digest, source_type, source, schema, profile)
        select * from unnest($1, $2, $3, $4, $5, $6, $7)
        on conflict (experiment_id, name, digest) do nothing
        """;

    /// <summary>Links in the order given; only new links take their tags.</summary>
    public const string InsertInputs =
        """
        with linked as (
            insert into run_input (run_no, dataset_id)
            select q.run_no, d.id
            from unnest($1, $2, $3, $4) with ordinality q (run_no, experiment_id, name, digest, place)
            join dataset d on d.experiment_id = q.experiment_id and d.name = q.name and d.digest = q.digest
            order by q.place
            on conflict (run_no, dataset_id) do nothing
            returning id, run_no, dataset_id)
        insert into run_input_tag (input_id, key, value)
        select l.id, t.key, t.value
        from unnest($5, $6, $7, $8, $9, $10) t (run_no, experiment_id, name, digest, key, value)
        join dataset d on d.experiment_id = t.experiment_id and d.name = t.name and d.digest = t.digest
        join linked l on l.run_no = t.run_no and l.dataset_id = d.id
        """;

    public const string UpsertModels =
        """
        insert into run_model (run_no, model_id, direction, step) select * from unnest($1, $2, $3, $4)
        on conflict (run_no, model_id, direction) do update set step = excluded.step
        """;

    /// <summary>Everything at the path and below it: '0' is the character after '/'.</summary>
    public const string DeleteArtifacts =
        """
        delete from artifact a using unnest($1, $2) q (run_no, path)
        where a.run_no = q.run_no and (a.path = q.path or (a.path >= q.path || '/' and a.path < q.path || '0'))
        """;

    public const string UpsertArtifacts =
        """
        insert into artifact (run_no, path, sha256, size, updated_at) select * from unnest($1, $2, $3, $4, $5)
        on conflict (run_no, path) do update set sha256 = excluded.sha256, size = excluded.size, updated_at = excluded.updated_at
        """;

    /// <summary>In order, so that the ids of items of one step ascend as they came.</summary>
    public const string InsertMedia =
        $"""
        {IngestSql.IntoMedia}
        select run_no, key_id, step, step_micros, time, type, path, caption, data
        from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9) with ordinality q (run_no, key_id, step, step_micros, time, type, path, caption, data, place)
        order by place
        """;

    public const string UpsertSources =
        """
        insert into ingest_source (run_no, source, last_number) select * from unnest($1, $2, $3)
        on conflict (run_no, source) do update set last_number = excluded.last_number
        """;

    /// <summary>In order of the runs, in which merging locks them one by one too.</summary>
    public const string UpsertConsoles =
        $"""
        {ConsoleSql.Into} select run_no, lines, bytes, 0, chunks, 0 from unnest($1, $2, $3, $4) q (run_no, lines, bytes, chunks) order by run_no
        {ConsoleSql.Grow}
        """;

    public const string InsertConsoleChunks =
        "insert into console_chunk (run_no, first_line, lines, bytes, payload, digest) select * from unnest($1, $2, $3, $4, $5, $6)";

    public const string InsertLog = "insert into metric_log (run_no, seq, payload, digest) select * from unnest($1, $2, $3, $4)";

    public const string CopyLog = "copy metric_log (run_no, seq, payload, digest) from stdin (format binary)";

    /// <summary>In order, so that the ids of a group's texts ascend as they came.</summary>
    public const string InsertTexts =
        $"""
        {IngestSql.IntoText}
        select run_no, key_id, step, step_micros, time, value, text
        from unnest($1, $2, $3, $4, $5, $6, $7) with ordinality q (run_no, key_id, step, step_micros, time, value, text, place)
        order by place
        {IngestSql.TextOnce}
        """;

    public const string UpsertModelMetrics =
        $"{IngestSql.IntoModelMetric} select * from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9) {IngestSql.ReplaceModelMetric}";

    public const string UpsertLatest =
        $"{IngestSql.InsertLatest} select * from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) {IngestSql.MergeLatest}";

    private const string Settings =
        """
        set_config('idle_in_transaction_session_timeout', '20000', true), set_config('plan_cache_mode', 'force_generic_plan', true),
        set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true)
        """;

    private const string SetMark = "update commit_marker set number = $3, updated_at = now() where node = $1 and lane = $2";

    private const string Transaction = "pg_current_xact_id()::xid";

    private const string Keyed = "from unnest($1, $2) q (run_id, key_id) join runs r on r.run_id = q.run_id ";
}
