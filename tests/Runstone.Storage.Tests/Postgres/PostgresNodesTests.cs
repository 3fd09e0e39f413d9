using Npgsql;
using Runstone.Core.Artifacts;
using Runstone.Core.Experiments;
using Runstone.Core.Ingest;
using Runstone.Core.Metrics;
using Runstone.Core.Query;
using Runstone.Core.Runs;
using Runstone.Storage.Postgres;

namespace Runstone.Storage.Tests.Postgres;

/// <summary>Nodes that write to the same runs at the same time.</summary>
public sealed class PostgresNodesTests : IAsyncLifetime
{
    private PostgresTestDatabase _database = null!;
    private PostgresStore[] _nodes = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = await PostgresServer.CreateAsync();
        _nodes = [await _database.OpenAsync(), await _database.OpenAsync()];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
            await node.DisposeAsync();
        if (_database is not null)
            await _database.DisposeAsync();
    }

    [Fact]
    public async Task Writes_to_the_same_runs_follow_each_other_without_holes()
    {
        string[] runs = ["a", "b", "c"];
        await CommitAsync(_nodes[0], [.. runs.Select(r => new IngestBatch(r) { Create = new NewRun(0) })]);

        await Task.WhenAll(Enumerable.Range(0, 6).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; i < 25; i++)
            {
                var batches = runs.Select(r => new IngestBatch(r) { Metrics = Point("m", i), Tags = [new($"t{writer}", $"{i}")] }).ToArray();
                Random.Shared.Shuffle(batches);
                Assert.All(await CommitAsync(_nodes[writer % 2], batches), o => Assert.Null(o.Error));
            }
        })));

        foreach (var run in runs)
        {
            var steps = await StepsAsync(run, "m");
            Assert.Equal(Enumerable.Range(0, 150).Select(i => (long)i), steps);
            Assert.Equal(6, (await _nodes[1].Runs.GetDetailsAsync(run, Token))!.Tags.Count(t => t.Value == "24"));
        }

        Assert.Equal(
            [0L],
            await _database.QueryAsync<long>("select distinct next_seq - (select count(*) from metric_log l where l.run_no = r.run_no and l.seq < r.next_seq) from runs r"));
    }

    [Fact]
    public async Task A_batch_sent_to_both_nodes_takes_effect_once()
    {
        await CommitAsync(_nodes[0], new IngestBatch("a") { Create = new NewRun(0) });

        var replayed = await Task.WhenAll(_nodes.Select(node => Task.Run(async () =>
        {
            var count = 0;
            for (var i = 0; i < 60; i++)
            {
                var outcome = (await CommitAsync(node, new IngestBatch("a") { Metrics = Point("m", i), Sequence = new BatchSequence("s", i) }))[0];
                Assert.Null(outcome.Error);
                count += outcome.Replayed ? 1 : 0;
            }

            return count;
        })));

        Assert.Equal(60, replayed.Sum());
        Assert.Equal(60, (await StepsAsync("a", "m")).Length);
    }

    [Fact]
    public async Task Of_two_that_make_a_run_one_succeeds()
    {
        var made = await Task.WhenAll(_nodes.Select(node => Task.Run(async () =>
        {
            var count = 0;
            for (var i = 0; i < 20; i++)
            {
                var batches = Enumerable.Range(0, 5).Select(k => new IngestBatch($"r{i}-{k}") { Create = new NewRun(0), Metrics = Point($"new-{i}-{k}", 1) }).ToArray();
                Random.Shared.Shuffle(batches);
                var outcomes = await CommitAsync(node, batches);
                Assert.All(outcomes, o => Assert.True(o.Error is null or RunAlreadyExists));
                count += outcomes.Count(o => o.Error is null);
            }

            return count;
        })));

        Assert.Equal(100, made.Sum());
        Assert.Equal(100, await _nodes[0].Runs.CountAsync(new RunQuery(), 1000, Token));
        Assert.Equal(100, (await _nodes[1].Runs.ListKeysAsync([], FieldKind.Metric, "new-", 1000, Token)).Count);
        Assert.Equal([100L], await _database.QueryAsync<long>("select count(distinct id) from key_name"));
    }

    [Fact]
    public async Task A_deleted_experiment_keeps_no_active_run()
    {
        var id = (await _nodes[0].Experiments.CreateAsync(new NewExperiment("e"), 1, Token)).Id;
        using var stop = new CancellationTokenSource();
        var made = 0;
        var writer = Task.Run(async () =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                var outcomes = await CommitAsync(_nodes[1], new IngestBatch($"r{i}") { Create = new NewRun(id) }, new IngestBatch($"r{Math.Max(0, i - 1)}") { Metrics = Point("m", i) });
                Assert.True(outcomes[0].Error is null or ExperimentNotActive);
                Volatile.Write(ref made, i);
            }
        });

        for (var round = 0; round < 15; round++)
        {
            var before = Volatile.Read(ref made);
            while (Volatile.Read(ref made) < before + 3 && !writer.IsCompleted)
                await Task.Yield();
            await _nodes[0].Experiments.UpdateAsync(id, new ExperimentPatch { Lifecycle = Lifecycle.Deleted }, round, Token);
            Assert.Equal(0, await _nodes[0].Runs.CountAsync(new RunQuery { ExperimentIds = [id] }, 1000, Token));
            await _nodes[0].Experiments.UpdateAsync(id, new ExperimentPatch { Lifecycle = Lifecycle.Active }, round, Token);
        }

        await stop.CancelAsync();
        await writer;
    }

    [Fact]
    public async Task A_lane_that_was_silent_for_a_day_goes_on_after_others_tidied_up()
    {
        await CommitAsync(_nodes[0], new IngestBatch("a") { Create = new NewRun(0) });
        await _database.QueryAsync<int>("update commit_marker set updated_at = now() - interval '25 hours'");

        await CommitAsync(_nodes[1], new IngestBatch("a") { Metrics = Point("m", 1) });
        Assert.Equal([1L], await _database.QueryAsync<long>("select count(*) from commit_marker"));
        await CommitAsync(_nodes[0], new IngestBatch("a") { Metrics = Point("m", 2) });

        Assert.Equal<long[]>([0, 1], await StepsAsync("a", "m"));
        Assert.Equal([2L], await _database.QueryAsync<long>("select count(*) from commit_marker"));
    }

    [Fact]
    public async Task What_another_node_did_to_a_run_is_seen_by_one_that_remembers_it()
    {
        await CommitAsync(_nodes[0], new IngestBatch("a") { Create = new NewRun(0) });
        for (var i = 0; i < 20; i++)
            Assert.Null((await CommitAsync(_nodes[i / 2 % 2], new IngestBatch("a") { Metrics = Point("m", i, new Step(i)) }))[0].Error);
        Assert.Equal([20L], await _database.QueryAsync<long>("select tail_points from runs where run_id = 'a'"));

        await CommitAsync(_nodes[0], new IngestBatch("a") { Metrics = Point("m", 20, new Step(20)) });
        await CommitAsync(_nodes[1], new IngestBatch("a") { Patch = new RunPatch { Lifecycle = Lifecycle.Deleted } });
        var refused = await CommitAsync(_nodes[0], new IngestBatch("a") { Metrics = Point("m", 99, new Step(99)) });
        Assert.IsType<RunNotActive>(refused[0].Error);
        await CommitAsync(_nodes[1], new IngestBatch("a") { Patch = new RunPatch { Lifecycle = Lifecycle.Active } });
        Assert.Null((await CommitAsync(_nodes[0], new IngestBatch("a") { Metrics = Point("m", 21, new Step(21)) }))[0].Error);

        await _nodes[1].Seals.SealAsync((await _database.QueryAsync<long>("select run_no from runs"))[0], new SealOptions(), Token);
        await CommitAsync(_nodes[0], new IngestBatch("a") { Metrics = Point("m", 22, new Step(22)) });
        Assert.Equal(Enumerable.Range(0, 23).Select(i => (long)i), await StepsAsync("a", "m"));
        Assert.Equal([1L], await _database.QueryAsync<long>("select tail_points from runs where run_id = 'a'"));
    }

    [Fact]
    public async Task A_group_of_known_runs_that_a_lane_lost_cannot_follow_the_next()
    {
        var lost = PostgresIngestSql.MarkFirst.Replace("$1", "node", StringComparison.Ordinal).Replace("$2", "lane", StringComparison.Ordinal);
        await CommitAsync(_nodes[0], new IngestBatch("a") { Create = new NewRun(0) });
        for (var i = 0; i < 3; i++)
            await CommitAsync(_nodes[0], new IngestBatch("a") { Metrics = Point("m", i, new Step(i)) });
        Assert.Equal([4L], await _database.QueryAsync<long>("select number from commit_marker"));
        var late = await Assert.ThrowsAsync<PostgresException>(() => _database.QueryAsync<uint>(lost.Replace("$3", "4", StringComparison.Ordinal)));
        Assert.Equal(PostgresErrorCodes.DivisionByZero, late.SqlState);
    }

    /// <summary>Points without a step are asked for the last one; those with one are written by what the node remembers of the run.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Lost_connections_lose_no_acknowledged_write_and_double_none(bool withSteps)
    {
        const int Writers = 4;
        var written = new int[Writers];
        await CommitAsync(_nodes[0], [.. Enumerable.Range(0, Writers).Select(w => new IngestBatch($"w{w}") { Create = new NewRun(0) })]);
        using var stop = new CancellationTokenSource();
        var writers = Enumerable.Range(0, Writers).Select(w => Task.Run(async () =>
        {
            // No sequence numbers: only the marker tells whether a commit took effect. One writer is large enough to be copied.
            var size = w == 0 ? 600 : 2;
            while (!stop.IsCancellationRequested)
            {
                var first = written[w];
                var outcomes = await CommitAsync(
                    _nodes[w % 2], [.. Enumerable.Range(first, size).Select(i => new IngestBatch($"w{w}") { Metrics = Point("m", i, withSteps ? new Step(i) : Step.Unset) })]);
                Assert.All(outcomes, o => Assert.Null(o.Error));
                Volatile.Write(ref written[w], first + size);
            }
        })).ToArray();

        for (var kill = 0; kill < 40; kill++)
        {
            var before = Volatile.Read(ref written[1 + (kill % 3)]);
            while (Volatile.Read(ref written[1 + (kill % 3)]) < before + (kill % 5) && !writers.Any(t => t.IsFaulted))
                await Task.Yield();
            await _database.QueryAsync<bool>(
                "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'runstone' and (random() < 0.5 or state = 'active')");
        }

        await stop.CancelAsync();
        await Task.WhenAll(writers);
        for (var w = 0; w < Writers; w++)
            Assert.Equal(Enumerable.Range(0, written[w]).Select(i => (double)i), (await SeriesAsync($"w{w}", "m")).Select(p => p.Value));
    }

    [Fact]
    public async Task Content_is_linked_or_condemned_and_never_both()
    {
        const int Writers = 4, Rounds = 50;
        await CommitAsync(_nodes[0], [.. Enumerable.Range(0, Writers).Select(w => new IngestBatch($"w{w}") { Create = new NewRun(0) })]);

        var linked = (await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            var linked = 0;
            for (var round = 0; round < Rounds; round++)
            {
                if (await RaceAsync(writer, round))
                    linked++;
            }

            return linked;
        })))).Sum();

        Assert.InRange(linked, 1, (Writers * Rounds) - 1);
        Assert.Equal(
            [0L], await _database.QueryAsync<long>("select count(*) from artifact a join condemned_blob c on c.sha256 = a.sha256"));
    }

    /// <summary>
    /// One node links two contents to a run while the other condemns them; either may begin. Returns whether they were linked, by
    /// which the other's answer is known.
    /// </summary>
    private async Task<bool> RaceAsync(int writer, int round)
    {
        string[] contents = [.. "ab".Select(c => $"{writer}{round:00}".PadRight(64, c))];
        var (links, condemns) = (_nodes[writer % 2], _nodes[1 - (writer % 2)].BlobReferences);
        var batch = new IngestBatch($"w{writer}") { Artifacts = [.. contents.Select(c => new ArtifactFile($"{round}/{c[^1]}", new BlobRef(c, 1)))] };
        var linkFirst = round % 2 == 0;
        var link = linkFirst ? CommitAsync(links, batch) : null;
        var condemn = condemns.CondemnAsync([.. contents.Reverse()], 5, Token);
        link ??= CommitAsync(links, batch);

        var error = (await link)[0].Error;
        var condemned = await condemn;
        if (error is null)
            Assert.Empty(condemned);
        else
            Assert.Equal<string[]>(contents, [.. condemned.Order(StringComparer.Ordinal)]);
        Assert.True(error is null or BlobCondemned);
        return error is null;
    }

    private static MetricBatch Point(string key, double value) => Point(key, value, Step.Unset);

    private static MetricBatch Point(string key, double value, Step step) => new([key], new[] { new MetricPoint(0, step, 0, value) });

    private static async Task<IngestOutcome[]> CommitAsync(PostgresStore node, params IngestBatch[] batches)
    {
        var outcomes = new IngestOutcome[batches.Length];
        await node.Ingest.CommitAsync(batches, outcomes, 1, Token);
        return outcomes;
    }

    private async Task<long[]> StepsAsync(string run, string key) => [.. (await SeriesAsync(run, key)).Select(p => p.Step.Whole)];

    private async Task<List<SeriesPoint>> SeriesAsync(string run, string key)
    {
        var points = new List<SeriesPoint>();
        await foreach (var block in _nodes[0].Metrics.ReadAsync(new SeriesQuery(run, key) { Order = SeriesOrder.Arrival }, Token))
            points.AddRange(block.Span);
        return points;
    }
}
