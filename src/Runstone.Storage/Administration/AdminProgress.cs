namespace Runstone.Storage.Administration;

/// <summary>How far a step of administration is.</summary>
/// <param name="Step">What is done, for example "runs".</param>
/// <param name="Done">How much of it, in the unit of the step.</param>
/// <param name="Total">How much there is; null while nobody knows.</param>
/// <param name="IsBytes">Whether the numbers are bytes.</param>
public sealed record AdminProgress(string Step, long Done, long? Total, bool IsBytes = false);
