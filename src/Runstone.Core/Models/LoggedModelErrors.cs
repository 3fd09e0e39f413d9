using Runstone.Core.Errors;

namespace Runstone.Core.Models;

/// <summary>There is no logged model of this id, or there is none any more.</summary>
public sealed record LoggedModelNotFound(string Id)
    : Error(ErrorCode.NotFound, $"There is no logged model '{Id}'.", "model_id");

/// <summary>The logged model has no such tag.</summary>
public sealed record LoggedModelTagNotFound(string Id, string Key)
    : Error(ErrorCode.NotFound, $"Logged model '{Id}' has no tag '{Key}'.", "tag_key");

/// <summary>A param of the logged model has another value already.</summary>
public sealed record LoggedModelParamChanged(string Id, string Key, string OldValue, string NewValue)
    : Error(ErrorCode.Conflict, $"The param '{Key}' of logged model '{Id}' is '{OldValue}' and cannot become '{NewValue}': params are written once.", "params");
