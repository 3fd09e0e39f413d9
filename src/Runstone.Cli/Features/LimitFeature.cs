using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Runstone.Cli.Features;

/// <summary><c>--limit</c>: how many results are wanted.</summary>
internal sealed class LimitFeature
{
    private const int LargestPage = 1_000;

    private readonly long _byDefault;
    private readonly Option<long?> _limit;

    /// <param name="byDefault">Results without the option; null for all.</param>
    public LimitFeature(int? byDefault)
    {
        _byDefault = byDefault ?? long.MaxValue;
        _limit = new Option<long?>("--limit")
        {
            Description = $"Results at most, or 'all'. Default: {byDefault?.ToString(CultureInfo.InvariantCulture) ?? "all"}.",
            HelpName = "n",
            CustomParser = Parse,
        };
    }

    public void AddTo(Command command) => command.Add(_limit);

    public long Of(ParseResult input) => input.GetValue(_limit) ?? _byDefault;

    /// <summary>Results to ask for in one request: one more than wanted, to know whether there are more.</summary>
    public int PageSize(ParseResult input) => (int)Math.Min(LargestPage, Of(input) is var limit && limit < LargestPage ? limit + 1 : LargestPage);

    /// <summary>The wanted part of the results; says on standard error when there is more.</summary>
    public async IAsyncEnumerable<T> TakeAsync<T>(
        IAsyncEnumerable<T> items, ParseResult input, Terminal terminal, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var left = Of(input);
        await foreach (var item in items.WithCancellation(cancellationToken))
        {
            if (left-- == 0)
            {
                terminal.Remark($"There are more than {Of(input)}; --limit <n> or --limit all shows more.");
                yield break;
            }

            yield return item;
        }
    }

    private static long? Parse(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (text.Equals("all", StringComparison.OrdinalIgnoreCase))
            return long.MaxValue;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit > 0)
            return limit;
        result.AddError($"--limit: '{text}' is not allowed; allowed is a whole number from 1, or 'all'.");
        return null;
    }
}
