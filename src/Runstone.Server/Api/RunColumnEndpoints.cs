using Microsoft.AspNetCore.Http.HttpResults;
using Runstone.Core.Experiments;
using Runstone.Core.Query;
using Runstone.Core.Runs;
using Runstone.Protocol;

namespace Runstone.Server.Api;

/// <summary>What the columns of runs are, and which values a field has.</summary>
internal static class RunColumnEndpoints
{
    private const int StandardValues = 50;
    private const int MaxValues = 1000;

    public static async Task<Ok<RunColumnsInfo>> ColumnsAsync(RunColumnsRequest request, RunTableService tables, CancellationToken cancellationToken)
    {
        var query = RunMapping.ToQuery(new SearchRunsRequest { ExperimentIds = request.ExperimentIds, Filter = request.Filter, Lifecycle = request.Lifecycle });
        query = query with { Filter = RunGroupMapping.Within(query.Filter, request.Within) };
        var found = await tables.DescribeColumnsAsync(query, cancellationToken);
        return TypedResults.Ok(new RunColumnsInfo([.. found.Columns.Select(ToInfo)], found.Runs, found.Complete));
    }

    public static async Task<Ok<FieldValueList>> ValuesAsync(
        string id, string field, string? contains, int? limit, ExperimentService experiments, RunTableService tables, CancellationToken cancellationToken)
    {
        var wanted = RunFilterParser.ParseField(field);
        var max = Words.Limit(limit, StandardValues, MaxValues);
        var experiment = await experiments.GetAsync(Words.ExperimentId(id, "id"), cancellationToken);
        var found = await tables.ListValuesAsync(experiment.Id, wanted, contains ?? "", max, cancellationToken);
        return TypedResults.Ok(new FieldValueList([.. found.Values.Select(v => new FieldValueInfo(v.Text, v.Runs))], found.Complete));
    }

    private static RunColumnInfo ToInfo(RunColumnFacts facts) => new(
        FieldWriter.Write(facts.Field), facts.Runs, facts.Distinct, facts.IsNumeric, Present(facts.Min), Present(facts.Max));

    private static double? Present(double number) => double.IsNaN(number) ? null : number;
}
