using System.Text.Json;
using Runstone.Core.Errors;
using Runstone.Core.Experiments;
using Runstone.Core.Models;
using Runstone.Core.Runs;
using Runstone.Formats.Mlflow;
using Runstone.Server.Hosting;

namespace Runstone.Server.Compat.Mlflow;

/// <summary>No such call, in this wire format or ever.</summary>
internal sealed record EndpointNotFound(string Method, string Path)
    : Error(ErrorCode.NotFound, $"There is no call {Method} {Path}. docs/compat/mlflow.md lists those that exist.", "path");

/// <summary>A call that exists elsewhere and not here yet.</summary>
internal sealed record NotYet(string Method, string Path, string Area)
    : Error(ErrorCode.Unsupported, $"Runstone does not have {Area} yet ({Method} {Path}). docs/compat/mlflow.md lists what works.", "path");

/// <summary>The one case that the original answers as a fault of its own.</summary>
internal sealed record RenameOfDeleted() : Error(ErrorCode.Conflict, "Cannot rename a non-active experiment.", "experiment_id");

/// <summary>A param logged alone changes, which the original words otherwise than in a batch.</summary>
internal sealed record SingleParamChanged(ParamsChanged Cause)
    : Error(ErrorCode.Conflict, $"Changing param values is not allowed. Param with key='{Cause.Changes[0].Key}' was already logged with "
        + $"value='{Cause.Changes[0].OldValue}' for run ID='{Cause.RunId}'. Attempted logging new value '{Cause.Changes[0].NewValue}'.", "params");

/// <summary>The one table from failures to this wire format's answers.</summary>
internal static class MlflowErrors
{
    /// <summary>Answers with the error. <paramref name="status"/> is given for failures outside of the domain.</summary>
    public static async Task WriteAsync(HttpContext context, Error error, int? status = null)
    {
        var (code, http) = Code(error, status);
        context.Response.StatusCode = http;
        RetryAdvice.Add(context.Response, error);
        context.Response.ContentType = MlflowReply.ContentType;
        await using (var writer = new Utf8JsonWriter(context.Response.BodyWriter, MlflowWriter.Options))
        {
            writer.WriteStartObject();
            writer.WriteString("error_code"u8, code);
            writer.WriteString("message"u8, Message(error));
            writer.WriteString("sqlstate"u8, http >= 500 ? "XXM00"u8 : "KAM00"u8);
            writer.WriteString("error_class"u8, ClassOf(code));
            writer.WriteEndObject();
        }

        await context.Response.BodyWriter.FlushAsync(CancellationToken.None);
    }

    private static (string Code, int Status) Code(Error error, int? status) => error switch
    {
        EndpointNotFound => ("ENDPOINT_NOT_FOUND", 404),
        RenameOfDeleted => ("INVALID_STATE", 500),
        { Code: ErrorCode.Unavailable } when status == 500 => ("INTERNAL_ERROR", 500),
        ParamsChanged or SingleParamChanged or RunNotActive or ExperimentNotActive or AliasNotFound or LoggedModelParamChanged => ("INVALID_PARAMETER_VALUE", 400),
        _ => error.Code switch
        {
            ErrorCode.NotFound => ("RESOURCE_DOES_NOT_EXIST", 404),
            ErrorCode.AlreadyExists => ("RESOURCE_ALREADY_EXISTS", 400),
            ErrorCode.Conflict => ("RESOURCE_CONFLICT", 409),
            ErrorCode.Forbidden => ("PERMISSION_DENIED", 403),
            ErrorCode.Busy => ("REQUEST_LIMIT_EXCEEDED", 429),
            ErrorCode.StorageFull => ("RESOURCE_EXHAUSTED", 429),
            ErrorCode.Unavailable => ("TEMPORARILY_UNAVAILABLE", 503),
            ErrorCode.Unsupported => ("NOT_IMPLEMENTED", 501),
            _ => ("INVALID_PARAMETER_VALUE", 400),
        },
    };

    private static string Message(Error error) => error switch
    {
        RunNotFound e => $"Run with id={e.RunId} not found",
        RunAlreadyExists e => $"Run with id={e.RunId} already exists",
        RunNotActive e => $"The run {e.RunId} must be in the 'active' state. Current state is deleted.",
        RunTagNotFound e => $"No tag with name: {e.Key} in run with id {e.RunId}",
        ParamsChanged e => ParamChanges.Describe(e),
        ExperimentNotFound e => $"No Experiment with id={e.Id} exists",
        ExperimentNameNotFound e => $"Could not find experiment with name '{e.Name}'",
        ExperimentNameTaken e => $"Experiment(name={e.Name}) already exists.",
        ExperimentNotActive e => FormattableString.Invariant($"The experiment {e.Id} must be in the 'active' state. Current state is deleted."),
        ExperimentTagNotFound e => FormattableString.Invariant($"No tag with name: {e.Key} in experiment with id {e.Id}"),
        ModelNotFound e => $"Registered Model with name={e.Name} not found",
        ModelNameTaken e => $"Registered Model (name={e.Name}) already exists.",
        ModelVersionNotFound e => FormattableString.Invariant($"Model Version (name={e.Model}, version={e.Number}) not found"),
        LoggedModelNotFound e => $"Logged model with ID '{e.Id}' not found.",
        LoggedModelTagNotFound e => $"No tag with key '{e.Key}' found for model with ID '{e.Id}'.",
        LoggedModelParamChanged e => $"Changing param values is not allowed. Param with key='{e.Key}' was already logged with value='{e.OldValue}' for "
            + $"model ID='{e.Id}'. Attempted logging new value '{e.NewValue}'.",
        AliasNotFound e => $"Registered model alias {e.Alias} not found.",
        _ => error.Message,
    };

    private static string ClassOf(string code) => code switch
    {
        "RESOURCE_DOES_NOT_EXIST" => "RESOURCE_NOT_FOUND",
        "INVALID_STATE" or "INTERNAL_ERROR" => "CLIENT_INTERNAL_ERROR",
        _ => code,
    };
}
