using System.CommandLine;
using Runstone.Cli.Errors;
using Runstone.Client;

namespace Runstone.Cli.Features;

/// <summary><c>--server</c>: which server is asked.</summary>
internal sealed class ServerFeature(string description = ServerFeature.Default)
{
    public const string Variable = "RUNSTONE_TRACKING_URI";

    private const string Default = $"Address of the server. Default: {Variable}, else {TrackingClient.DefaultAddress}.";

    private readonly Option<string?> _server = new("--server")
    {
        Description = description,
        HelpName = "address",
    };

    public void AddTo(Command command) => command.Add(_server);

    /// <summary>The address given on the command line, checked; null when there is none.</summary>
    public string? Checked(ParseResult input) =>
        input.GetValue(_server) is { } given && !IsAddress(given) ? throw Wrong("--server", given, null) : input.GetValue(_server);

    /// <summary>A client of that server. Nothing is sent yet.</summary>
    public TrackingClient Connect(ParseResult input, TrackingClientOptions? options = null)
    {
        if (Checked(input) is { } given)
            return new TrackingClient(given, options);
        try
        {
            return TrackingClient.FromEnvironment(options);
        }
        catch (ArgumentException e)
        {
            throw Wrong(Variable, Environment.GetEnvironmentVariable(Variable), e);
        }
    }

    // Several nodes of one server are separated by commas.
    internal static bool IsAddress(string text) => text.Split(',', StringSplitOptions.TrimEntries)
        .All(part => Uri.TryCreate(part, UriKind.Absolute, out var uri) && uri.Scheme is ("http" or "https"));

    private static CommandException Wrong(string source, string? text, Exception? inner) => new(
        ExitCode.Usage, $"{source}: '{text}' is not the address of a server; use one such as {TrackingClient.DefaultAddress}.", inner);
}
