using System.Runtime.CompilerServices;

namespace Runstone.Client.Runs;

/// <summary>
/// Remembers which runs were open when an exception was thrown. Time is counted in runs that start and end: an exception thrown
/// again and again between two of these costs one look-up each time.
/// </summary>
internal static class ThrowMoments
{
    private const int MaxMoments = 32;
    private const int MaxCauses = 64;

    private static readonly ConditionalWeakTable<Exception, List<long>> Thrown = [];
    private static long s_now;
    private static int s_open;
    [ThreadStatic]
    private static bool t_isNoting;

    /// <summary>Listens to every exception of the process; called once.</summary>
    public static void Listen() => AppDomain.CurrentDomain.FirstChanceException += (_, e) => Note(e.Exception);

    /// <summary>A run starts. What is thrown from now on happens while it is open.</summary>
    public static long Open()
    {
        Interlocked.Increment(ref s_open);
        return Interlocked.Increment(ref s_now);
    }

    /// <summary>A run ends. What is thrown from now on happens after it.</summary>
    public static long Close()
    {
        Interlocked.Decrement(ref s_open);
        return Interlocked.Increment(ref s_now);
    }

    /// <summary>Whether the exception, or one that caused it, was thrown between the two moments.</summary>
    public static bool WasThrown(Exception exception, long opened, long closed)
    {
        var causes = new Queue<Exception>([exception]);
        for (var seen = 0; seen < MaxCauses && causes.TryDequeue(out var cause); seen++)
        {
            if (Thrown.TryGetValue(cause, out var moments))
            {
                lock (moments)
                {
                    if (moments.Exists(m => m >= opened && m < closed))
                        return true;
                }
            }

            foreach (var inner in cause is AggregateException many ? many.InnerExceptions : (IEnumerable<Exception?>)[cause.InnerException])
            {
                if (inner is not null)
                    causes.Enqueue(inner);
            }
        }

        return false;
    }

    private static void Note(Exception exception)
    {
        // An exception in here, with no memory left for instance, must not be noted in turn.
        if (Volatile.Read(ref s_open) == 0 || t_isNoting)
            return;
        t_isNoting = true;
        try
        {
            var now = Volatile.Read(ref s_now);
            var moments = Thrown.GetValue(exception, _ => new List<long>(1));
            lock (moments)
            {
                if (moments.Count > 0 && moments[^1] == now)
                    return;
                if (moments.Count == MaxMoments)
                    moments.RemoveAt(0);
                moments.Add(now);
            }
        }
        catch (OutOfMemoryException)
        {
            // The run keeps the status it has.
        }
        finally
        {
            t_isNoting = false;
        }
    }
}
