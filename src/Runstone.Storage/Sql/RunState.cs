using Runstone.Core.Experiments;
using Runstone.Core.Runs;

namespace Runstone.Storage.Sql;

/// <summary>A run as the writer knows it, with what the present group still has to write down.</summary>
internal sealed class RunState(long number, Run run, long nextSequence, long tailPoints)
{
    public long Number { get; } = number;

    public Run Run { get; set; } = run;

    /// <summary>The sequence number of the next row of the metric log.</summary>
    public long NextSequence { get; set; } = nextSequence;

    /// <summary>Points of the rows of the log that no chunk holds yet.</summary>
    public long TailPoints { get; set; } = tailPoints;

    /// <summary>Which state of its row this is, where an engine numbers them; the run is that row as long as it has the number.</summary>
    public uint Version { get; set; }

    /// <summary>The sealer is to find the run: its tail began in this group, or it ended.</summary>
    public bool BecameUnsealed { get; set; }

    public bool Touched { get; set; }

    public bool FactsChanged { get; set; }

    public bool DocumentChanged { get; set; }

    /// <summary>Reads a row of <see cref="RunSql.Facts"/>.</summary>
    public static RunState Read(SqlRow row)
    {
        var run = new Run
        {
            Id = row.Text(1),
            ExperimentId = row.Int64(2),
            Name = row.Text(3),
            User = row.Text(4),
            Status = (RunStatus)row.Int64(5),
            StartTime = row.Int64(6),
            EndTime = row.NullableInt64(7),
            Lifecycle = (Lifecycle)row.Int64(8),
            DeletedAt = row.NullableInt64(9),
            ParentId = row.NullableText(10),
            ArtifactUri = row.NullableText(11),
            UpdatedAt = row.Int64(12),
            Notes = row.NullableText(14) ?? "",
            Environment = row.NullableText(15),
        };
        return new RunState(row.Int64(0), run, row.Int64(13), row.Int64(16));
    }
}
