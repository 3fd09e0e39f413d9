using Runstone.Core.Errors;
using Runstone.Core.Ingest;

namespace Runstone.Server.Hosting;

/// <summary>Marks an endpoint whose request body passes through in small pieces, whatever its size.</summary>
internal sealed class StreamedBody
{
    public static readonly StreamedBody Instance = new();
}

/// <summary>How much the bodies of all requests that are under way may take of the process' memory.</summary>
internal sealed class RequestMemory(long bytes, TimeSpan patience, TimeProvider time)
{
    /// <summary>Taken for a body of unknown length to begin with, and each time it turns out to be longer.</summary>
    public const long Step = 1L << 20;

    private const long Least = 16L << 20;

    private const int MaxRequests = 65_536;

    private static readonly Error Full = new(
        ErrorCode.Busy, "The requests under way take all the memory that the server gives them; nothing of this one was kept. Send it again after a pause.");

    private readonly Allowance _allowance = new(MaxRequests, bytes, time);

    /// <summary>Bytes of bodies under way.</summary>
    public long Taken => _allowance.Bytes;

    /// <summary>The bound for this process: 256 MiB, less on a small machine.</summary>
    public static RequestMemory OfProcess(TimeSpan patience, TimeProvider time) => new(ShareOfProcess(256L << 20), patience, time);

    /// <summary>
    /// As much as wanted but not more than a sixteenth of the process' memory, because what is made of bytes takes several times
    /// their space. A request that is larger than all of it is let in alone.
    /// </summary>
    public static long ShareOfProcess(long wanted) => Math.Min(wanted, Math.Max(Least, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 16));

    /// <summary>Waits for the memory of a request, or of the rest of one that has some already; throws <see cref="ErrorCode.Busy"/>.</summary>
    public ValueTask TakeAsync(long size, bool more, CancellationToken cancellationToken)
    {
        var count = more ? 0 : 1;
        return _allowance.TryTake(count, size) ? ValueTask.CompletedTask : WaitAsync(count, size, cancellationToken);
    }

    public void Return(long size) => _allowance.Return(1, size);

    private async ValueTask WaitAsync(int count, long size, CancellationToken cancellationToken)
    {
        if (!await _allowance.TakeAsync(count, size, patience, cancellationToken))
            throw new RunstoneException(Full);
    }
}
