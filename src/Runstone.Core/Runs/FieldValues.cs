namespace Runstone.Core.Runs;

/// <summary>A value that runs have.</summary>
/// <param name="Text">The value.</param>
/// <param name="Runs">How many have it; a run with several datasets counts for each.</param>
public sealed record FieldValue(string Text, long Runs);

/// <summary>The values of a field, the most frequent first, equally frequent ones ordinally.</summary>
/// <param name="Values">At most as many as asked for.</param>
/// <param name="Complete">False when the runs of the experiment are more than are looked at, so that counts are those of a part, or when more values were found than asked for.</param>
public sealed record FieldValues(IReadOnlyList<FieldValue> Values, bool Complete)
{
    /// <summary>Values of runs that are looked at.</summary>
    public const int MaxLooks = 100_000;
}
