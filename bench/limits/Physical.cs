using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Runstone.Limits;

/// <summary>What the disk, the processor and the memory of this machine give, one figure each.</summary>
/// <param name="Fsyncs">Appends of 4 KiB made durable one after the other, a second.</param>
/// <param name="DiskWrite">A file of 64 MiB written and made durable, bytes a second.</param>
/// <param name="Sha256">SHA-256 on one core, bytes a second.</param>
/// <param name="JsonParse">Reading the JSON of a 1,000-point batch on one core, bytes a second.</param>
/// <param name="MemoryCopy">Copying between buffers larger than the caches on one core, bytes copied a second.</param>
public sealed record Physical(double Fsyncs, double DiskWrite, double Sha256, double JsonParse, double MemoryCopy)
{
    private const int Rounds = 5;
    private const int Page = 4 << 10;
    private static readonly TimeSpan Window = TimeSpan.FromMilliseconds(300);

    /// <summary>Measures each figure as the median of five windows, of 0.3 s unless given; writes a scratch file into the folder.</summary>
    public static Physical Measure(string folder, TimeSpan? window = null)
    {
        var each = window ?? Window;
        var block = RandomNumberGenerator.GetBytes(16 << 20);
        var batch = Batch();
        byte[] from = new byte[256 << 20], to = new byte[256 << 20];
        from.AsSpan().Fill(1); // until written, all pages of an array may be one page of zeros
        return new Physical(
            Appends(folder, Page, each) / Page,
            Appends(folder, 64 << 20, each),
            Median(() => block.Length, () => SHA256.HashData(block), each),
            Median(() => batch.Length, () => JsonWalk.Sum(batch), each),
            Median(() => from.Length, () => from.CopyTo(to.AsSpan()), each));
    }

    /// <summary>A Markdown table of the figures.</summary>
    public string ToMarkdown() => string.Create(CultureInfo.InvariantCulture, $"""
        | limit of this machine | |
        |---|---|
        | appends of 4 KiB made durable (write + fsync) | {Fsyncs:N0} a second |
        | files of 64 MiB written and made durable | {DiskWrite / 1e6:N0} MB/s |
        | SHA-256, one core | {Sha256 / 1e6:N0} MB/s |
        | JSON parse of a 1,000-point batch, one core | {JsonParse / 1e6:N0} MB/s |
        | memory copy, one core | {MemoryCopy / 1e9:N1} GB/s |
        """);

    /// <summary>Bytes a second of appends of this size, each made durable before the next.</summary>
    private static double Appends(string folder, int size, TimeSpan window)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, "fsync.scratch");
        try
        {
            using var file = File.OpenHandle(path, FileMode.Create, FileAccess.Write);
            var (block, offset) = (RandomNumberGenerator.GetBytes(size), 0L);
            return Median(() => size, () =>
            {
                RandomAccess.Write(file, block, offset);
                RandomAccess.FlushToDisk(file);
                offset += size;
            }, window);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static double Median(Func<double> unitsOfOne, Action action, TimeSpan window)
    {
        action();
        var rates = new double[Rounds];
        for (var i = 0; i < Rounds; i++)
        {
            var (units, started) = (0.0, Stopwatch.GetTimestamp());
            do
            {
                action();
                units += unitsOfOne();
            }
            while (Stopwatch.GetElapsedTime(started) < window);
            rates[i] = units / Stopwatch.GetElapsedTime(started).TotalSeconds;
        }

        Array.Sort(rates);
        return rates[Rounds / 2];
    }

    private static byte[] Batch()
    {
        var text = new StringBuilder("{\"run_id\":\"0123456789abcdef0123456789abcdef\",\"metrics\":[");
        var random = new Random(1);
        for (var i = 0; i < 1000; i++)
        {
            text.Append(CultureInfo.InvariantCulture,
                $"{(i == 0 ? "" : ",")}{{\"key\":\"loss\",\"value\":{random.NextDouble():R},\"timestamp\":{1_700_000_000_000 + i},\"step\":{i}}}");
        }

        return Encoding.UTF8.GetBytes(text.Append("]}").ToString());
    }
}
