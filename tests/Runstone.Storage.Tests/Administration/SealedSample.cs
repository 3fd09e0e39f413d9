using System.Security.Cryptography;
using Runstone.Core.Experiments;
using Runstone.Core.Ingest;
using Runstone.Core.Metrics;
using Runstone.Core.Metrics.Chunks;
using Runstone.Storage.Administration;
using Runstone.Storage.Sql;
using Runstone.Storage.Sql.Sealing;

namespace Runstone.Storage.Tests.Administration;

/// <summary>
/// A run with everything that sealing makes: the metric 'long' has 256 chunks of four points, a full one behind them and a rollup,
/// 'short' is in a pack, and two rows of the log came later. All that is sealed was received twice.
/// </summary>
internal sealed class SealedSample(SampleStore store)
{
    public const string Run = "sealed";

    /// <summary>First step of the full chunk.</summary>
    public const int LastChunk = ChunkRollup.MaxChunks * SmallPoints;

    private const int SmallPoints = 4;
    private const int Points = LastChunk + ChunkEncoder.MaxPoints;

    private SqlDatabase Database => store.Parts.Database;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async Task FillAsync()
    {
        var experiment = await store.Experiments.CreateAsync(new NewExperiment("sealed"), SampleStore.Now, Token);
        var twice = Enumerable.Range(0, 2).SelectMany(_ => Enumerable.Range(0, Points).Select(i => new MetricPoint(i < 5 ? i % 2 : 0, new Step(i), i, i % 7)));
        await store.CommitAsync(new IngestBatch(Run)
        {
            Create = new NewRun(experiment.Id) { StartTime = 1 },
            Metrics = new MetricBatch(["long", "short"], twice.Concat(twice.Take(5).Select(p => p with { Key = 0 })).ToArray()),
        });
        await store.SealAsync(Run);
        await CutAsync();
        await LogAsync(Points, 2);
        await LogAsync(Points + 2, 1);
    }

    /// <summary>Adds points to 'long' in a row of the log.</summary>
    public Task LogAsync(int from, int count) => store.CommitAsync(new IngestBatch(Run)
    {
        Metrics = new MetricBatch(["long"], Enumerable.Range(from, count).Select(i => new MetricPoint(0, new Step(i), i, i % 7)).ToArray()),
    });

    /// <summary>Adds points to 'long' that fall into five chunks, and does the first transaction of the pass that seals them.</summary>
    public async Task BeginPassAsync()
    {
        await store.CommitAsync(new IngestBatch(Run)
        {
            Metrics = new MetricBatch(["long"], Enumerable.Range(0, 10).Select(i => new MetricPoint(0, new Step(2 * i), 99, 0.5)).ToArray()),
        });
        var run = await Database.QueryAsync(SqlText.Fixed("select run_no from runs"), row => row.Int64(0), Token);
        using var pass = new SealPass(run.Single(), new SealOptions { MaxReplaced = 8 });
        var parts = await Database.ReadAsync(session => pass.PrepareAsync(session, Token), Token);
        Assert.True(parts!.Continues);
        await TransactAsync(session => SealWriter.WriteAsync(session, pass.Run!, parts, Token));
    }

    /// <summary>Writes the chunk of 'long' anew that begins with a step, with other points.</summary>
    public Task ReplaceAsync(int firstStep, Action<SeriesPoints, SeriesPoints> write) => TransactAsync(async session =>
    {
        var (chunk, points) = (await RowsAsync(session, $"slot >= 0 and first_step = {firstStep}")).Single();
        var changed = new SeriesPoints();
        write(points, changed);
        await DeleteAsync(session, $"slot >= 0 and first_step = {firstStep}");
        using var encoder = new ChunkEncoder();
        await session.InsertAsync(StoreTables.Chunk.Table, [Row((long)chunk[0]!, (long)chunk[1]!, (long)chunk[3]!, encoder, changed, 0, changed.Count)], Token);
    });

    /// <summary>Writes the points of the pack once more, as a chunk.</summary>
    public Task AddChunkOfPackAsync() => TransactAsync(async session =>
    {
        var (pack, points) = (await RowsAsync(session, "slot < 0")).Single();
        using var encoder = new ChunkEncoder();
        using var decoder = new ChunkDecoder();
        var key = decoder.PackKeys((byte[])pack[7]!).Single();
        await session.InsertAsync(StoreTables.Chunk.Table, [Row((long)pack[0]!, key, await NextNoAsync(session, 1), encoder, points, 0, points.Count)], Token);
    });

    /// <summary>Cuts the chunks of 'long' as small as no sealer leaves them, so that few points have a rollup.</summary>
    private Task CutAsync() => TransactAsync(async session =>
    {
        var chunks = await RowsAsync(session, "slot >= 0");
        var (run, slot) = ((long)chunks[0].Values[0]!, (long)chunks[0].Values[1]!);
        var all = new SeriesPoints();
        foreach (var (_, points) in chunks)
            all.AddRange(points, 0, points.Count);
        await DeleteAsync(session, "slot >= 0");
        var no = await NextNoAsync(session, ChunkRollup.MaxChunks + 2);
        using var encoder = new ChunkEncoder();
        var rows = new List<object?[]>();
        for (var start = 0; start < LastChunk; start += SmallPoints)
            rows.Add(Row(run, slot, no++, encoder, all, start, SmallPoints));
        var rollup = ChunkRollup.Encode([.. rows.Select(r => ((long)r[3]!, ChunkSummary.Read((byte[])r[6]!)))]);
        rows.Add(Row(run, slot, no++, encoder, all, LastChunk, ChunkEncoder.MaxPoints));
        await session.InsertAsync(StoreTables.Chunk.Table, rows, Token);
        await session.InsertAsync(StoreTables.Rollup.Table, [[run, slot, rows[0][2], no, rows[^2][4], (long)LastChunk, rollup]], Token);
    });

    private static object?[] Row(long run, long slot, long no, ChunkEncoder encoder, SeriesPoints points, int start, int count)
    {
        var encoded = encoder.Encode(points, start, count);
        var (payload, summary) = (encoded.Payload.ToArray(), encoded.Summary.ToArray());
        return [run, slot, points.Steps[start], no, points.Steps[start + count - 1], (long)count, summary, payload, SHA256.HashData(payload)];
    }

    private static async ValueTask<List<(object?[] Values, SeriesPoints Points)>> RowsAsync(SqlSession session, string condition)
    {
        using var decoder = new ChunkDecoder();
        var rows = new List<(object?[], SeriesPoints)>();
        await session.VisitAsync(
            SqlText.Fixed($"select run_no, t.* from (select * from metric_chunk where {condition}) t order by first_step"),
            row =>
            {
                var (values, points) = (StoreTables.Chunk.Read(row).Values, new SeriesPoints());
                var payload = (byte[])values[7]!;
                if ((long)values[1]! >= 0)
                    decoder.Decode(payload, points);
                else
                    decoder.DecodePack(payload, decoder.PackKeys(payload)[0], points);
                rows.Add((values, points));
            },
            Token);
        return rows;
    }

    private static async ValueTask DeleteAsync(SqlSession session, string condition) =>
        await session.ExecuteAsync(SqlText.Fixed($"delete from metric_chunk where {condition}"), Token);

    private static async ValueTask<long> NextNoAsync(SqlSession session, int count)
    {
        var next = await session.FirstAsync(SqlText.Fixed("select next_chunk from runs"), row => row.Int64(0), Token);
        await session.ExecuteAsync(SqlText.Fixed("update runs set next_chunk = @next", next + count), Token);
        return next;
    }

    private Task TransactAsync(Func<SqlSession, ValueTask> work) => Database.TransactAsync(
        async session =>
        {
            await work(session);
            return true;
        },
        Token);
}
