using System.CommandLine;

namespace Runstone.Cli.Features;

/// <summary><c>--lifecycle</c>: whether archived or deleted things are wanted.</summary>
internal sealed class LifecycleFeature
{
    private readonly Option<string?> _lifecycle = new("--lifecycle")
    {
        Description = "active (default), archived, deleted or all.",
        HelpName = "state",
    };

    public LifecycleFeature() => _lifecycle.AcceptOnlyFromAmong("active", "archived", "deleted", "all");

    public void AddTo(Command command) => command.Add(_lifecycle);

    public string? Of(ParseResult input) => input.GetValue(_lifecycle);
}
