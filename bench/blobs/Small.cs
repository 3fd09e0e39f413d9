using System.Diagnostics;
using System.Security.Cryptography;

namespace Runstone.BlobBench;

/// <summary>Small objects, each writer sending the next when the last is answered.</summary>
internal static class Small
{
    private const int Size = 4096;

    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(5);

    /// <summary>The objects written in a little more than the duration.</summary>
    public static async Task<double> RunAsync(int writers, Func<Stream, Task> write)
    {
        var began = Stopwatch.GetTimestamp();
        var counts = await Task.WhenAll(Enumerable.Range(0, writers).Select(async _ =>
        {
            var count = 0;
            for (; Stopwatch.GetElapsedTime(began) < Duration; count++)
                await write(new MemoryStream(RandomNumberGenerator.GetBytes(Size)));
            return count;
        }));
        return counts.Sum();
    }
}
