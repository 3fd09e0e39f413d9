namespace Runstone.Client;

/// <summary>How often cases of each class were taken for each class.</summary>
/// <param name="Labels">The names of 1 to 500 classes.</param>
/// <param name="Counts">A row a class: how many of its cases were taken for each class.</param>
public sealed record ConfusionCounts(IReadOnlyList<string> Labels, IReadOnlyList<IReadOnlyList<long>> Counts)
{
    /// <summary>Cases to look at, some or all; null when there are none.</summary>
    public MediaTable? Examples { get; init; }

    /// <summary>Of each row of <see cref="Examples"/> the place of its class in <see cref="Labels"/>.</summary>
    public IReadOnlyList<int> Actual { get; init; } = [];

    /// <summary>Of each row of <see cref="Examples"/> the place of the class that it was taken for.</summary>
    public IReadOnlyList<int> Predicted { get; init; } = [];

    /// <summary>Counts cases.</summary>
    /// <param name="labels">The names of the classes.</param>
    /// <param name="actual">Of each case the place of its class in the labels.</param>
    /// <param name="predicted">Of each case the place of the class that it was taken for.</param>
    /// <param name="examples">A row a case, to look at; null for none.</param>
    /// <exception cref="ArgumentException">The lists differ in length, or a place is none of a label.</exception>
    public static ConfusionCounts Of(IReadOnlyList<string> labels, IReadOnlyList<int> actual, IReadOnlyList<int> predicted, MediaTable? examples = null)
    {
        if (actual.Count != predicted.Count || (examples is not null && examples.Rows.Count != actual.Count))
            throw new ArgumentException($"There are {actual.Count} actual and {predicted.Count} predicted classes; each case needs one of each, and its row.", nameof(predicted));
        var counts = labels.Select(_ => new long[labels.Count]).ToArray();
        for (var i = 0; i < actual.Count; i++)
        {
            if ((uint)actual[i] >= (uint)labels.Count || (uint)predicted[i] >= (uint)labels.Count)
                throw new ArgumentException($"Case {i} has class {actual[i]} and was taken for {predicted[i]}; there are {labels.Count} labels.", nameof(actual));
            counts[actual[i]][predicted[i]]++;
        }

        var matrix = new ConfusionCounts(labels, counts);
        return examples is null ? matrix : matrix with { Examples = examples, Actual = actual, Predicted = predicted };
    }
}
