using Runstone.Core.Access;

namespace Runstone.Core.Stars;

/// <summary>Something that a person wants to find again quickly.</summary>
/// <param name="Subject">What it is.</param>
/// <param name="StarredAt">Unix milliseconds.</param>
public sealed record Star(Subject Subject, long StarredAt);
