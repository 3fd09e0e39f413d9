using Runstone.Core.Errors;

namespace Runstone.Core.Runs;

/// <summary>No run has this id.</summary>
public sealed record RunNotFound(string RunId)
    : Error(ErrorCode.NotFound, $"There is no run with id '{RunId}'.", "run_id");

/// <summary>A run with this id exists.</summary>
public sealed record RunAlreadyExists(string RunId)
    : Error(ErrorCode.AlreadyExists, $"A run with id '{RunId}' already exists. Resume it, or leave the id out to get a new one.", "run_id");

/// <summary>The run is deleted and the request needs one that is not.</summary>
public sealed record RunNotActive(string RunId)
    : Error(ErrorCode.Conflict, $"Run '{RunId}' is deleted. Restore it before writing to it.", "run_id");

/// <summary>The run has ended and the request may only go to one that has not.</summary>
public sealed record RunEnded(string RunId, RunStatus Status)
    : Error(ErrorCode.Conflict, $"Run '{RunId}' has ended ({Status}). Set its status to running to resume it.", "run_id");

/// <summary>A param was logged before with another value.</summary>
public sealed record ParamChange(string Key, string OldValue, string NewValue);

/// <summary>Params never change once logged; nothing of the request was kept.</summary>
public sealed record ParamsChanged(string RunId, IReadOnlyList<ParamChange> Changes)
    : Error(ErrorCode.Conflict, $"Param '{Changes[0].Key}' of run '{RunId}' is already '{Changes[0].OldValue}' and cannot become '{Changes[0].NewValue}'.", "params");

/// <summary>The run has no such tag.</summary>
public sealed record RunTagNotFound(string RunId, string Key)
    : Error(ErrorCode.NotFound, $"Run '{RunId}' has no tag '{Key}'.", "key");
