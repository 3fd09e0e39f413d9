using Runstone.Storage.Tests.Postgres;
using Runstone.Storage.Tests.S3;

namespace Runstone.Storage.Tests.Administration;

/// <summary>Where a store of either size can be made; nothing is there yet, not even tables.</summary>
internal sealed class EmptyPlace : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _parts = [];

    private EmptyPlace(StorageOptions options) => Options = options;

    public StorageOptions Options { get; }

    /// <summary>Null for a folder.</summary>
    public PostgresTestDatabase? Database { get; private init; }

    public static EmptyPlace Folder() => new(new StorageOptions { Data = Path.Combine(Directory.CreateTempSubdirectory("runstone-empty-").FullName, "data") });

    public static async Task<EmptyPlace> PostgresAsync()
    {
        var database = await PostgresServer.CreateAsync("template template0 encoding 'UTF8' locale 'C.UTF-8'");
        var bucket = S3TestPlace.Open();
        var place = new EmptyPlace(OptionsOf(database, bucket)) { Database = database };
        place._parts.AddRange([database, bucket]);
        return place;
    }

    public static StorageOptions OptionsOf(PostgresTestDatabase database, S3TestPlace bucket) => new()
    {
        Data = "/nowhere/runstone-test",
        Database = DatabaseAddress.Parse(database.ConnectionString, out _),
        Blobs = BlobPlace.Parse($"s3://{bucket.Bucket}/{bucket.Prefix}", out _),
        BlobsEndpoint = bucket.Endpoint,
        BlobsRegion = "us-east-1",
    };

    public async ValueTask DisposeAsync()
    {
        foreach (var part in _parts)
            await part.DisposeAsync();
        if (Database is null)
            Directory.Delete(Path.GetDirectoryName(Options.Data)!, recursive: true);
    }
}
