using System.Security.Cryptography;
using Runstone.Storage.Sql;

namespace Runstone.Storage.Administration;

/// <summary>The sums of all that belongs to one run, a table each, its log last.</summary>
internal sealed class RunSums(long runNo)
{
    public long RunNo { get; } = runNo;

    public RunStamp Stamp { get; set; }

    public RowSum[] Tables { get; } = new RowSum[StoreTables.OfRun.Count + 1];

    /// <summary>The first log row or chunk whose digest does not fit its payload, as "row 3 of its metric log"; null when all fit.</summary>
    public string? Damaged { get; set; }

    public bool IsEqualTo(RunSums other) => Damaged is null && other.Damaged is null && Tables.SequenceEqual(other.Tables);
}

/// <summary>Reads runs at one instant and sums them up.</summary>
internal static class RunSumReader
{
    private static readonly int UpdatedAt = StoreTables.Runs.Place("updated_at");
    private static readonly int NextSequence = StoreTables.Runs.Place("next_seq");
    private static readonly int SealedSequence = StoreTables.Runs.Place("sealed_seq");
    private static readonly int NextChunk = StoreTables.Runs.Place("next_chunk");
    private static readonly int Merges = StoreTables.Console.Place("merges");
    private static readonly int ChunkNo = StoreTables.Chunk.Place("no");
    private static readonly int ChunkPayload = StoreTables.Chunk.Place("payload");
    private static readonly int ChunkDigest = StoreTables.Chunk.Place("digest");

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
                        run.Stamp = StampOf(read);
                    else if (table == StoreTables.UnsealedRun)
                        run.Stamp = run.Stamp with { IsUnsealed = true };
                    else if (table == StoreTables.Console)
                        run.Stamp = run.Stamp with { ConsoleMerges = (long)read.Values[Merges]! };
                    else if (table == StoreTables.Chunk)
                        CheckChunk(run, read.Values);
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

    private static RunStamp StampOf(StoreRow row) => new(
        row.Owner, (long)row.Values[UpdatedAt]!, (long)row.Values[NextSequence]!, (long)row.Values[SealedSequence]!, (long)row.Values[NextChunk]!,
        ConsoleMerges: 0, IsUnsealed: false);

    private static void CheckChunk(RunSums run, object?[] chunk)
    {
        Span<byte> actual = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData((byte[])chunk[ChunkPayload]!, actual);
        if (!actual.SequenceEqual((byte[])chunk[ChunkDigest]!))
            run.Damaged ??= FormattableString.Invariant($"chunk {chunk[ChunkNo]} of its metrics");
    }

    private static void AddLog(Dictionary<long, RunSums> runs, object?[] row)
    {
        var (runNo, sequence, payload, digest) = ((long)row[0]!, (long)row[1]!, (byte[])row[2]!, (byte[])row[3]!);
        var run = Of(runs, runNo);
        Span<byte> actual = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(payload, actual);
        if (!actual.SequenceEqual(digest))
            run.Damaged ??= FormattableString.Invariant($"row {sequence} of its metric log");
        run.Tables[^1].Add([runNo, sequence, digest]);
    }

    private static RunSums Of(Dictionary<long, RunSums> runs, long runNo)
    {
        if (!runs.TryGetValue(runNo, out var run))
            runs[runNo] = run = new RunSums(runNo);
        return run;
    }
}
