using System.CommandLine;
using Runstone.Server.Hosting;

namespace Runstone.Cli.Commands;

/// <summary>
/// Starts the server. Stands in the tree for its help line only: what follows the verb goes to the server as it is, which has
/// the one reader of its options.
/// </summary>
internal sealed class ServeCommand : Command
{
    public const string Verb = "serve";

    public ServeCommand()
        : base(Verb, "Start a server on this machine ('runstone serve --help' lists its options).") => TreatUnmatchedTokensAsErrors = false;

    public static Task<int> RunAsync(IReadOnlyList<string> args, CancellationToken cancellationToken) =>
        RunstoneServer.RunAsync(args, $"runstone {Verb}", cancellationToken);
}
