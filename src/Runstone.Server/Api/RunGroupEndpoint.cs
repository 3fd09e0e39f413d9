using Microsoft.AspNetCore.Http.HttpResults;
using Runstone.Core.Errors;
using Runstone.Core.Query;
using Runstone.Core.Runs;
using Runstone.Protocol;

namespace Runstone.Server.Api;

/// <summary>Answers a search as groups of runs.</summary>
internal static class RunGroupEndpoint
{
    private const int MaxFields = 4;
    private const int StandardLimit = 100;
    private const int MaxLimit = 1000;
    private const int MaxSkip = 1_000_000;

    public static async Task<Ok<RunGroupsPage>> GroupAsync(RunGroupsRequest request, RunTableService tables, CancellationToken cancellationToken)
    {
        var within = request.Within ?? [];
        var by = By(request, within);
        var names = (request.Columns ?? []).Select(c => c ?? "").ToArray();
        var runs = RunMapping.ToQuery(new SearchRunsRequest { ExperimentIds = request.ExperimentIds, Filter = request.Filter, Lifecycle = request.Lifecycle });
        var query = new RunGroupQuery(
            runs with { Filter = RunGroupMapping.Within(runs.Filter, within) }, by, RunGroupMapping.ToColumns(names, request.Goals))
        {
            OrderBy = RunFilterParser.ParseGroupOrder([.. (request.OrderBy ?? []).Select(o => o ?? "")]),
            Skip = Words.Skip(request.Skip, MaxSkip),
            Limit = Words.Limit(request.Limit, StandardLimit, MaxLimit),
        };
        var groups = await tables.GroupAsync(query, cancellationToken);
        return TypedResults.Ok(RunGroupMapping.ToPage(groups, request.By![within.Count], within, names));
    }

    /// <summary>The field that is grouped by inside the group that was named.</summary>
    private static Field By(RunGroupsRequest request, IReadOnlyList<RunGroupKey> within)
    {
        var by = RunFilterParser.ParseGroupBy([.. (request.By ?? []).Select(f => f ?? "")]);
        if (by.Count is < 1 or > MaxFields)
            throw new RunstoneException(Error.Invalid("by", $"{by.Count} fields were given; name 1 to {MaxFields}."));
        if (within.Count >= by.Count)
            throw new RunstoneException(Error.Invalid("within", $"The group is {within.Count} fields deep, as deep as 'by' goes. Ask for its runs by /runs/table with the same 'within'."));
        for (var i = 0; i < within.Count; i++)
        {
            if (RunFilterParser.ParseWithin(within[i]?.Field ?? "") != by[i])
                throw new RunstoneException(Error.Invalid("within", $"The field at {i} is not '{request.By![i]}', which 'by' has there."));
        }

        return by[within.Count];
    }
}
