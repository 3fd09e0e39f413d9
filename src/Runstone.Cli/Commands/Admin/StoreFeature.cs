using System.CommandLine;
using Runstone.Cli.Errors;
using Runstone.Server.Hosting;
using Runstone.Storage;

namespace Runstone.Cli.Commands.Admin;

/// <summary>
/// Which store a command of <c>admin</c> works on: the options of the server, with its environment variables and its
/// <c>runstone.json</c>.
/// </summary>
internal sealed class StoreFeature
{
    private readonly Option<string?>[] _options =
    [
        Of("data", "folder", "Data folder of the store."),
        Of("database", "connection", "PostgreSQL database, as for the server."),
        Of("blobs", "place", "Folder or s3://bucket/prefix that holds the content of files."),
        Of("blobs-endpoint", "url", "Object store, when it is not the region's own."),
        Of("blobs-region", "name", "Region of the bucket."),
        Of("blobs-style", "style", "path or virtual."),
    ];

    public void AddTo(Command command)
    {
        foreach (var option in _options)
            command.Add(option);
    }

    /// <summary>The store; everything that is wrong is told as the server tells it.</summary>
    public StorageOptions Of(ParseResult input) => Read(input).ToStorage();

    /// <summary>The store with other settings of the server, which the command has as options.</summary>
    public ServerOptions Read(ParseResult input, params IEnumerable<Option<string?>> others)
    {
        var args = _options.Concat(others).Where(o => input.GetValue(o) is not null).SelectMany(o => (string[])[o.Name, input.GetValue(o)!]);
        var read = ServerOptionsReader.Read([.. args], Environment.GetEnvironmentVariables(), Directory.GetCurrentDirectory());
        return read.Options ?? throw CommandException.Usage(string.Join(" ", read.Errors));
    }

    private static Option<string?> Of(string key, string value, string description) =>
        new($"--{key}") { Description = $"{description} Default: as the server finds it.", HelpName = value };
}
