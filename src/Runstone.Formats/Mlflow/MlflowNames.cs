using Runstone.Core.Experiments;
using Runstone.Core.Runs;

namespace Runstone.Formats.Mlflow;

/// <summary>Names that the wire format gives a meaning, and the enums it spells out.</summary>
public static class MlflowNames
{
    public const string RunNameTag = "mlflow.runName";
    public const string ParentTag = "mlflow.parentRunId";
    public const string NoteTag = "mlflow.note.content";
    public const string UserTag = "mlflow.user";

    /// <summary>The tag that lists, as JSON, the models that clients before version 3 logged to a run.</summary>
    public const string ModelHistoryTag = "mlflow.log-model.history";

    /// <summary>The tag of a dataset input that says what the run used it for.</summary>
    public const string ContextTag = "mlflow.data.context";

    /// <summary>The scheme of artifact addresses that this server answers itself.</summary>
    public const string ArtifactScheme = "mlflow-artifacts:";

    public static string Of(RunStatus status) => status switch
    {
        RunStatus.Running => "RUNNING",
        RunStatus.Scheduled => "SCHEDULED",
        RunStatus.Finished => "FINISHED",
        RunStatus.Failed => "FAILED",
        _ => "KILLED",
    };

    /// <summary>The status of this name or number; null for a name that is none, which callers ignore as the original does.</summary>
    public static RunStatus? Status(string? name) => name switch
    {
        "RUNNING" or "1" => RunStatus.Running,
        "SCHEDULED" or "2" => RunStatus.Scheduled,
        "FINISHED" or "3" => RunStatus.Finished,
        "FAILED" or "4" => RunStatus.Failed,
        "KILLED" or "5" => RunStatus.Killed,
        _ => null,
    };

    /// <summary>The format has no archive: what is archived is in use.</summary>
    public static string Of(Lifecycle lifecycle) => lifecycle == Lifecycle.Deleted ? "deleted" : "active";

    /// <summary>Which stages a search looks at; active ones when the request does not say.</summary>
    public static LifecycleView View(string? name, string parameter) => name switch
    {
        null or "" or "ACTIVE_ONLY" or "1" => LifecycleView.Active,
        "DELETED_ONLY" or "2" => LifecycleView.Deleted,
        "ALL" or "3" => LifecycleView.All,
        _ => throw MlflowRequest.InvalidValue(MlflowRequest.Quote(name), parameter, "Use ACTIVE_ONLY, DELETED_ONLY or ALL."),
    };

    /// <summary>Where clients look for the artifacts of an experiment.</summary>
    public static string LocationOf(Experiment experiment) =>
        string.IsNullOrEmpty(experiment.ArtifactLocation) ? DefaultLocation(experiment.Id) : experiment.ArtifactLocation;

    /// <summary>Where clients look for the artifacts of a run.</summary>
    public static string ArtifactUriOf(Run run) => run.ArtifactUri ?? ArtifactUri(DefaultLocation(run.ExperimentId), run.Id);

    public static string ArtifactUri(string location, string runId) => $"{location.TrimEnd('/')}/{runId}/artifacts";

    /// <summary>Where clients look for the artifacts of a logged model.</summary>
    public static string ModelUri(Experiment experiment, string modelId) => $"{LocationOf(experiment).TrimEnd('/')}/models/{modelId}/artifacts";

    private static string DefaultLocation(long experimentId) => FormattableString.Invariant($"{ArtifactScheme}/{experimentId}");
}
