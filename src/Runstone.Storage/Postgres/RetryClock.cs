namespace Runstone.Storage.Postgres;

/// <summary>
/// Decides whether work is done again: after conflicts a bounded number of times, after a lost connection until the time is up.
/// </summary>
/// <param name="patience">How long a lost database is waited for.</param>
/// <param name="time">The clock.</param>
/// <param name="afterTimeouts">Whether a server that is too slow is asked again.</param>
/// <param name="lostAt">Since when the database is known to be lost (a timestamp of <paramref name="time"/>); null when it is not.</param>
internal sealed class RetryClock(TimeSpan patience, TimeProvider time, bool afterTimeouts = false, long? lostAt = null)
{
    private const int MaxConflicts = 50;
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(400);

    private int _conflicts;
    private int _losses;
    private TimeSpan _pause;

    /// <summary>Since when the database is lost; null while it was not.</summary>
    public long? LostAt { get; private set; } = lostAt;

    /// <summary>Whether the work may be done again after <see cref="WaitAsync"/>.</summary>
    public bool Allows(Exception exception)
    {
        if (PostgresErrors.IsConflict(exception))
        {
            // Those that met now should not meet again.
            _pause = TimeSpan.FromMilliseconds(Random.Shared.Next(Math.Min(++_conflicts * 4, 100)));
            return _conflicts <= MaxConflicts;
        }

        if (!PostgresErrors.IsLost(exception) || (!afterTimeouts && PostgresErrors.IsTimeout(exception)))
            return false;
        LostAt ??= time.GetTimestamp();
        _pause = _losses == 0 ? TimeSpan.Zero : TimeSpan.FromMilliseconds(Math.Min(20 << Math.Min(_losses, 8), LongestPause.TotalMilliseconds));
        _losses++;
        return time.GetElapsedTime(LostAt.Value) + _pause < patience;
    }

    public Task WaitAsync(CancellationToken cancellationToken) =>
        _pause == TimeSpan.Zero ? Task.CompletedTask : Task.Delay(_pause, time, cancellationToken);
}
