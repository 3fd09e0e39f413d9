namespace Runstone.Storage.Sql.Consoles;

/// <summary>Statements on consoles. Parameters are numbered in the order in which they first appear.</summary>
internal static class ConsoleSql
{
    public static readonly SqlTable Chunk = SqlTable.Of("console_chunk", "run_no:i first_line:i lines:i bytes:i payload:b digest:b");

    public const string Size =
        "select r.run_no, coalesce(k.lines, 0), coalesce(k.bytes, 0) from runs r left join console k on k.run_no = r.run_no where r.run_id = @run_id";

    /// <summary>first_line and bytes of the chunk that has the line, and of those behind it.</summary>
    public const string Plan =
        """
        select c.first_line, c.bytes from console_chunk c
        where c.run_no = @run_no
          and c.first_line >= coalesce((select max(x.first_line) from console_chunk x where x.run_no = @run_no and x.first_line <= @from), 0)
        order by c.first_line limit @limit
        """;

    public const string Payloads =
        "select first_line, payload from console_chunk where run_no = @run_no and first_line >= @from and first_line <= @to order by first_line";

    /// <summary>run_no, run_id, open_line, open_chunks, merges.</summary>
    public const string Open =
        """
        select k.run_no, r.run_id, k.open_line, k.open_chunks, k.merges
        from console k join runs r on r.run_no = k.run_no
        where k.open_chunks > 1 and k.run_no > @after and (k.open_chunks >= @chunks or r.status not in (1, 2))
        order by k.run_no limit @limit
        """;

    /// <summary>Returns the chunks that are open then; no row when somebody else has merged.</summary>
    public const string Merge =
        """
        update console set open_line = @open_line, open_chunks = open_chunks - @closed, merges = merges + 1
        where run_no = @run_no and merges = @merges
        returning open_chunks
        """;

    public const string Remove = "delete from console_chunk where run_no = @run_no and first_line >= @from and first_line < @to";

    public const string Select = "select lines, bytes from console where run_no = @run_no";

    /// <summary>Adds what a group appended; merging changes the chunks that are open meanwhile.</summary>
    public const string Into = "insert into console (run_no, lines, bytes, open_line, open_chunks, merges)";

    public const string Grow =
        """
        on conflict (run_no) do update
            set lines = excluded.lines, bytes = excluded.bytes, open_chunks = console.open_chunks + excluded.open_chunks
        """;

    public const string Upsert = $"{Into} values (@run_no, @lines, @bytes, 0, @chunks, 0) {Grow}";
}
