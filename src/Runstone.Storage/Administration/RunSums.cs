using System.Security.Cryptography;
using Runstone.Storage.Sql;

namespace Runstone.Storage.Administration;

/// <summary>The sums of all that belongs to one run, a table each, its log last.</summary>
internal sealed class RunSums(long runNo)
{
    public long RunNo { get; } = runNo;

    public RunStamp Stamp { get; set; }

    public RowSum[] Tables { get; } = new RowSum[StoreTables.OfRun.Count + 1];

    /// <summary>The sequence number of the first log row whose digest does not fit its payload; null when all fit.</summary>
    public long? Damaged { get; set; }

    public bool IsEqualTo(RunSums other) => Damaged is null && other.Damaged is null && Tables.SequenceEqual(other.Tables);
}

/// <summary>Reads runs at one instant and sums them up.</summary>
internal static class RunSumReader
{
    private const int UpdatedAt = 12;
    private const int NextSequence = 13;
    private const int NextChunk = 16;

    /// <summary>The runs with numbers from one to another, by number.</summary>
    /// <param name="database">The store.</param>
    /// <param name="from">The first number.</param>
    /// <param name="to">The last number.</param>
    /// <param name="keepsNul">False to read U+0000 as what a copy makes of it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static Task<Dictionary<long, RunSums>> ReadAsync(
        SqlDatabase database, long from, long to, bool keepsNul, CancellationToken cancellationToken) =>
        database.ReadAsync(session => ReadAsync(session, from, to, keepsNul, cancellationToken), cancellationToken);

    public static async ValueTask<Dictionary<long, RunSums>> ReadAsync(
        SqlSession session, long from, long to, bool keepsNul, CancellationToken cancellationToken)
    {
        var runs = new Dictionary<long, RunSums>();
        for (var i = 0; i < StoreTables.OfRun.Count; i++)
        {
            var (place, table) = (i, StoreTables.OfRun[i]);
            await session.VisitAsync(
                SqlText.Fixed(table.All, from, to),
                row =>
                {
                    var read = table.Read(row);
                    if (!keepsNul)
                        NulText.Replace(table, read, null);
                    var run = Of(runs, read.Owner);
                    run.Tables[place].Add(read.Values);
                    if (table == StoreTables.Runs)
                        run.Stamp = new RunStamp(read.Owner, (long)read.Values[UpdatedAt]!, (long)read.Values[NextSequence]!, (long)read.Values[NextChunk]!);
                },
                cancellationToken);
        }

        await new LogReader(session, to).ReadAllAsync(
            from, 0,
            rows =>
            {
                foreach (var row in rows)
                    AddLog(runs, row);
                return ValueTask.CompletedTask;
            },
            cancellationToken);
        return runs;
    }

    private static void AddLog(Dictionary<long, RunSums> runs, object?[] row)
    {
        var (runNo, sequence, payload, digest) = ((long)row[0]!, (long)row[1]!, (byte[])row[2]!, (byte[])row[3]!);
        var run = Of(runs, runNo);
        Span<byte> actual = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(payload, actual);
        if (!actual.SequenceEqual(digest))
            run.Damaged ??= sequence;
        run.Tables[^1].Add([runNo, sequence, digest]);
    }

    private static RunSums Of(Dictionary<long, RunSums> runs, long runNo)
    {
        if (!runs.TryGetValue(runNo, out var run))
            runs[runNo] = run = new RunSums(runNo);
        return run;
    }
}
