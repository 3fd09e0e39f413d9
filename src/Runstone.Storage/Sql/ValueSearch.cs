using Runstone.Core.Query;

namespace Runstone.Storage.Sql;

/// <summary>Builds the statements that list the values of a field in the active runs of an experiment, of which a bounded number of rows is looked at.</summary>
/// <param name="dialect">The engine.</param>
/// <param name="experimentId">The experiment.</param>
/// <param name="field">A field that has texts.</param>
/// <param name="maxLooks">Rows that are looked at.</param>
internal sealed class ValueSearch(SqlDialect dialect, long experimentId, Field field, long maxLooks)
{
    /// <summary>How many rows there are to look at, counted up to one more than are looked at.</summary>
    public SqlText Looks()
    {
        var parameters = new SqlParameters();
        return new SqlText($"select count(*) from ({Rows(parameters, "1 as one", maxLooks + 1)}) v", parameters);
    }

    /// <summary>Value and number of runs, the most frequent first.</summary>
    public SqlText Values(string contains, long limit)
    {
        var parameters = new SqlParameters();
        var rows = Rows(parameters, null, maxLooks);
        var sought = contains.Length == 0 ? "" : $" and {dialect.Contains("v.value", contains, parameters)}";
        return new SqlText(
            $"select v.value, count(*) from ({rows}) v where v.value is not null{sought} group by v.value order by count(*) desc, v.value limit {parameters.Add(limit)}", parameters);
    }

    /// <summary>The rows, with what is selected of each; the value unless that is given.</summary>
    private string Rows(SqlParameters parameters, string? selected, long limit)
    {
        var fields = new RunFieldPlaces(dialect, parameters, [experimentId]);
        var runs = $"from runs r where {fields.Experiments("r.experiment_id")}";
        return fields.Resolve(field) switch
        {
            SearchField.Column column => $"select {selected ?? $"{column.Sql} as value"} {runs} and r.lifecycle = 0 order by r.start_time desc, r.run_id limit {parameters.Add(limit)}",
            SearchField.Owned owned =>
                $"select {selected ?? $"{owned.Text} as value"} from {owned.Table} where {owned.Scope} and {IsActive(owned, runs)} limit {parameters.Add(limit)}",
            _ => throw new InvalidOperationException("A field has no place."),
        };
    }

    /// <summary>Few runs are not active, and the index of the experiment has their lifecycle, so they are gathered and not fetched one by one; rows without the experiment need its runs.</summary>
    private static string IsActive(SearchField.Owned owned, string runs) => owned.Key is null
        ? $"{owned.OwnerColumn} in (select r.run_no {runs} and r.lifecycle = 0)"
        : $"{owned.OwnerColumn} not in (select r.run_no {runs} and r.lifecycle > 0)";
}
