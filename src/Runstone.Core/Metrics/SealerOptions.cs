namespace Runstone.Core.Metrics;

/// <summary>When logs are sealed, and by how many workers of a node.</summary>
public sealed record SealerOptions
{
    /// <summary>A run is sealed when its log has this many points. Default 65,536.</summary>
    public int Points { get; init; } = 65_536;

    /// <summary>A run with fewer points is sealed when nothing came for this long. Default 5 minutes.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>A run that ended is sealed when nothing came for this long, as clients may send the rest after the end. Default 10 seconds.</summary>
    public TimeSpan EndQuiet { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Runs that a node seals at the same time; 0 leaves the work to other nodes. Default 1.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>How often a node looks for work when nobody asks it to. Default 5 seconds.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The pause between two looks when it is asked all the time. Default 200 milliseconds.</summary>
    public TimeSpan LeastPause { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>A run that could not be sealed, as one with damaged rows, is left alone for this long. Default 10 minutes.</summary>
    public TimeSpan FailurePause { get; init; } = TimeSpan.FromMinutes(10);

    /// <inheritdoc cref="SealOptions"/>
    public SealOptions Pass { get; init; } = new();
}
