namespace Runstone.Server.Hosting;

/// <summary>One setting: its key in every source, what is allowed, and how its text becomes a part of the options.</summary>
/// <param name="Key">Lower case: <c>--key</c>, <c>RUNSTONE__KEY</c> ('-' becomes '_') and the member of <c>runstone.json</c>.</param>
/// <param name="Placeholder">What stands for the value in the help; null for a switch, which needs no value.</param>
/// <param name="Help">A few lines.</param>
/// <param name="Allowed">The end of the sentence "allowed is ...".</param>
/// <param name="Apply">The changed options, or null when the text is not allowed.</param>
internal sealed record ServerSetting(
    string Key, string? Placeholder, string Help, string Allowed, Func<ServerOptions, string, ServerOptions?> Apply)
{
    private const string AllowedWebAddress = "http:// or https:// with a host, without user, query and fragment";

    public static readonly IReadOnlyList<ServerSetting> All =
    [
        new("port", "n", "TCP port, 0 picks a free one (default 5000)", "a whole number from 0 to 65535", SettingText.Port),
        new("host", "address", "address to listen on (default 127.0.0.1); another than\nloopback only with --allow-anonymous",
            "an IP address of this machine (0.0.0.0 and :: are all of them) or localhost", SettingText.Host),
        new("data", "folder", "data folder, made when it is not there (default ./runstone-data)", "the path of a folder", SettingText.Data),
        new("database", "connection", "PostgreSQL instead of the data folder's file, as Npgsql writes it:\nHost=...;Username=...;Password=...;Database=...",
            $"a connection string such as {Storage.DatabaseAddress.Example}", SettingText.Database) { Fault = SettingText.DatabaseFault },
        new("database-listen", "connection", "the same database past a connection pooler, for live changes",
            $"a connection string such as {Storage.DatabaseAddress.Example}", SettingText.DatabaseListen) { Fault = SettingText.DatabaseFault },
        new("blobs", "place", "where the content of files is kept: a folder, or s3://bucket/prefix\n(default: the data folder)",
            "the path of a folder, or s3://bucket or s3://bucket/prefix", SettingText.Blobs) { Fault = SettingText.BlobsFault },
        new("blobs-endpoint", "url", "the object store, when it is not the region's own",
            "http:// or https:// with a host and perhaps a port, without a path", SettingText.BlobsEndpoint) { Fault = SettingText.WebAddressFault },
        new("blobs-region", "name", "region of the bucket (default: what AWS_REGION or the profile says)", "the name of a region, such as eu-central-1", SettingText.BlobsRegion),
        new("blobs-style", "style", "path: the bucket stands in the path of addresses; virtual: in the host\n(default: path with --blobs-endpoint, else virtual)",
            "path or virtual", SettingText.BlobsStyle),
        new("public-url", "urls", "addresses, separated by commas, under which a reverse proxy offers this\nserver; links use the first",
            "http://host or https://host, with a port if need be and without a path, separated by commas", SettingText.PublicUrls) { Fault = SettingText.PublicUrlsFault },
        new("allow-anonymous", null, "let everybody who reaches the server read and change everything", "true or false", SettingText.AllowAnonymous),
        new("writers", "n", "groups of writes committed at the same time at most (default: what suits the store)", "a whole number from 1 to 64", SettingText.Writers),
        new("drain", "seconds", "how long a stopping server answers new requests (default 10 behind a proxy, else 0)", "a whole number of seconds from 0 to 3600", SettingText.Drain),
        new("blob-grace", "hours", "remove content that nothing refers to from this age on\n(default: never by itself)", "a whole number of hours from 1 to 87600", SettingText.BlobGrace),
        new("retention-age", "days", "erase the points of runs that were not written to for so long, but\nkeep what tables show of them (default: never)", "a whole number of days from 1 to 36500", SettingText.RetentionAge),
        new("retention-size", "bytes", "erase the points of the oldest runs while metrics take more; K, M, G and T\nmultiply by 1024 each (default: never)",
            "a whole number of bytes from 1, or one followed by K, M, G or T, such as 200G", SettingText.RetentionSize),
        new("seal-points", "n", "points in the log of a run from which on they are packed into chunks\n(default 65536)", "a whole number from 1 to 16777216", SettingText.SealPoints),
        new("seal-idle", "seconds", "pack shorter logs when nothing came for this long (default 300)", "a whole number of seconds from 1 to 86400", SettingText.SealIdle),
        new("seal-workers", "n", "runs packed at the same time; 0 leaves it to other nodes (default 1)", "a whole number from 0 to 16", SettingText.SealWorkers),
        new("log", "format", "log lines as text or as json (default text)", "text or json", SettingText.Log),
        new("otlp", "url", "send figures to this collector (OTLP)", AllowedWebAddress, SettingText.Otlp) { Fault = SettingText.WebAddressFault },
        new("verbose", null, "log requests, not only warnings", "true or false", SettingText.Verbose),
    ];

    /// <summary>What is wrong with a text that may hold a secret and is therefore not quoted; null when the text can be quoted.</summary>
    public Func<string, string?>? Fault { get; private init; }

    /// <summary>The name of the environment variable.</summary>
    public string Variable => ServerOptionsReader.EnvironmentPrefix + Key.Replace('-', '_').ToUpperInvariant();
}
