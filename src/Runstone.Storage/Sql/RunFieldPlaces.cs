using Runstone.Core.Errors;
using Runstone.Core.Experiments;
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

    /// <summary>What the rows are called from which a walk goes to the runs; other rows are <c>x</c>.</summary>
    public const string Walked = "k";

    /// <summary>What stands between the texts of a row of run_text.</summary>
    private const char Between = '\u001f';

    private readonly SqlDialect _dialect;
    private readonly SqlParameters _parameters;
    private readonly IReadOnlyList<long> _experiments;
    private readonly string _number = "r.run_no";
    private readonly string _row = "x";
    private readonly string? _experimentsParameter;

    public RunFieldPlaces(SqlDialect dialect, SqlParameters parameters, IReadOnlyList<long> experiments)
    {
        (_dialect, _parameters, _experiments) = (dialect, parameters, experiments);
        if (experiments.Count > 0)
            _experimentsParameter = parameters.Add(experiments.Count == 1 ? experiments[0] : dialect.List(experiments));
    }

    private RunFieldPlaces(RunFieldPlaces other, string number, string row) =>
        (_dialect, _parameters, _experiments, _experimentsParameter, _number, _row) =
        (other._dialect, other._parameters, other._experiments, other._experimentsParameter, number, row);

    /// <summary>The number of a run, in the rows from which a walk goes to the runs.</summary>
    public static string WalkedNumber => $"{Walked}.run_no";

    /// <summary>The same places where the number of the run is known before the run is.</summary>
    public RunFieldPlaces OfWalked() => new(this, WalkedNumber, _row);

    /// <summary>Where the values stand in the rows from which a walk goes to the runs.</summary>
    public SearchField.Owned ResolveWalked(Field field) => (SearchField.Owned)new RunFieldPlaces(this, _number, Walked).Resolve(field);

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
            field, key => new(_number, $"metric_latest {_row}", $"{_row}.run_no", Scope(key), null, $"{_row}.{ValueColumn(field)}", field.Aggregate == MetricAggregate.Last, false)),
        FieldKind.Param or FieldKind.Tag => Keyed(
            field,
            key => new(_number, $"{TableOf(field.Kind)} {_row}", $"{_row}.run_no", Scope(key), $"{_row}.value", $"{_row}.number", false, true)
            {
                TableByText = _experiments.Count == 1 ? _dialect.InIndex($"{TableOf(field.Kind)} {_row}", $"{TableOf(field.Kind)}_by_text") : null,
            }),
        FieldKind.Dataset => Dataset(field.Key),
        _ => throw Unknown(field.Key),
    };

    /// <summary>
    /// The name, a tag value or the notes contain the text: looked for in the texts of one run after the other, or first in those of all.
    /// </summary>
    public string SearchText(string text, bool rowByRow)
    {
        var (inText, inNotes) = (_dialect.ContainsFolded("t", text, _parameters), _dialect.Contains("x.notes", text, _parameters));
        var parts = text.Contains(Between, StringComparison.Ordinal) ? $" and {InOneText(text)}" : "";
        if (rowByRow)
        {
            var experiment = _experiments.Count == 1 ? _experimentsParameter : "r.experiment_id";
            return $"""
                ((select {inText} from run_text t where t.experiment_id = {experiment} and t.run_no = {_number}) is true{parts}
                or (select {inNotes} from run_document x where x.run_no = {_number} and x.notes <> '') is true)
                """;
        }

        return $"({_dialect.InGathered(_number, Containing(inText, inNotes))}{parts})";
    }

    /// <summary>The numbers of the runs whose texts or notes meet the conditions.</summary>
    private string Containing(string inText, string inNotes)
    {
        var scope = Experiments("t.experiment_id");
        return $"select t.run_no from run_text t where {(scope.Length > 0 ? scope + " and " : "")}{inText} union all select x.run_no from run_document x where x.notes <> '' and {inNotes}";
    }

    /// <summary>That the name, one tag or the notes contain a text that also stands between two of them.</summary>
    private string InOneText(string text) => $"""
        ({_dialect.Contains("r.name", text, _parameters)}
        or exists (select 1 from tags x where x.run_no = {_number} and {_dialect.Contains("x.value", text, _parameters)})
        or exists (select 1 from run_document x where x.run_no = {_number} and {_dialect.Contains("x.notes", text, _parameters)}))
        """;

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

    /// <summary>The lifecycle as tables know it.</summary>
    public static string Word(Lifecycle lifecycle) => lifecycle switch
    {
        Lifecycle.Active => "active",
        Lifecycle.Archived => "archived",
        _ => "deleted",
    };

    public static string KeyId(string parameter) => $"(select id from key_name where name = {parameter})";

    private SearchField.Owned Keyed(Field field, Func<string, SearchField.Owned> place)
    {
        var key = $"{_row}.key_id = {KeyId(_parameters.Add(field.Key))}";
        return place(key) with { Key = key };
    }

    private string Scope(string key)
    {
        // Without experiments to look in, all of them are named, because the index begins with the experiment.
        var scope = Experiments($"{_row}.experiment_id");
        return $"{(scope.Length > 0 ? scope : $"{_row}.experiment_id in (select id from experiment)")} and {key}";
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
