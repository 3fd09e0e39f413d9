using System.Diagnostics;

namespace Runstone.Load;

/// <summary>What clients that send one request after the other got done in a window of time.</summary>
/// <param name="PerSecond">Requests a second of all clients together.</param>
/// <param name="Latencies">Of each request, ascending.</param>
/// <param name="Sent">Requests, those of the warm-up included.</param>
internal sealed record Window(double PerSecond, TimeSpan[] Latencies, long Sent)
{
    public TimeSpan Percentile(double share) => Latencies.Length == 0 ? default : Latencies[(int)Math.Min(Latencies.Length - 1, share * Latencies.Length)];
}

/// <summary>Runs a closed loop of clients, one thread each: blocking calls cost less than asynchronous ones here.</summary>
internal static class Clients
{
    private const int StackSize = 256 << 10;

    /// <summary>
    /// Sends with <paramref name="count"/> clients for the warm-up and then for the window; <paramref name="prepare"/> gives the
    /// client of this number its own request loop. Throws what the first failing client threw.
    /// </summary>
    public static Window Run(int count, TimeSpan warmUp, TimeSpan window, Func<int, Action> prepare)
    {
        var latencies = new List<long>[count];
        var sent = new long[count];
        var errors = new Exception?[count];
        var sends = Enumerable.Range(0, count).Select(prepare).ToArray();
        var from = Stopwatch.GetTimestamp() + Ticks(warmUp);
        var to = from + Ticks(window);
        var threads = Enumerable.Range(0, count).Select(i => new Thread(() => Loop(i), StackSize)).ToArray();
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();
        return errors.FirstOrDefault(e => e is not null) is { } error
            ? throw new InvalidOperationException(error.Message, error)
            : Sum(latencies, window, sent.Sum());

        void Loop(int client)
        {
            latencies[client] = [];
            try
            {
                for (var started = Stopwatch.GetTimestamp(); started < to; started = Stopwatch.GetTimestamp())
                {
                    sends[client]();
                    sent[client]++;
                    var ended = Stopwatch.GetTimestamp();
                    if (started >= from && ended <= to)
                        latencies[client].Add(ended - started);
                }
            }
            catch (Exception e)
            {
                errors[client] = e;
            }
        }
    }

    private static Window Sum(List<long>[] latencies, TimeSpan window, long sent)
    {
        var all = latencies.SelectMany(l => l).Order().Select(t => Stopwatch.GetElapsedTime(0, t)).ToArray();
        return new Window(all.Length / window.TotalSeconds, all, sent);
    }

    private static long Ticks(TimeSpan time) => (long)(time.TotalSeconds * Stopwatch.Frequency);
}
