using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Runstone.Server.Hosting;
using Runstone.Storage;

namespace Runstone.Server.Tests;

/// <summary>
/// What a server of a test keeps its data in, for that test alone. The environment chooses: <c>RUNSTONE_TEST_STORE=sqlite</c> (the
/// default) is a new folder; <c>postgres</c> is a new database of the server that <c>RUNSTONE_TEST_POSTGRES</c> names and a new
/// prefix in the bucket of <c>RUNSTONE_TEST_S3</c>. All of it is removed at the end.
/// </summary>
public sealed class TestStore : IAsyncDisposable
{
    private const string Variable = "RUNSTONE_TEST_STORE";
    private const int Connections = 10;

    private static readonly TestDatabases Databases = new(ConnectionTo, MigrateAsync);

    private readonly bool _owned;

    private TestStore(string? folder, string? database, string? blobs, bool owned) =>
        (Folder, Database, Blobs, _owned) = (folder, database, blobs, owned);

    /// <summary>Whether stores are shared by any number of servers.</summary>
    public static bool IsShared { get; } = (Environment.GetEnvironmentVariable(Variable) ?? "") switch
    {
        "" or "sqlite" => false,
        "postgres" => true,
        var other => throw new InvalidOperationException($"{Variable} is '{other}'; allowed is sqlite or postgres."),
    };

    /// <summary>The data folder; null when the store is a database and a bucket.</summary>
    public string? Folder { get; }

    /// <summary>A connection string; null when the store is a folder.</summary>
    public string? Database { get; }

    /// <summary>For example <c>s3://test/t-0123</c>; null when the store is a folder.</summary>
    public string? Blobs { get; }

    /// <summary>The settings, as environment variables of a server's process.</summary>
    public IReadOnlyDictionary<string, string> Variables => Folder is { } folder
        ? new Dictionary<string, string>(StringComparer.Ordinal) { ["RUNSTONE__DATA"] = folder }
        : new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["RUNSTONE__DATABASE"] = Database!,
            ["RUNSTONE__BLOBS"] = Blobs!,
            ["RUNSTONE__BLOBS_ENDPOINT"] = ObjectStore().Endpoint,
        };

    public static async Task<TestStore> CreateAsync()
    {
        if (!IsShared)
            return new TestStore(Directory.CreateTempSubdirectory("runstone-test-").FullName, null, null, owned: true);
        var name = await Databases.TakeAsync();
        return new TestStore(null, ConnectionTo(name), $"s3://{ObjectStore().Bucket}/{name}", owned: true);
    }

    /// <summary>An embedded store in a folder that belongs to the test, whatever the environment chooses.</summary>
    public static TestStore In(string folder) => new(folder, null, null, owned: false);

    /// <summary>The options with the settings of this store.</summary>
    public ServerOptions Apply(ServerOptions options) => Folder is { } folder
        ? options with { Data = folder }
        : options with
        {
            Data = "/nowhere/runstone-test",
            Database = DatabaseAddress.Parse(Database!, out _),
            Blobs = BlobPlace.Parse(Blobs!, out _),
            BlobsEndpoint = new Uri(ObjectStore().Endpoint),
        };

    public async ValueTask DisposeAsync()
    {
        if (!_owned)
            return;
        if (Folder is { } folder)
        {
            Directory.Delete(folder, recursive: true);
            return;
        }

        await RemoveBlobsAsync();
        await Databases.ReturnAsync(new NpgsqlConnectionStringBuilder(Database).Database!);
    }

    private async Task RemoveBlobsAsync()
    {
        var options = Apply(new ServerOptions { Data = "" }).ToStorage();
        await using var storage = await RunstoneStorage.OpenAsync(options, TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None);
        await storage.Uploads.RemoveAbandonedAsync(long.MaxValue, CancellationToken.None);
        await foreach (var blob in storage.Blobs.ListAsync(CancellationToken.None))
            await storage.Blobs.DeleteAsync(blob.Sha256, CancellationToken.None);
    }

    private static async Task MigrateAsync(string database)
    {
        var options = new TestStore(null, ConnectionTo(database), $"s3://{ObjectStore().Bucket}/{database}", owned: false).Apply(new ServerOptions { Data = "" }).ToStorage();
        await using var storage = await RunstoneStorage.OpenAsync(options, TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None);
    }

    /// <summary>A connection string to a database; "" is the one that the environment names.</summary>
    private static string ConnectionTo(string database)
    {
        var server = new NpgsqlConnectionStringBuilder(Required("RUNSTONE_TEST_POSTGRES")) { MaxPoolSize = Connections };
        server.Database = database.Length > 0 ? database : server.Database;
        return server.ConnectionString;
    }

    private static (string Endpoint, string Bucket) ObjectStore()
    {
        var parts = Required("RUNSTONE_TEST_S3").Split(';').Select(p => p.Split('=', 2)).ToDictionary(p => p[0], p => p[1], StringComparer.Ordinal);
        return (parts["endpoint"], parts["bucket"]);
    }

    private static string Required(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value
        ? value
        : throw new InvalidOperationException($"{Variable}=postgres needs {variable} (CONTRIBUTING.md says how to start the servers).");
}
