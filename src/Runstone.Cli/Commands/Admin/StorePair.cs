using System.CommandLine;
using Runstone.Cli.Errors;
using Runstone.Storage;

namespace Runstone.Cli.Commands.Admin;

/// <summary>A store named by one text, a folder or a connection string, and the place of its content.</summary>
internal sealed class StorePair
{
    private const string Endpoint = "RUNSTONE__BLOBS_ENDPOINT";
    private const string Region = "RUNSTONE__BLOBS_REGION";
    private const string Style = "RUNSTONE__BLOBS_STYLE";

    private readonly Option<string?> _blobs = new("--blobs")
    {
        Description = "Where content of files goes: a folder or s3://bucket/prefix. Default: the folder of --to.",
        HelpName = "place",
    };

    private readonly Option<string?> _fromBlobs = new("--from-blobs")
    {
        Description = "Where content of files is now: a folder or s3://bucket/prefix. Default: the folder of --from.",
        HelpName = "place",
    };

    private readonly Option<string?> _endpoint = new("--blobs-endpoint") { Description = $"Object store of the buckets. Default: {Endpoint}.", HelpName = "url" };
    private readonly Option<string?> _region = new("--blobs-region") { Description = $"Region of the buckets. Default: {Region}.", HelpName = "name" };
    private readonly Option<string?> _style = new("--blobs-style") { Description = $"path or virtual. Default: {Style}.", HelpName = "style" };

    /// <summary>Always named: what the environment says is where a server writes.</summary>
    public Option<string> To { get; } = new("--to")
    {
        Description = "The store that is written to: a folder or a connection string.",
        HelpName = "store",
        Required = true,
    };

    public void AddTargetTo(Command command)
    {
        foreach (var option in (Option[])[To, _blobs, _endpoint, _region, _style])
            command.Add(option);
    }

    public void AddSourceBlobsTo(Command command) => command.Add(_fromBlobs);

    public StorageOptions TargetOf(ParseResult input) => Read(input, "--to", input.GetValue(To)!, "--blobs", input.GetValue(_blobs));

    public StorageOptions SourceOf(ParseResult input, string from) => Read(input, "--from", from, "--from-blobs", input.GetValue(_fromBlobs));

    private StorageOptions Read(ParseResult input, string option, string store, string blobsOption, string? blobs)
    {
        var database = IsConnection(store) ? DatabaseAddress.Parse(store, out var fault) ?? throw Wrong(option, fault) : null;
        if (database is not null && blobs is null)
            throw CommandException.Usage($"{blobsOption}: it is needed with a database: a folder or s3://bucket/prefix.");
        var place = blobs is null ? null : BlobPlace.Parse(blobs, out var why) ?? throw Wrong(blobsOption, why);
        return new StorageOptions
        {
            Data = Path.GetFullPath(database is null ? store : "."),
            DataOption = option,
            Database = database,
            Blobs = place?.From(Directory.GetCurrentDirectory()),
            BlobsEndpoint = Value(input, _endpoint, Endpoint) is { } text ? EndpointOf(text) : null,
            BlobsRegion = Value(input, _region, Region),
            BlobsPathStyle = Value(input, _style, Style) is { } style ? IsPathStyle(style) : null,
        };
    }

    /// <summary>A folder that is there is one, whatever its name looks like.</summary>
    private static bool IsConnection(string store) => store.Contains('=', StringComparison.Ordinal) && !Directory.Exists(store);

    private static Uri EndpointOf(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var endpoint) && endpoint.Scheme is ("http" or "https")
            ? endpoint
            : throw Wrong("--blobs-endpoint", "this is no address of an object store, such as https://s3.example");

    private static bool IsPathStyle(string text) => text switch
    {
        "path" => true,
        "virtual" => false,
        _ => throw Wrong("--blobs-style", "allowed is path or virtual"),
    };

    private static string? Value(ParseResult input, Option<string?> option, string variable) =>
        input.GetValue(option) ?? (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : null);

    private static CommandException Wrong(string option, string? fault) => CommandException.Usage($"{option}: {fault}.");
}
