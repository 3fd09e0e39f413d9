using System.CommandLine;

namespace Runstone.Cli.Features;

/// <summary><c>--order-by</c>: what comes first.</summary>
internal sealed class OrderFeature
{
    private readonly Option<string[]> _orderBy = new("--order-by")
    {
        Description = "Field and direction, for example 'metrics.auc desc'. May be given several times. Default: newest first.",
        HelpName = "field [asc|desc]",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = false,
    };

    public void AddTo(Command command) => command.Add(_orderBy);

    /// <summary>The orders; null when none is given.</summary>
    public IReadOnlyList<string>? Of(ParseResult input) => input.GetValue(_orderBy) is { Length: > 0 } orders ? orders : null;
}
