using System.CommandLine;

namespace Runstone.Cli.Features;

/// <summary>The run a command is about.</summary>
internal sealed class RunArgument
{
    private readonly Argument<string> _run = new("run") { Description = "The run's id, as 'runstone runs list' shows it." };

    public RunArgument() => _run.Validators.Add(result =>
    {
        if (result.Tokens is [{ Value: "" }])
            result.AddError("The run's id is empty.");
    });

    public void AddTo(Command command) => command.Add(_run);

    public string Of(ParseResult input) => input.GetRequiredValue(_run);
}
