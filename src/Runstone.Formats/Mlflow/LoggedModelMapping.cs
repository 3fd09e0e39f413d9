using System.Globalization;
using Runstone.Core.Errors;
using Runstone.Core.Experiments;
using Runstone.Core.Models;
using Runstone.Core.Runs;

namespace Runstone.Formats.Mlflow;

/// <summary>Between the wire and the domain of logged models.</summary>
public static class LoggedModelMapping
{
    /// <summary>The tag in which clients look up, as a JSON list, the registered versions that were made of a model.</summary>
    public const string VersionsTag = "mlflow.modelVersions";

    private const string ForbiddenInNames = "/:.%\"'";

    public static NewLoggedModel Create(in MlflowRequest request, string id, Experiment experiment)
    {
        var name = request.Text("name") ?? "";
        if (name.AsSpan().ContainsAny(ForbiddenInNames))
        {
            throw new RunstoneException(Error.Invalid("name",
                $"Invalid model name ({PythonText.Repr(PythonText.Truncate(name, 300))}) provided. Model name must be a non-empty string and cannot contain the "
                + """following characters: ('/', ':', '.', '%', '"', "'")"""));
        }

        return new NewLoggedModel(id, experiment.Id, name, MlflowNames.ModelUri(experiment, id))
        {
            Type = request.Text("model_type") ?? "",
            RunId = request.Text("source_run_id") is { Length: > 0 } runId ? MlflowLimits.RunId(runId) : null,
            Params = Params(request),
            Tags = request.Tags("tags"),
        };
    }

    public static IReadOnlyList<Param> Params(in MlflowRequest request) => [.. request.Tags("params").Select(p => new Param(p.Key, p.Value))];

    public static LoggedModelStatus Status(in MlflowRequest request)
    {
        var name = request.RequiredText("status");
        return StatusOf(name) ?? throw MlflowRequest.InvalidValue(
            MlflowRequest.Quote(name), "status", "Use LOGGED_MODEL_PENDING, LOGGED_MODEL_READY or LOGGED_MODEL_UPLOAD_FAILED.");
    }

    /// <summary>The status of this name or number; null for a name that is none.</summary>
    public static LoggedModelStatus? StatusOf(string name) => name switch
    {
        "LOGGED_MODEL_PENDING" or "PENDING" or "1" => LoggedModelStatus.Pending,
        "LOGGED_MODEL_READY" or "READY" or "2" => LoggedModelStatus.Ready,
        "LOGGED_MODEL_UPLOAD_FAILED" or "FAILED" or "3" => LoggedModelStatus.Failed,
        _ => null,
    };

    public static string NameOf(LoggedModelStatus status) => status switch
    {
        LoggedModelStatus.Pending => "LOGGED_MODEL_PENDING",
        LoggedModelStatus.Ready => "LOGGED_MODEL_READY",
        _ => "LOGGED_MODEL_UPLOAD_FAILED",
    };

    /// <summary>The list of versions with one more, as the original writes it; what was no list begins anew.</summary>
    public static string WithVersion(string? versions, string name, int number) => JsonList.With(
        versions, string.Create(CultureInfo.InvariantCulture, $$"""{"name": {{MlflowRequest.Quote(name)}}, "version": {{number}}}"""));
}
