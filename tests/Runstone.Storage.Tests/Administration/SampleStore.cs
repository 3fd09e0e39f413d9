using System.Globalization;
using System.Security.Cryptography;
using CsCheck;
using Microsoft.Extensions.Logging.Abstractions;
using Runstone.Core.Artifacts;
using Runstone.Core.Datasets;
using Runstone.Core.Experiments;
using Runstone.Core.Ingest;
using Runstone.Core.Metrics;
using Runstone.Core.Models;
using Runstone.Core.Runs;
using Runstone.Storage.Administration;
using Runstone.Storage.Files;
using Runstone.Storage.Sqlite;
using Runstone.Storage.Tests.Conformance;

namespace Runstone.Storage.Tests.Administration;

/// <summary>A store of the embedded size in a folder of its own, with ways to fill it with everything that a store can hold.</summary>
internal sealed class SampleStore : IAsyncDisposable
{
    public const long Now = 1_764_000_000_000;

    private readonly SqliteStore _store;

    private SampleStore(string folder, SqliteStore store)
    {
        (Folder, _store) = (folder, store);
        Blobs = new FileBlobStore(Path.Combine(folder, "blobs"));
    }

    public string Folder { get; }

    public string DatabaseFile => Path.Combine(Folder, "runstone.db");

    public IExperimentStore Experiments => _store.Experiments;

    public IModelStore Models => _store.Models;

    public IRunStore Runs => _store.Runs;

    public IIngestStore Ingest => _store.Ingest;

    public IBlobReferenceStore References => _store.BlobReferences;

    public FileBlobStore Blobs { get; }

    public StoreParts Parts => new(_store.Database, Blobs, Folder, 1);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<SampleStore> OpenAsync(string? folder = null)
    {
        folder ??= Directory.CreateTempSubdirectory("runstone-admin-").FullName;
        var store = await SqliteStore.OpenAsync(
            new SqliteStoreOptions { Path = Path.Combine(folder, "runstone.db") }, TimeProvider.System, NullLoggerFactory.Instance, Token);
        return new SampleStore(folder, store);
    }

    /// <summary>Closes the store and leaves its folder.</summary>
    public ValueTask CloseAsync() => _store.DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>Something of every table, and random groups of batches on top.</summary>
    public async Task FillAsync(int seed, int groups = 40)
    {
        var experiment = await Experiments.CreateAsync(new NewExperiment($"exp {seed}") { Tags = [new("t", "v"), new("ключ", "значение")] }, Now, Token);
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
                Sequence = new BatchSequence("client", 7),
            });
        }

        await FillModelAsync(seed);
        await FillRandomlyAsync(seed, groups);
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

    public static string Id(int seed, int run) => string.Create(CultureInfo.InvariantCulture, $"sample-{seed}-{run}");

    public Task<BlobRef> PutAsync(string content) =>
        Blobs.WriteAsync(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(content)), expected: null, Token);

    public async Task CommitAsync(params IngestBatch[] batches) =>
        await Ingest.CommitAsync(batches, new IngestOutcome[batches.Length], Now, Token);

    /// <summary>Changes the file past the program, as damage does.</summary>
    public async Task ExecuteAsync(string sql) => await _store.Database.TransactAsync(
        async session =>
        {
            await session.ExecuteAsync(Sql.SqlText.Fixed(sql), Token);
            return true;
        },
        Token);

    public static string HashOf(string content) => Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(content)));

    private static MetricPoint[] Points(int run) =>
        [.. Enumerable.Range(0, 50).Select(i => new MetricPoint(i % 2, new Step(i / 2), Now + i, i == 7 ? double.NaN : Math.Sin(i + run)))];

    private async Task FillModelAsync(int seed)
    {
        var name = $"model {seed}";
        await Models.CreateAsync(new NewModel(name, "d") { Tags = [new("k", "v")] }, Now, Token);
        await Models.CreateVersionAsync(name, new NewModelVersion("runs:/x") { Tags = [new("k", "v")] }, Now, Token);
        await Models.CreateVersionAsync(name, new NewModelVersion("runs:/y"), Now, Token);
        await Models.UpdateAsync(name, new ModelPatch { SetAliases = [new("best", 2)] }, Now, Token);
    }
}
