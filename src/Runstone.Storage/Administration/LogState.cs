using Runstone.Storage.Sql;

namespace Runstone.Storage.Administration;

/// <summary>What a check of one run gathers.</summary>
internal sealed class LogState(long runNo, string runId)
{
    public const string Query =
        """
        select r.run_no, r.run_id, r.next_seq, r.sealed_seq, r.tail_points, r.next_chunk,
               case when exists (select 1 from unsealed_run u where u.run_no = r.run_no) then 1 else 0 end, r.sealed_points,
               case when exists (select 1 from metric_erasure e where e.run_no = r.run_no and e.kept_summary <> 0) then 1 else 0 end
        from runs r where r.run_no >= @from and r.run_no <= @to order by r.run_no
        """;

    public long RunNo { get; } = runNo;

    public string RunId { get; } = runId;

    public long NextSequence { get; private init; }

    /// <summary>The first row that is not sealed.</summary>
    public long SealedSequence { get; private init; }

    public long TailPoints { get; private init; }

    /// <summary>The number that no chunk and no rollup has yet.</summary>
    public long NextChunk { get; private init; }

    /// <summary>The sealer is going to look at the run.</summary>
    public bool IsUnsealed { get; private init; }

    /// <summary>Points that chunks and packs have, as the run counts them.</summary>
    public long SealedPoints { get; private init; }

    /// <summary>Points were erased and what tables show of them was kept, so that newest values are of more points than there are.</summary>
    public bool KeptSummaries { get; private init; }

    /// <summary>Points that were found in chunks and packs.</summary>
    public long FoundSealed { get; set; }

    /// <summary>Something of its chunks is reported already.</summary>
    public bool IsReported { get; set; }

    public long Rows { get; set; }

    public long FirstSequence { get; set; } = -1;

    public long LastSequence { get; set; } = -1;

    /// <summary>Points of the rows of the log.</summary>
    public long Points { get; set; }

    public bool IsDamaged { get; set; }

    /// <summary>Numbers of chunks and rollups.</summary>
    public HashSet<long> Numbers { get; } = [];

    /// <summary>Slots that have a pack.</summary>
    public HashSet<long> Packs { get; } = [];

    /// <summary>Series that have points in packs.</summary>
    public HashSet<long> PackedKeys { get; } = [];

    /// <summary>Series that have points in chunks or packs.</summary>
    public HashSet<long> SealedKeys { get; } = [];

    public SeriesDeltas Log { get; } = new();

    /// <summary>The stored newest values by key number.</summary>
    public Dictionary<long, object?[]> Stored { get; } = [];

    /// <summary>Reads a row of <see cref="Query"/>.</summary>
    public static LogState Read(SqlRow row) => new(row.Int64(0), row.Text(1))
    {
        NextSequence = row.Int64(2),
        SealedSequence = row.Int64(3),
        TailPoints = row.Int64(4),
        NextChunk = row.Int64(5),
        IsUnsealed = row.Int64(6) != 0,
        SealedPoints = row.Int64(7),
        KeptSummaries = row.Int64(8) != 0,
    };
}
