using System.Globalization;
using System.Text.Json;
using Runstone.Core.Errors;
using Runstone.Core.Query;
using Runstone.Core.Runs;
using Runstone.Protocol;

namespace Runstone.Server.Api;

/// <summary>Groups of runs between the wire and the domain.</summary>
internal static class RunGroupMapping
{
    private const int MaxWithin = 16;

    /// <summary>The filter narrowed to a group.</summary>
    public static Filter Within(Filter filter, IReadOnlyList<RunGroupKey>? within)
    {
        if (within is null or [])
            return filter;
        return within.Count <= MaxWithin
            ? new Filter.And([.. within.Select((key, i) => ToValue(key, i).ToFilter()), filter])
            : throw new RunstoneException(Error.Invalid("within", $"{within.Count} groups were given; at most {MaxWithin} are possible."));
    }

    public static IReadOnlyList<GroupColumn> ToColumns(string[] names, IReadOnlyDictionary<string, string>? goals)
    {
        foreach (var (field, goal) in goals ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            if (!names.Contains(field, StringComparer.Ordinal))
                throw Words.Rejected("goals", field, "a field of 'columns', written as there");
            if (goal is not ("min" or "max"))
                throw Words.Rejected($"goals.{field}", goal ?? "", "min or max");
        }

        return [.. RunFilterParser.ParseColumns(names).Select((field, i) => new GroupColumn(field, Goal(names[i])))];

        GroupGoal Goal(string name) => goals?.GetValueOrDefault(name) switch
        {
            "min" => GroupGoal.Min,
            "max" => GroupGoal.Max,
            _ => GroupGoal.None,
        };
    }

    public static RunGroupsPage ToPage(RunGroups groups, string by, IReadOnlyList<RunGroupKey> within, string[] names) => new(
        [.. groups.Groups.Select(g => ToInfo(g, by, within, names))], groups.Total, groups.Runs);

    private static RunGroupInfo ToInfo(GroupOfRuns group, string by, IReadOnlyList<RunGroupKey> within, string[] names)
    {
        var value = ToElement(group.Value);
        return new RunGroupInfo(value, group.Count, [.. within, new RunGroupKey(by, value)], [.. group.Columns.Select((c, i) => ToFigures(names[i], c))]);
    }

    private static RunGroupFigures ToFigures(string field, GroupFigures figures) => figures switch
    {
        TextFigures texts => new RunGroupFigures(field, texts.Count) { Distinct = texts.Distinct, Same = texts.Same },
        NumberFigures { Count: 0 } none => new RunGroupFigures(field, 0) { NotFinite = Positive(none.NotFinite) },
        NumberFigures numbers => new RunGroupFigures(field, numbers.Count)
        {
            NotFinite = Positive(numbers.NotFinite),
            Mean = numbers.Mean,
            Deviation = numbers.Deviation,
            Min = numbers.Min,
            Max = numbers.Max,
            Median = numbers.Median,
            Best = numbers.Best is { } best ? new RunGroupBest(best.RunId, best.Value) : null,
        },
        _ => throw new InvalidOperationException("A column has no figures."),
    };

    private static int? Positive(int count) => count > 0 ? count : null;

    private static JsonElement? ToElement(Literal? value) => value switch
    {
        null => null,
        { Text: { } text } => JsonSerializer.SerializeToElement(text, RunstoneJson.Default.String),
        { } number => JsonSerializer.SerializeToElement(number.Number, RunstoneJson.Default.Double),
    };

    private static GroupValue ToValue(RunGroupKey? key, int index)
    {
        var field = RunFilterParser.ParseWithin(key?.Field ?? "");
        if (key?.Value is not { ValueKind: not JsonValueKind.Null } value)
            return new GroupValue(field, null);
        var isId = field is { Kind: FieldKind.Attribute, Key: RunFields.Experiment };
        if (!isId && !RunColumnFields.IsNumber(field))
            return new GroupValue(field, value.ValueKind == JsonValueKind.String ? Literal.Of(value.GetString()!) : throw Rejected(index, value, "a text"));
        return Number(value) is { } number ? new GroupValue(field, Literal.Of(number)) : throw Rejected(index, value, "a number");
    }

    private static double? Number(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => value.GetDouble(),
        JsonValueKind.String when double.TryParse(value.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
        _ => null,
    };

    private static RunstoneException Rejected(int index, JsonElement value, string allowed) =>
        Words.Rejected($"within[{index}].value", value.GetRawText(), $"{allowed}, or null for the runs without a value");
}
