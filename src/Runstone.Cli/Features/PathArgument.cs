using System.CommandLine;

namespace Runstone.Cli.Features;

/// <summary>A path in a run; none means the root.</summary>
internal sealed class PathArgument(string description)
{
    private readonly Argument<string?> _path = new("path") { Description = description, Arity = ArgumentArity.ZeroOrOne };

    public void AddTo(Command command) => command.Add(_path);

    /// <summary>The path without slashes at its ends; "" for the root.</summary>
    public string Of(ParseResult input) => Trim(input.GetValue(_path));

    public static string Trim(string? path) => path is null or "." ? "" : path.Trim('/');
}
