namespace Runstone.Protocol;

/// <summary>Points of a run that were erased for good.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Key">The metric; absent for all metrics of the run.</param>
/// <param name="Points">How many points there were; of those that were not sealed yet, repeats may be counted too.</param>
/// <param name="Reason">Why, as the one who asked for it, or retention, said it.</param>
/// <param name="Time">When, Unix milliseconds.</param>
/// <param name="SummariesKept">Last, first, least and greatest value and count of the metrics stayed, as retention leaves them.</param>
public sealed record ErasureInfo(string RunId, string? Key, long Points, string Reason, long Time, bool SummariesKept);
