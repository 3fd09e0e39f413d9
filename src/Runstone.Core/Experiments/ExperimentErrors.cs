using Runstone.Core.Errors;

namespace Runstone.Core.Experiments;

/// <summary>No experiment has this id.</summary>
public sealed record ExperimentNotFound(string Id)
    : Error(ErrorCode.NotFound, $"There is no experiment with id {Id}.", "experiment_id");

/// <summary>No experiment has this name.</summary>
public sealed record ExperimentNameNotFound(string Name)
    : Error(ErrorCode.NotFound, $"There is no experiment named '{Name}'.", "name");

/// <summary>Another experiment, whatever its lifecycle, has the name.</summary>
public sealed record ExperimentNameTaken(string Name)
    : Error(ErrorCode.AlreadyExists, $"An experiment named '{Name}' already exists. Names stay taken while the experiment is deleted; restore it or choose another name.", "name");

/// <summary>The experiment is deleted and the request needs one that is not.</summary>
public sealed record ExperimentNotActive(long Id)
    : Error(ErrorCode.Conflict, $"Experiment {Id} is deleted. Restore it first.", "experiment_id");

/// <summary>The experiment has no such tag.</summary>
public sealed record ExperimentTagNotFound(long Id, string Key)
    : Error(ErrorCode.NotFound, $"Experiment {Id} has no tag '{Key}'.", "key");
