using System.CommandLine;

namespace Runstone.Cli.Features;

/// <summary><c>--home</c>: where runs wait that are not uploaded yet.</summary>
internal sealed class HomeFeature
{
    public const string Variable = "RUNSTONE_HOME";

    private readonly Option<string?> _home = new("--home")
    {
        Description = $"Folder in which runs wait for their upload. Default: {Variable}, else .runstone in the home folder.",
        HelpName = "folder",
    };

    public void AddTo(Command command) => command.Add(_home);

    /// <summary>The full path of the folder.</summary>
    public string Of(ParseResult input)
    {
        var given = input.GetValue(_home) ?? Environment.GetEnvironmentVariable(Variable);
        return string.IsNullOrEmpty(given)
            ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".runstone")
            : Path.GetFullPath(given);
    }
}
