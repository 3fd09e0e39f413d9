namespace Runstone.Core.Jobs;

/// <summary>Background work that is done again and again, on one node of a store at a time.</summary>
/// <param name="Name">1 to 200 characters; names the lock (<see cref="IJobLock"/>).</param>
/// <param name="Interval">The pause between two attempts of a node, give or take a tenth.</param>
/// <param name="Work">The work; it may be done twice and may be stopped anywhere.</param>
public sealed record Job(string Name, TimeSpan Interval, Func<CancellationToken, Task> Work)
{
    /// <summary>Work that takes longer is stopped and begun again next time. Default 6 hours.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromHours(6);
}
