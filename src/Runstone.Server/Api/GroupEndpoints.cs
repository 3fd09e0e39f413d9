using System.Text.Json;
using Runstone.Core.Errors;
using Runstone.Core.Metrics;
using Runstone.Core.Metrics.Frames;
using Runstone.Core.Query;
using Runstone.Core.Runs;
using Runstone.Protocol;

namespace Runstone.Server.Api;

/// <summary>Draws groups of runs.</summary>
internal static class GroupEndpoints
{
    /// <summary>Runs that are grouped, by what they agree in unless they were given by id.</summary>
    private sealed record Grouping(IReadOnlyList<RunGroup> Groups, IReadOnlyList<IReadOnlyDictionary<string, string>?> By, bool Complete);

    public static void Map(IEndpointRouteBuilder group) =>
        group.MapPost("/metrics/groups", GroupsAsync).WithName("DrawGroups").WithSummary("Draw mean, deviation, least and greatest of groups of runs")
            .Produces<GroupsResponse>(StatusCodes.Status200OK, "application/json", GroupsFormat.MediaType);

    private static async Task<IResult> GroupsAsync(
        GroupsRequest request, HttpContext context, RunTableService tables, MetricService metrics, ErasureService erasures, CancellationToken cancellationToken)
    {
        var buckets = request.Buckets ?? FrameEndpoints.DefaultBuckets;
        var axis = FrameEndpoints.ToAxis(request.Axis, request.XKey);
        var (from, to) = (FrameEndpoints.Finite("from", request.From), FrameEndpoints.Finite("to", request.To));
        var grouping = request switch
        {
            { Groups: { } groups, Search: null } => new Grouping(Checked(groups), [.. groups.Select(_ => (IReadOnlyDictionary<string, string>?)null)], true),
            { Groups: null, Search: { } search } => await SearchAsync(search, tables, cancellationToken),
            _ => throw new RunstoneException(Error.Invalid("groups", "Give either 'groups' or 'search'.")),
        };
        if ((long)grouping.Groups.Count * buckets > FrameEndpoints.MaxCells)
            throw new RunstoneException(new Error(ErrorCode.TooLarge, $"{grouping.Groups.Count} groups of {buckets} buckets are more than {FrameEndpoints.MaxCells} values; ask for fewer buckets.", "buckets"));
        var query = new GroupQuery([.. grouping.Groups.Select(g => g.RunIds)], request.Key, axis, buckets, from, to) { XKey = request.XKey };
        var aggregating = metrics.AggregateAsync(query, cancellationToken);
        var noting = ErasureEndpoints.NoteAsync(context.Response, erasures, [.. query.Groups.SelectMany(g => g).Distinct(StringComparer.Ordinal).Select(r => (r, request.Key))], cancellationToken);
        await Task.WhenAll(noting, aggregating);
        var (erased, frames) = (await noting, await aggregating);
        if (!HistoryWriter.Accepts(context.Request, GroupsFormat.MediaType))
            return TypedResults.Ok(ToResponse(frames, grouping) with { Erased = erased });
        await WriteBytesAsync(context.Response, frames, grouping, cancellationToken);
        return Results.Empty;
    }

    private static async Task WriteBytesAsync(HttpResponse response, GroupFrames frames, Grouping grouping, CancellationToken cancellationToken)
    {
        response.ContentType = GroupsFormat.MediaType;
        GroupsFormat.WriteHeader(response.BodyWriter, frames, grouping.Groups.Sum(g => g.RunIds.Count), grouping.Complete);
        for (var i = 0; i < frames.Groups.Count; i++)
        {
            var by = grouping.By[i] is { } agreed ? JsonSerializer.SerializeToUtf8Bytes(agreed, RunstoneJson.Default.IReadOnlyDictionaryStringString) : [];
            GroupsFormat.WriteGroup(response.BodyWriter, frames.Groups[i], grouping.Groups[i].RunIds.Count, by);
            await response.BodyWriter.FlushAsync(cancellationToken);
        }
    }

    private static IReadOnlyList<RunGroup> Checked(IReadOnlyList<RunGroup> groups)
    {
        if (groups.Count == 0)
            throw new RunstoneException(Error.Invalid("groups", "The list of groups is empty."));
        for (var i = 0; i < groups.Count; i++)
        {
            if (groups[i]?.RunIds?.All(r => r is not null) != true)
                throw new RunstoneException(Error.Invalid($"groups[{i}]", "A group needs 'runIds', a list of ids."));
        }

        return groups;
    }

    private static async Task<Grouping> SearchAsync(GroupSearch search, RunTableService tables, CancellationToken cancellationToken)
    {
        var fields = (search.GroupBy ?? []).Select(ToField).ToArray();
        var query = new RunQuery
        {
            ExperimentIds = [.. (search.ExperimentIds ?? []).Select(id => Words.ExperimentId(id ?? "", "search.experimentIds"))],
            Filter = RunFilterParser.Parse(search.Filter),
            Lifecycle = Words.View(search.Lifecycle),
        };
        var members = await tables.ListMembersAsync(query, [.. fields.Select(f => f.Field)], MetricService.MaxGroupRuns, cancellationToken);
        return new Grouping([.. members.Groups.Select(g => new RunGroup(g.RunIds))], [.. members.Groups.Select(g => Named(fields, g.Values))], members.Complete);
    }

    private static (string Text, Field Field) ToField(string? text)
    {
        var field = RunFilterParser.ParseOrder([text ?? ""]) is [{ Descending: false } ordering] ? ordering.Field : null;
        return field is { Kind: FieldKind.Param or FieldKind.Tag }
            or { Kind: FieldKind.Attribute, Key: RunFields.Name or RunFields.User or RunFields.Status }
            ? (text!, field)
            : throw Words.Rejected("search.groupBy", text ?? "", "params.x, tags.x, name, user or status");
    }

    private static Dictionary<string, string> Named((string Text, Field Field)[] fields, IReadOnlyList<string?> values)
    {
        var named = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < fields.Length; i++)
        {
            if (values[i] is { } value)
                named[fields[i].Text] = value;
        }

        return named;
    }

    private static GroupsResponse ToResponse(GroupFrames frames, Grouping grouping) => new(
        frames.X,
        [.. frames.Groups.Select((g, i) => new GroupInfo(grouping.By[i], grouping.Groups[i].RunIds.Count, g.Runs, g.Mean, g.Deviation, g.Min, g.Max, g.Count))],
        grouping.Groups.Sum(g => g.RunIds.Count), grouping.Complete)
    {
        From = double.IsNaN(frames.From) ? null : frames.From,
        To = double.IsNaN(frames.To) ? null : frames.To,
    };
}
