using System.Net;
using Runstone.Core.Metrics;
using Runstone.Storage;

namespace Runstone.Server.Hosting;

/// <summary>How the server runs. Read by <see cref="ServerOptionsReader"/>, validated before anything starts.</summary>
public sealed record ServerOptions
{
    /// <value>TCP port; 0 picks a free one. Default 5000.</value>
    public int Port { get; init; } = 5000;

    /// <value>The address to listen on; another than loopback only with <see cref="AllowAnonymous"/>. Default 127.0.0.1.</value>
    public IPAddress Host { get; init; } = IPAddress.Loopback;

    /// <value>Absolute path of the data folder. Default <c>runstone-data</c> in the working directory.</value>
    public required string Data { get; init; }

    /// <value>The PostgreSQL database; null keeps everything in the data folder's SQLite file.</value>
    public DatabaseAddress? Database { get; init; }

    /// <value>Where to listen for the changes of other nodes when <see cref="Database"/> leads through a pooler; null for the same place.</value>
    public DatabaseAddress? DatabaseListen { get; init; }

    /// <value>Where the content of files is kept, a folder as an absolute path; null for the data folder.</value>
    public BlobPlace? Blobs { get; init; }

    /// <value>The object store when it is not the one of the region; null for that one.</value>
    public Uri? BlobsEndpoint { get; init; }

    /// <value>The region of the bucket; null for the one that the environment names.</value>
    public string? BlobsRegion { get; init; }

    /// <value>Whether the bucket stands in the path of addresses, or (false) in their host. Null: in the path when there is an endpoint.</value>
    public bool? BlobsPathStyle { get; init; }

    /// <value>Log lines as JSON objects, not as text. Default false.</value>
    public bool JsonLog { get; init; }

    /// <value>Log requests and other information, not only warnings. Default false.</value>
    public bool Verbose { get; init; }

    /// <value>Where figures are sent by OTLP; null sends none.</value>
    public Uri? Otlp { get; init; }

    /// <value>The addresses under which a reverse proxy offers the server, without a path; the first stands in links.</value>
    public IReadOnlyList<Uri> PublicUrls { get; init; } = [];

    /// <value>Whoever reaches the server may do everything, and others than this machine may reach it. Default false.</value>
    public bool AllowAnonymous { get; init; }

    /// <value>How long a stopping server answers new requests; null: 10 seconds when others than this machine can reach it, else 0.</value>
    public TimeSpan? Drain { get; init; }

    /// <summary>Only a balancer needs time to notice that a node goes; who works alone is not to wait for Ctrl+C.</summary>
    internal TimeSpan DrainTime =>
        Drain ?? (IPAddress.IsLoopback(Host) && PublicUrls.Count == 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(10));

    /// <value>Age from which blobs that nothing refers to are removed by themselves; null never removes them.</value>
    public TimeSpan? BlobGrace { get; init; }

    /// <value>Points of runs that were not written to for this long are erased; null keeps them whatever their age.</value>
    public TimeSpan? RetentionAge { get; init; }

    /// <value>Bytes of metrics above which the points of the oldest runs are erased; null: any number.</value>
    public long? RetentionSize { get; init; }

    /// <value>Points in the log of a run from which on they are sealed into chunks. Default 65,536.</value>
    public int SealPoints { get; init; } = 65_536;

    /// <value>How long nothing comes before the log of a run is sealed whatever its length. Default 5 minutes.</value>
    public TimeSpan SealIdle { get; init; } = TimeSpan.FromMinutes(5);

    /// <value>Runs sealed at the same time; 0 leaves it to other nodes. Default 1.</value>
    public int SealWorkers { get; init; } = 1;

    /// <value>Groups of batches written at the same time; null leaves it to the engine.</value>
    public int? Writers { get; init; }

    /// <summary>The part of the options that says how long points are kept.</summary>
    public RetentionOptions ToRetention() => new() { Age = RetentionAge, Bytes = RetentionSize };

    /// <summary>The part of the options that says where everything is kept.</summary>
    public StorageOptions ToStorage() => new()
    {
        Data = Data,
        Database = Database,
        DatabaseListen = DatabaseListen,
        Blobs = Blobs,
        BlobsEndpoint = BlobsEndpoint,
        BlobsRegion = BlobsRegion,
        BlobsPathStyle = BlobsPathStyle,
    };
}
