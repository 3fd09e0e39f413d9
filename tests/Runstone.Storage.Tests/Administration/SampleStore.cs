using System.Globalization;
using System.Security.Cryptography;
using Amazon.S3.Model;
using CsCheck;
using Microsoft.Extensions.Logging.Abstractions;
using Runstone.Core.Access;
using Runstone.Core.Artifacts;
using Runstone.Core.Comments;
using Runstone.Core.Console;
using Runstone.Core.Data;
using Runstone.Core.Datasets;
using Runstone.Core.Experiments;
using Runstone.Core.Ingest;
using Runstone.Core.Media;
using Runstone.Core.Metrics;
using Runstone.Core.Models;
using Runstone.Core.Reports;
using Runstone.Core.Runs;
using Runstone.Core.Stars;
using Runstone.Core.Views;
using Runstone.Storage.Administration;
using Runstone.Storage.Files;
using Runstone.Storage.S3;
using Runstone.Storage.Sql;
using Runstone.Storage.Sqlite;
using Runstone.Storage.Tests.Conformance;
using Runstone.Storage.Tests.Postgres;
using Runstone.Storage.Tests.S3;

namespace Runstone.Storage.Tests.Administration;

/// <summary>A store of either size, with ways to fill it with everything that a store can hold.</summary>
internal sealed class SampleStore : IAsyncDisposable
{
    public const long Now = 1_764_000_000_000;

    // In the order of closing.
    private readonly List<Func<ValueTask>> _close = [];
    private SqlDatabase _database = null!;

    private SampleStore(string folder) => Folder = folder;

    /// <summary>The data folder; empty for a store without one.</summary>
    public string Folder { get; }

    public IExperimentStore Experiments { get; private set; } = null!;

    public IModelStore Models { get; private set; } = null!;

    public ILoggedModelStore LoggedModels { get; private set; } = null!;

    public IRunStore Runs { get; private set; } = null!;

    public IViewStore Views { get; private set; } = null!;

    public IReportStore Reports { get; private set; } = null!;

    public IStarStore Stars { get; private set; } = null!;

    public ICommentStore Comments { get; private set; } = null!;

    public IConsoleStore Consoles { get; private set; } = null!;

    public IIngestStore Ingest { get; private set; } = null!;

    public ISealStore Seals { get; private set; } = null!;

    public IErasureStore Erasures { get; private set; } = null!;

    public IBlobStore Blobs { get; private set; } = null!;

    public StoreParts Parts { get; private set; } = null!;

    /// <summary>How a command or another node opens it.</summary>
    public StorageOptions Options { get; private init; } = null!;

    /// <summary>The place in the bucket; null for a store in a folder.</summary>
    public S3TestPlace? Bucket { get; private init; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>A store of the embedded size.</summary>
    public static async Task<SampleStore> OpenAsync(string? folder = null)
    {
        folder ??= Directory.CreateTempSubdirectory("runstone-admin-").FullName;
        var store = await SqliteStore.OpenAsync(
            new SqliteStoreOptions { Path = Path.Combine(folder, "runstone.db") }, TimeProvider.System, NullLoggerFactory.Instance, Token);
        var sample = new SampleStore(folder)
        {
            Experiments = store.Experiments,
            Models = store.Models,
            LoggedModels = store.LoggedModels,
            Views = store.Views,
            Reports = store.Reports,
            Consoles = store.Consoles,
            Stars = store.Stars,
            Comments = store.Comments,
            Runs = store.Runs,
            Ingest = store.Ingest,
            Seals = store.Seals,
            Erasures = store.Erasures,
            Blobs = new FileBlobStore(Path.Combine(folder, "blobs")),
            Options = new StorageOptions { Data = folder },
            _database = store.Database,
        };
        sample.Parts = new StoreParts(store.Database, sample.Blobs, folder, 1);
        sample._close.Add(store.DisposeAsync);
        return sample;
    }

    /// <summary>A store of the other size: a database and a place in a bucket of its own.</summary>
    public static async Task<SampleStore> OpenPostgresAsync()
    {
        var database = await PostgresServer.CreateAsync();
        var store = await database.OpenAsync();
        var bucket = S3TestPlace.Open();
        var objects = new S3Storage(bucket.Options, TimeProvider.System);
        var sample = new SampleStore("")
        {
            Experiments = store.Experiments,
            Models = store.Models,
            LoggedModels = store.LoggedModels,
            Views = store.Views,
            Reports = store.Reports,
            Consoles = store.Consoles,
            Stars = store.Stars,
            Comments = store.Comments,
            Runs = store.Runs,
            Ingest = store.Ingest,
            Seals = store.Seals,
            Erasures = store.Erasures,
            Blobs = objects.Blobs,
            Options = EmptyPlace.OptionsOf(database, bucket),
            Bucket = bucket,
            _database = store.Database,
        };
        sample.Parts = new StoreParts(store.Database, sample.Blobs, database.Name, 4);
        sample._close.AddRange(
        [
            store.DisposeAsync, database.DisposeAsync,
            () =>
            {
                objects.Dispose();
                return bucket.DisposeAsync();
            },
        ]);
        return sample;
    }

    /// <summary>Closes the store and leaves its folder.</summary>
    public async ValueTask CloseAsync()
    {
        foreach (var close in _close)
            await close();
        _close.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        if (Folder.Length > 0)
            Directory.Delete(Folder, recursive: true);
    }

    /// <summary>Something of every table, and random groups of batches on top.</summary>
    public async Task FillAsync(int seed, int groups = 40)
    {
        var experiment = await Experiments.CreateAsync(new NewExperiment($"exp {seed}") { Notes = "ключ", Tags = [new("t", "v"), new("ключ", "значение")] }, Now, Token);
        await Experiments.UpdateAsync(experiment.Id, new ExperimentPatch { PinnedMetric = "loss" }, Now, Token);
        var dataset = new Dataset("d", "1", "local", "") { Schema = "{}" };
        for (var i = 0; i < 5; i++)
        {
            var file = await PutAsync($"content {i % 3} of {seed}");
            await CommitAsync(new IngestBatch(Id(seed, i))
            {
                Create = new NewRun(experiment.Id) { Name = $"run {i}", User = "ada", StartTime = Now, Notes = "notes", Environment = "{}" },
                Params = [new("lr", "0.5"), new("name", "𝔎")],
                Tags = [new("team", "blue")],
                Inputs = [new(dataset, [new("use", "train")])],
                Models = [new("m-1", ModelDirection.Output, 3)],
                Artifacts = [new("a/b.txt", file), new("c.txt", file)],
                Metrics = new MetricBatch(["loss", "auc"], Points(i)),
                Media =
                [
                    new("img", new Step(i), Now, MediaType.Image) { Path = "c.txt", Caption = "☃" },
                    new("веса", new Step(i, 500_000), Now, MediaType.Histogram) { Data = """{"edges":[0,1],"counts":[1]}""" },
                ],
                Sequence = new BatchSequence("client", 7),
            });
        }

        for (var i = 0; i < 3; i++)
            await CommitAsync(new IngestBatch(Id(seed, 2)) { Console = ConsoleEncoder.Append([new(Now + i, ConsoleStream.Out, $"line {i} ☃"), new(Now + i, ConsoleStream.Err, "")]) });
        await FillModelAsync(seed);
        await FillDataAsync(seed);
        await FillLoggedModelAsync(seed, experiment.Id);
        await FillPeopleAsync(seed, experiment.Id);
        await FillRandomlyAsync(seed, groups / 2);
        await SealAsync(Id(seed, 3));
        await SealAsync($"{seed}-0-r0");
        await FillRandomlyAsync(seed + 1000, groups / 2);
        await FillBesideAsync(seed);
    }

    public async Task FillRandomlyAsync(int seed, int groups)
    {
        var pcg = new PCG((uint)seed + 1, (ulong)seed + 99);
        for (var i = 0; i < groups; i++)
        {
            var batch = IngestModelConformance.Batch.Generate(pcg, null, out _);
            await CommitAsync(batch with { RunId = string.Create(CultureInfo.InvariantCulture, $"{seed}-{i % 7}-{batch.RunId}") });
        }
    }

    /// <summary>Seals the log of a run into chunks, all of it or as many rows as it takes for so many points.</summary>
    public async Task SealAsync(string runId, int maxPoints = 1 << 18)
    {
        var query = SqlText.Fixed("select run_no from runs where run_id = @id", runId);
        foreach (var number in await _database.QueryAsync(query, row => row.Int64(0), Token))
            await Seals.SealAsync(number, new SealOptions { MaxPoints = maxPoints }, Token);
    }

    public static string Id(int seed, int run) => string.Create(CultureInfo.InvariantCulture, $"sample-{seed}-{run}");

    public Task<BlobRef> PutAsync(string content) =>
        Blobs.WriteAsync(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(content)), expected: null, Token);

    public async Task CommitAsync(params IngestBatch[] batches) =>
        await Ingest.CommitAsync(batches, new IngestOutcome[batches.Length], Now, Token);

    /// <summary>Changes the tables past the program, as damage does, in one transaction.</summary>
    public async Task ExecuteAsync(params IEnumerable<string> statements) => await _database.TransactAsync(
        async session =>
        {
            foreach (var sql in statements)
                await session.ExecuteAsync(SqlText.Fixed(sql), Token);
            return true;
        },
        Token);

    /// <summary>Puts other content under the name of a blob, or (null) removes it, as damage does.</summary>
    public async Task DamageBlobAsync(string content, string? damaged)
    {
        var hash = HashOf(content);
        var file = Path.Combine(Folder, "blobs", hash[..2], hash);
        if (Bucket is { } bucket)
        {
            var key = $"{bucket.Prefix}/blobs/{hash[..2]}/{hash}";
            if (damaged is null)
                await bucket.Client.DeleteObjectAsync(bucket.Bucket, key, Token);
            else
                await bucket.Client.PutObjectAsync(new PutObjectRequest { BucketName = bucket.Bucket, Key = key, ContentBody = damaged }, Token);
        }
        else if (damaged is null)
        {
            File.Delete(file);
        }
        else
        {
            await File.WriteAllTextAsync(file, damaged, Token);
        }
    }

    public static string HashOf(string content) => Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(content)));

    private static MetricPoint[] Points(int run) =>
        [.. Enumerable.Range(0, 50).Select(i => new MetricPoint(i % 2, new Step(i / 2), Now + i, i == 7 ? double.NaN : Math.Sin(i + run)))];

    /// <summary>As erasures do it: who copies meanwhile sees that the run changed.</summary>
    private Task FillBesideAsync(int seed)
    {
        var series = $"from metric_latest where run_no = (select run_no from runs where run_id = '{Id(seed, 1)}')";
        return ExecuteAsync(
            $"insert into metric_text (run_no, key_id, step, step_micros, time, value, text) select run_no, key_id, 1, 0, 5, 1e16, '10000000000000001' {series}",
            $"insert into metric_erasure (run_no, key_id, points, reason, erased_at) select run_no, null, 3, 'a test', 7 {series}",
            $"update runs set next_chunk = next_chunk + 1 where run_id = '{Id(seed, 1)}'");
    }

    /// <summary>What people add: two views, of which the second is the default, a report of two versions, a star, a comment that stands and one that is deleted.</summary>
    private async Task FillPeopleAsync(int seed, long experiment)
    {
        await Views.CreateAsync(new NewView(experiment, "ada", "a", """{"ключ":1}"""), 10, Now, Token);
        var view = await Views.CreateAsync(new NewView(experiment, "ada", "b", "{}"), 10, Now, Token);
        await Views.SetDefaultAsync(experiment, view.Id, Token);
        await Views.SetWorkspaceAsync(experiment, "ada", $$"""{"seed":{{seed}}}""", Now, Token);
        var report = await Reports.CreateAsync(experiment, "ada", new ReportText("title", "# one"), Now, Token);
        await Reports.SaveAsync(report.Id, 1, "ada", new ReportText("title", "# two"), Now + 1, Token);
        await Reports.CreateAsync(null, "ada", new ReportText("of no experiment", ""), Now, Token);
        var run = new Subject(SubjectKind.Run, Id(seed, 0));
        await Stars.SetAsync("ada", run, Now, Token);
        await Comments.AddAsync(run, "ada", "flat", Now, Token);
        var gone = await Comments.AddAsync(run, "ada", "wrong", Now, Token);
        await Comments.DeleteAsync(gone.Id, Now + 1, Token);
    }

    /// <summary>A repository with two versions, whose content would be one file in one pack.</summary>
    private async Task FillDataAsync(int seed)
    {
        var (data, objects, name) = (new SqlDataStore(_database), new SqlDataObjectStore(_database), $"данные {seed}");
        var pack = await PutAsync($"content 0 of {seed}");
        await objects.AddPackAsync(pack, [new DataObject(HashOf($"object of {seed}"), 1, 0, 9, pack.Sha256, 0, 9)], Now, Token);
        await objects.AddFilesAsync([new DataFile(HashOf($"object of {seed}"), 9, HashOf($"object of {seed}"), Now)], Token);
        await data.CreateAsync(name, "", Now, Token);
        var first = new DataVersion(HashOf($"1 of {seed}"), HashOf("root"), [], "ada", Now, "first", null, 1, 9) { Record = new byte[] { 0, 1, 255 } };
        var second = first with { Id = HashOf($"2 of {seed}"), Parents = [first.Id], RunId = Id(seed, 0) };
        await data.CommitAsync(name, "main", null, first, "ada", Now, Token);
        await data.CommitAsync(name, "main", first.Id, second, "ada", Now, Token);
        await data.SetTagAsync(name, "v1", first.Id, "ada", Now, Token);
    }

    /// <summary>A model with results of a run and a file of its own, and one that is deleted.</summary>
    private async Task FillLoggedModelAsync(int seed, long experiment)
    {
        var id = $"m-{seed}";
        await LoggedModels.CreateAsync(
            new NewLoggedModel(id, experiment, "gbdt", $"mlflow-artifacts:/{experiment}/models/{id}/artifacts")
            {
                Type = "☃",
                RunId = Id(seed, 4),
                Params = [new("depth", "6")],
                Tags = [new("ключ", "значение")],
            },
            Now, Token);
        await LoggedModels.LinkFileAsync(id, new ArtifactFile("data/model.pkl", await PutAsync($"model of {seed}")), Now, Token);
        await CommitAsync(new IngestBatch(Id(seed, 4))
        {
            Metrics = new MetricBatch(["auc"], Points(0).AsMemory(0, 4).ToArray().Select(p => p with { Key = 0 }).ToArray())
            {
                Models = [new(0, id, new DatasetName("d", "1")), new(2, id, null)],
            },
        });
        await LoggedModels.CreateAsync(new NewLoggedModel(id + "-gone", experiment, "gone", "nowhere"), Now, Token);
        await LoggedModels.DeleteAsync(id + "-gone", Now + 1, Token);
    }

    private async Task FillModelAsync(int seed)
    {
        var name = $"model {seed}";
        await Models.CreateAsync(new NewModel(name, "d") { Tags = [new("k", "v")] }, Now, Token);
        await Models.CreateVersionAsync(name, new NewModelVersion("runs:/x") { Tags = [new("k", "v")] }, Now, Token);
        await Models.CreateVersionAsync(name, new NewModelVersion("runs:/y"), Now, Token);
        await Models.UpdateAsync(name, new ModelPatch { SetAliases = [new("best", 2)] }, Now, Token);
    }
}
