using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Runstone.Core.Errors;
using Runstone.Core.Experiments;
using Runstone.Core.Ingest;
using Runstone.Core.Metrics;
using Runstone.Core.Runs;
using Runstone.Storage.Sqlite;

namespace Runstone.Storage.Tests.Sqlite;

/// <summary>What only the embedded engine has: its file.</summary>
public sealed class SqliteStoreTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("runstone-");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Database => Path.Combine(_folder.FullName, "runstone.db");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task What_was_committed_is_there_after_opening_again()
    {
        await using (var store = await OpenAsync())
            await CommitAsync(store, Batch("r1", "m", 1), Batch("r2", "m", 2));

        await using var again = await OpenAsync();
        await CommitAsync(again, new IngestBatch("r1") { Metrics = Point("m", 3) });

        Assert.Equal(2, (await again.Metrics.ListAsync("r1", Token))[0].Count);
        Assert.Equal("r2", (await again.Runs.GetAsync("r2", Token))!.Id);
        Assert.Equal("Default", (await again.Experiments.GetAsync(0, Token))!.Name);
    }

    [Fact]
    public async Task A_database_of_a_newer_version_is_refused_with_both_versions()
    {
        await (await OpenAsync()).DisposeAsync();
        Execute("insert into SchemaVersions (ScriptName, Applied) values ('0999-future', '2030-01-01'); update store_info set value = '9.9.9'");

        var e = await Assert.ThrowsAsync<RunstoneException>(OpenAsync);

        Assert.Equal(ErrorCode.Unavailable, e.Error.Code);
        Assert.Contains($"'{Database}' was written by Runstone 9.9.9 (schema 0999-future); this is Runstone {Sql.SchemaRule.ProgramVersion} (schema {SchemaMigrations.Known[^1]})", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_of_a_newer_version_that_allows_this_one_is_opened_and_its_version_kept()
    {
        await (await OpenAsync()).DisposeAsync();
        Execute("insert into SchemaVersions (ScriptName, Applied) values ('0999-future', '2030-01-01'); update store_info set value = '9.9.9' where name = 'program_version'");

        await using (var store = await OpenAsync())
            await CommitAsync(store, Batch("r1", "m", 1));

        Execute("update store_info set value = '0998-later' where name = 'oldest_schema'");
        var e = await Assert.ThrowsAsync<RunstoneException>(OpenAsync);
        Assert.Contains("Runstone 9.9.9 (schema 0999-future)", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_of_another_program_is_refused_and_stays_as_it_is()
    {
        using (var session = new SqliteSession($"Data Source={Database};Pooling=False", ["user_version = 7"]))
            session.Execute("create table customers (id integer)");
        var before = await File.ReadAllBytesAsync(Database, Token);

        var e = await Assert.ThrowsAsync<RunstoneException>(OpenAsync);

        Assert.Equal(ErrorCode.Conflict, e.Error.Code);
        Assert.Equal($"'{Database}' holds tables of another program ('customers'). Choose an empty database; nothing was changed.", e.Message);
        Assert.Equal(before, await File.ReadAllBytesAsync(Database, Token));
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_refused_by_name()
    {
        await File.WriteAllTextAsync(Database, new string('x', 10_000), Token);

        var e = await Assert.ThrowsAsync<RunstoneException>(OpenAsync);

        Assert.Equal(ErrorCode.Unavailable, e.Error.Code);
        Assert.Contains(Database, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_disk_refuses_the_group_keeps_nothing_of_it_and_goes_on()
    {
        await using var store = await OpenAsync(maxPages: 150);
        await CommitAsync(store, Batch("r1", "m", 1));
        var large = new IngestBatch("r1") { Tags = [new("large", new string('x', 250_000))], Metrics = Point("m", 2) };

        for (var attempt = 0; attempt < 3; attempt++)
        {
            var e = await Assert.ThrowsAsync<RunstoneException>(() => CommitAsync(store, Batch("r2", "new", 1), large, large with { Tags = [new("more", new string('y', 250_000))] }));
            Assert.Equal(ErrorCode.StorageFull, e.Error.Code);
            Assert.Equal($"The disk that holds '{Database}' is full; nothing of this write was kept. Free some space and try again.", e.Message);
        }

        Assert.Null(await store.Runs.GetAsync("r2", Token));
        Assert.Equal(1, (await store.Metrics.ListAsync("r1", Token))[0].Count);
        await CommitAsync(store, Batch("r3", "new", 5), new IngestBatch("r1") { Metrics = Point("m", 3) });
        Assert.Equal(5, (await store.Metrics.ListAsync("r3", Token))[0].Last);
        Assert.Equal([1.0, 3.0], await ValuesAsync(store, "r1", "m"));
    }

    [Fact]
    public async Task Readers_go_on_while_a_write_is_under_way()
    {
        await using var store = await OpenAsync();
        await CommitAsync(store, Batch("r1", "m", 0));
        using var stop = new CancellationTokenSource();
        var writer = Task.Run(async () =>
        {
            for (var i = 1; i <= 200; i++)
                await CommitAsync(store, new IngestBatch("r1") { Metrics = Point("m", i) }, Batch($"w{i}", "m", i));
            await stop.CancelAsync();
        });

        var readers = Enumerable.Range(0, 12).Select(_ => Task.Run(async () =>
        {
            var seen = 0L;
            while (!stop.IsCancellationRequested)
            {
                var count = (await store.Metrics.ListAsync("r1", CancellationToken.None))[0].Count;
                Assert.InRange((await ValuesAsync(store, "r1", "m")).Count, count, 201);
                Assert.InRange(count, seen, 201);
                seen = count;
            }
        }));

        await Task.WhenAll([writer, .. readers]);
        Assert.Equal(201, (await ValuesAsync(store, "r1", "m")).Count);
    }

    [Fact]
    public async Task Experiments_and_batches_written_side_by_side_agree()
    {
        await using var store = await OpenAsync();
        var id = (await store.Experiments.CreateAsync(new NewExperiment("e"), 1, Token)).Id;
        await CommitAsync(store, Batch("r1", "m", 0) with { Create = new NewRun(id) });

        for (var i = 0; i < 20; i++)
        {
            await store.Experiments.UpdateAsync(id, new ExperimentPatch { Lifecycle = Lifecycle.Deleted }, i, Token);
            var refused = new IngestOutcome[1];
            await store.Ingest.CommitAsync([new IngestBatch("r1") { Metrics = Point("m", i) }], refused, i, Token);
            Assert.IsType<RunNotActive>(refused[0].Error);
            await store.Experiments.UpdateAsync(id, new ExperimentPatch { Lifecycle = Lifecycle.Active }, i, Token);
            await CommitAsync(store, new IngestBatch("r1") { Metrics = Point("m", i) });
        }

        Assert.Equal(21, (await store.Metrics.ListAsync("r1", Token))[0].Count);
    }

    [Fact]
    public async Task Each_row_of_the_log_has_its_digest()
    {
        await using (var store = await OpenAsync())
            await CommitAsync(store, Batch("r1", "m", 1), new IngestBatch("r1") { Metrics = Point("m", 2) });

        await using var connection = new SqliteConnection($"Data Source={Database};Pooling=False");
        await connection.OpenAsync(Token);
        await using var command = connection.CreateCommand();
        command.CommandText = "select payload, digest from metric_log order by position";
        await using var reader = await command.ExecuteReaderAsync(Token);
        var rows = 0;
        while (await reader.ReadAsync(Token))
        {
            Assert.Equal(System.Security.Cryptography.SHA256.HashData(reader.GetFieldValue<byte[]>(0)), reader.GetFieldValue<byte[]>(1));
            rows++;
        }

        Assert.Equal(2, rows);
    }

    private Task<SqliteStore> OpenAsync() => OpenAsync(null);

    private Task<SqliteStore> OpenAsync(int? maxPages) =>
        SqliteStore.OpenAsync(new SqliteStoreOptions { Path = Database, MaxPages = maxPages }, TimeProvider.System, NullLoggerFactory.Instance, Token);

    private static IngestBatch Batch(string run, string key, double value) => new(run) { Create = new NewRun(0), Metrics = Point(key, value) };

    private static MetricBatch Point(string key, double value) => new([key], new[] { new MetricPoint(0, Step.Unset, 0, value) });

    private static async Task CommitAsync(SqliteStore store, params IngestBatch[] batches)
    {
        var outcomes = new IngestOutcome[batches.Length];
        await store.Ingest.CommitAsync(batches, outcomes, 1, CancellationToken.None);
        Assert.All(outcomes, o => Assert.Null(o.Error));
    }

    private static async Task<List<double>> ValuesAsync(SqliteStore store, string run, string key)
    {
        var values = new List<double>();
        await foreach (var block in store.Metrics.ReadAsync(new SeriesQuery(run, key), CancellationToken.None))
        {
            foreach (var point in block.ToArray())
                values.Add(point.Value);
        }

        return values;
    }

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Database};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
