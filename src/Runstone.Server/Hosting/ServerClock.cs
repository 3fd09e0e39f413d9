namespace Runstone.Server.Hosting;

/// <summary>When the server started.</summary>
internal sealed class ServerClock(TimeProvider time)
{
    /// <summary>Unix milliseconds.</summary>
    public long StartedAt { get; } = time.GetUtcNow().ToUnixTimeMilliseconds();
}
