using System.CommandLine;

namespace Runstone.Cli.Features;

/// <summary><c>--json</c>: output for programs.</summary>
internal sealed class JsonFeature
{
    private readonly Option<bool> _json = new("--json") { Description = "Write JSON for programs instead of a table for people." };

    public void AddTo(Command command) => command.Add(_json);

    public bool IsOn(ParseResult input) => input.GetValue(_json);
}
