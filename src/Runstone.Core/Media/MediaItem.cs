using Runstone.Core.Metrics;

namespace Runstone.Core.Media;

/// <summary>What a media item is. The numbers are stored.</summary>
public enum MediaType
{
    Image = 0,
    Audio = 1,
    Video = 2,
    Html = 3,
    Text = 4,
    Table = 5,
    Histogram = 6,
    Plotly = 7,
    ConfusionMatrix = 8,
    Roc = 9,
    PrecisionRecall = 10,
}

/// <summary>
/// Something to look at that a run logged at a step. Key and step name no single item: a run may log several images under one key at one
/// step, and they stay in the order in which they came.
/// </summary>
/// <param name="Key">A name as metrics have: 1 to 1,024 bytes of UTF-8.</param>
/// <param name="Step">Where in the run; always set.</param>
/// <param name="Time">Unix milliseconds.</param>
/// <param name="Type">What it is.</param>
public sealed record MediaItem(string Key, Step Step, long Time, MediaType Type)
{
    /// <summary>The file of the run that holds it; null when <see cref="Data"/> does. It need not be there: files can be removed.</summary>
    public string? Path { get; init; }

    /// <summary>JSON of the shape that the type has (docs/formats/media.md), as the client wrote it; null when a file holds it.</summary>
    public string? Data { get; init; }

    public string? Caption { get; init; }
}

/// <summary>An item as it is kept.</summary>
/// <param name="Id">Unique in its store; of items of one step the later one has the greater.</param>
/// <param name="Item">The item.</param>
public sealed record StoredMedia(long Id, MediaItem Item)
{
    /// <summary>A smaller picture of it, a file of the run; null when there is none.</summary>
    public string? Preview { get; init; }

    internal MediaPosition Position => new(Item.Step, Id);
}

/// <summary>A place in the order of a key's items: by step, then by id.</summary>
public readonly record struct MediaPosition(Step Step, long Id) : IComparable<MediaPosition>
{
    /// <inheritdoc/>
    public int CompareTo(MediaPosition other)
    {
        var byStep = Step.CompareTo(other.Step);
        return byStep != 0 ? byStep : Id.CompareTo(other.Id);
    }

    public static bool operator <(MediaPosition left, MediaPosition right) => left.CompareTo(right) < 0;

    public static bool operator >(MediaPosition left, MediaPosition right) => left.CompareTo(right) > 0;

    public static bool operator <=(MediaPosition left, MediaPosition right) => left.CompareTo(right) <= 0;

    public static bool operator >=(MediaPosition left, MediaPosition right) => left.CompareTo(right) >= 0;
}

/// <summary>The items of one type under one key of a run, summed up.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Key">The key.</param>
/// <param name="Type">The type.</param>
/// <param name="Count">How many.</param>
/// <param name="First">The least step.</param>
/// <param name="Last">The greatest step.</param>
/// <param name="LastTime">The greatest time, Unix milliseconds.</param>
public sealed record MediaKey(string RunId, string Key, MediaType Type, long Count, Step First, Step Last, long LastTime);

/// <summary>Steps of a key at which something was logged, and how many items there.</summary>
public readonly record struct MediaStep(Step Step, long Count);

/// <summary>Which items of a run are meant; both steps are inclusive, null is open.</summary>
public sealed record MediaQuery(string RunId, string Key)
{
    public Step? From { get; init; }

    public Step? To { get; init; }

    internal bool Holds(Step step) => !(step < From) && !(step > To);
}

/// <summary>Items in order, and whether the size of their data or the limit left some out that follow.</summary>
public sealed record MediaPage(IReadOnlyList<StoredMedia> Items, bool HasMore);
