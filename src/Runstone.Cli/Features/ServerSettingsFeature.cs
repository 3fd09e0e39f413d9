using System.CommandLine;
using Runstone.Server.Hosting;

namespace Runstone.Cli.Features;

/// <summary>The settings of a server that say where it keeps its data, read as the server reads them: also environment and runstone.json.</summary>
internal sealed class ServerSettingsFeature
{
    private readonly Option<string?>[] _options =
    [
        New("data", "folder", "Data folder of a server on this machine. Default: ./runstone-data."),
        New("database", "connection", "Its PostgreSQL database. Default: none, everything is in the data folder."),
        New("database-listen", "connection", "The same database past a connection pooler."),
        New("blobs", "place", "Where it keeps the content of files: a folder, or s3://bucket/prefix."),
        New("blobs-endpoint", "url", "The object store, when it is not the region's own."),
        New("blobs-region", "name", "Region of the bucket."),
        New("blobs-style", "style", "How the bucket is addressed: path or virtual."),
        New("public-url", "urls", "Addresses under which a reverse proxy offers it, separated by commas."),
    ];

    public void AddTo(Command command)
    {
        foreach (var option in _options)
            command.Add(option);
    }

    /// <summary>What the command line, the environment and runstone.json say together.</summary>
    public ServerOptionsResult Of(ParseResult input)
    {
        var args = _options.SelectMany(o => input.GetValue(o) is { } value ? [$"{o.Name}={value}"] : Array.Empty<string>());
        return ServerOptionsReader.Read([.. args], Environment.GetEnvironmentVariables(), Directory.GetCurrentDirectory());
    }

    private static Option<string?> New(string key, string helpName, string description) => new($"--{key}") { Description = description, HelpName = helpName };
}
