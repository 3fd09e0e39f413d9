using Runstone.Core.Errors;

namespace Runstone.Core.Views;

/// <summary>No view has this id.</summary>
public sealed record ViewNotFound(string Id)
    : Error(ErrorCode.NotFound, $"There is no saved view with id {Id}; it may have been removed.", "viewId");

/// <summary>The person has another view of this name on the experiment.</summary>
public sealed record ViewNameTaken(string Name)
    : Error(ErrorCode.AlreadyExists, $"You have a view named '{Name}' here already. Replace it, or choose another name.", "name");

/// <summary>Somebody changed the view since it was read.</summary>
public sealed record ViewChanged(long Revision)
    : Error(ErrorCode.Conflict, $"The view was changed meanwhile; it has revision {Revision} now. Open it again, or save yours under another name.", "revision");

/// <summary>The experiment has as many views as are kept.</summary>
public sealed record TooManyViews(int Most)
    : Error(ErrorCode.TooLarge, $"The experiment has {Most} saved views, which is the most. Remove one first.", "name");
