namespace Runstone.Core.Ingest;

/// <summary>
/// A bounded amount of memory that requests share: each takes what it needs and returns it at its end. Who finds no room waits in
/// order of arrival, for a short time. Something larger than the whole is let in alone, so that nothing is refused for ever.
/// </summary>
public sealed class Allowance(int maxCount, long maxBytes, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<Waiter> _waiting = [];
    private int _count;
    private long _bytes;

    /// <summary>Requests that hold something now.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _count;
        }
    }

    /// <summary>Bytes taken now.</summary>
    public long Bytes
    {
        get
        {
            lock (_lock)
                return _bytes;
        }
    }

    /// <summary>Requests that wait for room now.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock)
                return _waiting.Count;
        }
    }

    /// <summary>Takes the bytes when there is room and nobody waits for it; <paramref name="count"/> is 0 to enlarge what is held.</summary>
    public bool TryTake(int count, long bytes)
    {
        lock (_lock)
        {
            if (_waiting.Count > 0 || !Fits(count, bytes))
                return false;
            Take(count, bytes);
            return true;
        }
    }

    /// <summary>Takes the bytes, waiting for room as long as <paramref name="patience"/>; false when there was none, or too many wait.</summary>
    public async ValueTask<bool> TakeAsync(int count, long bytes, TimeSpan patience, CancellationToken cancellationToken)
    {
        var waiter = new Waiter(count, bytes);
        lock (_lock)
        {
            if (_waiting.Count == 0 && Fits(count, bytes))
            {
                Take(count, bytes);
                return true;
            }

            if (_waiting.Count >= maxCount)
                return false;
            waiter.Node = _waiting.AddLast(waiter);
        }

        try
        {
            await waiter.Admitted.Task.WaitAsync(patience, time, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return !Leave(waiter);
        }
        catch (OperationCanceledException)
        {
            if (!Leave(waiter))
                Return(count, bytes);
            throw;
        }
    }

    /// <summary>Gives back what was taken and lets in who waits for it.</summary>
    public void Return(int count, long bytes)
    {
        lock (_lock)
        {
            _count -= count;
            _bytes -= bytes;
            AdmitWaiting();
        }
    }

    /// <summary>Whether the waiter was still waiting; one that was admitted at the same moment holds its bytes.</summary>
    private bool Leave(Waiter waiter)
    {
        lock (_lock)
        {
            if (waiter.Node is not { } node)
                return false;
            _waiting.Remove(node);
            waiter.Node = null;

            // The one behind may be smaller.
            AdmitWaiting();
            return true;
        }
    }

    private void AdmitWaiting()
    {
        while (_waiting.First is { Value: var next } && Fits(next.Count, next.Bytes))
        {
            Take(next.Count, next.Bytes);
            _waiting.RemoveFirst();
            next.Node = null;
            next.Admitted.SetResult();
        }
    }

    private bool Fits(int count, long bytes) => _bytes == 0 || (_count + count <= maxCount && _bytes + bytes <= maxBytes);

    private void Take(int count, long bytes)
    {
        _count += count;
        _bytes += bytes;
    }

    private sealed class Waiter(int count, long bytes)
    {
        public int Count => count;

        public long Bytes => bytes;

        public LinkedListNode<Waiter>? Node { get; set; }

        public TaskCompletionSource Admitted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
