using Runstone.Core.Errors;
using Runstone.Core.Query;
using Runstone.Core.Runs;

namespace Runstone.Storage.Sql;

/// <summary>
/// Where the fields of runs stand; the row that is searched is <c>runs r</c>, and what other tables hold of it is found by the number.
/// </summary>
internal sealed class RunFieldPlaces
{
    private const string StatusText =
        "case r.status when 1 then 'running' when 2 then 'scheduled' when 3 then 'finished' when 4 then 'failed' else 'killed' end";

    private readonly SqlDialect _dialect;
    private readonly SqlParameters _parameters;
    private readonly IReadOnlyList<long> _experiments;
    private readonly string _number;
    private readonly string? _experimentsParameter;

    public RunFieldPlaces(SqlDialect dialect, SqlParameters parameters, IReadOnlyList<long> experiments)
    {
        (_dialect, _parameters, _experiments, _number) = (dialect, parameters, experiments, "r.run_no");
        if (experiments.Count > 0)
            _experimentsParameter = parameters.Add(experiments.Count == 1 ? experiments[0] : dialect.List(experiments));
    }

    private RunFieldPlaces(RunFieldPlaces other, string number) => (_dialect, _parameters, _experiments, _experimentsParameter, _number) =
        (other._dialect, other._parameters, other._experiments, other._experimentsParameter, number);

    /// <summary>The same places where the number of the run is called otherwise.</summary>
    public RunFieldPlaces NumberedBy(string number) => new(this, number);

    /// <summary>The condition that the column is one of the experiments; empty when all are searched.</summary>
    public string Experiments(string column) => _experiments.Count switch
    {
        0 => "",
        1 => $"{column} = {_experimentsParameter}",
        _ => _dialect.InNumbers(column, _experimentsParameter!),
    };

    public SearchField Resolve(Field field) => field.Kind switch
    {
        FieldKind.Attribute => Attribute(field.Key),
        FieldKind.Metric => Keyed(
            field, key => new(_number, "metric_latest x", "x.run_no", Scope(key), null, $"x.{ValueColumn(field)}", field.Aggregate == MetricAggregate.Last, false)),
        FieldKind.Param or FieldKind.Tag => Keyed(
            field, key => new(_number, $"{TableOf(field.Kind)} x", "x.run_no", Scope(key), "x.value", "x.number", false, true)),
        FieldKind.Dataset => Dataset(field.Key),
        _ => throw Unknown(field.Key),
    };

    /// <summary>
    /// The name, a tag value or the notes contain the text; the tags and notes of one run after the other, or first all that contain it.
    /// </summary>
    public string SearchText(string text, bool rowByRow)
    {
        var inName = _dialect.Contains("r.name", text, _parameters);
        var (inTags, inNotes) = (_dialect.Contains("x.value", text, _parameters), _dialect.Contains("x.notes", text, _parameters));
        if (rowByRow || _dialect.SearchesTextByRow)
        {
            return $"""
                ({inName}
                or (select 1 from tags x where x.run_no = {_number} and {inTags} limit 1) is not null
                or (select 1 from run_document x where x.run_no = {_number} and {inNotes} limit 1) is not null)
                """;
        }

        var scope = Experiments("x.experiment_id");
        return $"""
            ({inName}
            or {_number} in (select x.run_no from tags x where {(scope.Length > 0 ? scope + " and " : "")}{inTags})
            or {_number} in (select x.run_no from run_document x where {inNotes}))
            """;
    }

    public static string TableOf(FieldKind kind) => kind switch
    {
        FieldKind.Metric => "metric_latest",
        FieldKind.Param => "params",
        _ => "tags",
    };

    public static string ValueColumn(Field field) => (field.Kind, field.Aggregate) switch
    {
        (FieldKind.Metric, MetricAggregate.Last) => "last",
        (FieldKind.Metric, MetricAggregate.Min) => "min_value",
        (FieldKind.Metric, _) => "max_value",
        _ => "value",
    };

    /// <summary>The status as filters and tables know it.</summary>
    public static string Word(RunStatus status) => status switch
    {
        RunStatus.Running => "running",
        RunStatus.Scheduled => "scheduled",
        RunStatus.Finished => "finished",
        RunStatus.Failed => "failed",
        _ => "killed",
    };

    public static string KeyId(string parameter) => $"(select id from key_name where name = {parameter})";

    private SearchField.Owned Keyed(Field field, Func<string, SearchField.Owned> place)
    {
        var key = $"x.key_id = {KeyId(_parameters.Add(field.Key))}";
        return place(key) with { Key = key };
    }

    private string Scope(string key)
    {
        // Without experiments to look in, all of them are named, because the index begins with the experiment.
        var scope = Experiments("x.experiment_id");
        return $"{(scope.Length > 0 ? scope : "x.experiment_id in (select id from experiment)")} and {key}";
    }

    private static SearchField.Column Attribute(string key) => key switch
    {
        RunFields.Id => new("r.run_id", false, false),
        RunFields.Name => new("r.name", false, false),
        RunFields.User => new("r.user_name", false, false),
        RunFields.Status => new(StatusText, false, false),
        RunFields.StartTime => new("r.start_time", true, false),
        RunFields.EndTime => new("r.end_time", true, true),
        RunFields.Duration => new("(r.end_time - r.start_time)", true, true),
        RunFields.Parent => new("r.parent_id", false, true),
        RunFields.ArtifactUri => new("r.artifact_uri", false, true),
        RunFields.Notes => new("(select nullif(n.notes, '') from run_document n where n.run_no = r.run_no)", false, true),
        RunFields.Experiment => new("r.experiment_id", true, false),
        _ => throw Unknown(key),
    };

    /// <summary>The context is the value of the tag "context", with or without a prefix that ends in a dot.</summary>
    private SearchField.Owned Dataset(string key)
    {
        const string Inputs = "run_input x join dataset d on d.id = x.dataset_id";
        return key switch
        {
            DatasetFields.Name => new(_number, Inputs, "x.run_no", "1 = 1", "d.name", null, false, false),
            DatasetFields.Digest => new(_number, Inputs, "x.run_no", "1 = 1", "d.digest", null, false, false),
            DatasetFields.Context => new(
                _number, "run_input x join run_input_tag t on t.input_id = x.id", "x.run_no",
                "(t.key = 'context' or substr(t.key, length(t.key) - 7) = '.context')", "t.value", null, false, false),
            _ => throw Unknown(key),
        };
    }

    private static RunstoneException Unknown(string key) => new(Error.Invalid("filter", $"Runs have no field '{key}'."));
}
