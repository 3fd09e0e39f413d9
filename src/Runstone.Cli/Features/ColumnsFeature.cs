using System.CommandLine;
using System.CommandLine.Parsing;
using Runstone.Cli.Output;
using Runstone.Protocol;

namespace Runstone.Cli.Features;

/// <summary><c>--columns</c>: which values of runs are wanted.</summary>
internal sealed class ColumnsFeature
{
    private readonly Option<IReadOnlyList<RunField>?> _columns = new("--columns")
    {
        Description = "Values wanted, separated by commas: "
            + string.Join(", ", RunField.AllAttributes.Select(f => f.Key))
            + ", params.<key>, metrics.<key> (the last value), metrics.<key>:min, metrics.<key>:max, tags.<key>. May be given several times.",
        HelpName = "a,b,c",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = false,
        CustomParser = Parse,
    };

    public void AddTo(Command command) => command.Add(_columns);

    /// <summary>The fields in the order given; null when none is.</summary>
    public IReadOnlyList<RunField>? Of(ParseResult input) => input.GetValue(_columns);

    /// <summary>What to ask the server for; null for everything.</summary>
    public static RunColumns? Request(IReadOnlyList<RunField>? fields) => fields is null ? null : new RunColumns
    {
        Metrics = Keys(fields, FieldKind.Metric),
        Params = Keys(fields, FieldKind.Param),
        Tags = Keys(fields, FieldKind.Tag),
    };

    private static string[] Keys(IReadOnlyList<RunField> fields, FieldKind kind) =>
        [.. fields.Where(f => f.Kind == kind).Select(f => f.Key).Distinct(StringComparer.Ordinal)];

    private static IReadOnlyList<RunField>? Parse(ArgumentResult result)
    {
        var fields = new List<RunField>();
        foreach (var name in result.Tokens.SelectMany(t => Split(t.Value)))
        {
            if (RunField.Parse(name) is { } field)
                fields.Add(field);
            else
                result.AddError($"--columns: there is no column '{name}'; use name, status, duration ..., params.<key>, metrics.<key> or tags.<key>.");
        }

        return fields;
    }

    // Commas in backquotes belong to the key.
    private static IEnumerable<string> Split(string text)
    {
        var start = 0;
        var quoted = false;
        for (var i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && text[i] == '`')
                quoted = !quoted;
            if (i < text.Length && (text[i] != ',' || quoted))
                continue;
            if (text[start..i].Trim() is { Length: > 0 } name)
                yield return name;
            start = i + 1;
        }
    }
}
