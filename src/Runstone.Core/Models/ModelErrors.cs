using Runstone.Core.Errors;

namespace Runstone.Core.Models;

/// <summary>No registered model has this name.</summary>
public sealed record ModelNotFound(string Name)
    : Error(ErrorCode.NotFound, $"There is no registered model named '{Name}'.", "name");

/// <summary>Another registered model has the name.</summary>
public sealed record ModelNameTaken(string Name)
    : Error(ErrorCode.AlreadyExists, $"A registered model named '{Name}' already exists. Add a version to it, or choose another name.", "name");

/// <summary>The model has no version of this number, or has it no more.</summary>
public sealed record ModelVersionNotFound(string Model, int Number)
    : Error(ErrorCode.NotFound, $"Registered model '{Model}' has no version {Number}.", "version");

/// <summary>The model has no such alias.</summary>
public sealed record AliasNotFound(string Model, string Alias)
    : Error(ErrorCode.NotFound, $"Registered model '{Model}' has no alias '{Alias}'.", "alias");
