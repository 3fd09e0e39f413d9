using System.Globalization;

namespace Runstone.Client.Capture;

/// <summary>Running totals of the machine at one moment; null where the system does not tell.</summary>
internal sealed record SystemCounters
{
    /// <summary>Processor time spent working, of all processors, in any unit.</summary>
    public double? CpuBusy { get; init; }

    /// <summary>All processor time, in the same unit.</summary>
    public double? CpuTotal { get; init; }

    /// <summary>Processor time of this process, in seconds.</summary>
    public double ProcessCpuSeconds { get; init; }

    public long? DiskReadBytes { get; init; }

    public long? DiskWrittenBytes { get; init; }

    public long? NetworkReceivedBytes { get; init; }

    public long? NetworkSentBytes { get; init; }

    private const int SectorBytes = 512;

    public static SystemCounters Read()
    {
        var (busy, total) = ReadCpu(MachineFacts.LinesOf("/proc/stat"));
        var (read, written) = ReadDisks(MachineFacts.LinesOf("/proc/diskstats"), name => Directory.Exists("/sys/block/" + name));
        var (received, sent) = ReadNetwork(MachineFacts.LinesOf("/proc/net/dev"));
        return new SystemCounters
        {
            CpuBusy = busy,
            CpuTotal = total,
            ProcessCpuSeconds = Environment.CpuUsage.TotalTime.TotalSeconds,
            DiskReadBytes = read,
            DiskWrittenBytes = written,
            NetworkReceivedBytes = received,
            NetworkSentBytes = sent,
        };
    }

    internal static (double? Busy, double? Total) ReadCpu(IEnumerable<string> stat)
    {
        var line = stat.FirstOrDefault(l => l.StartsWith("cpu ", StringComparison.Ordinal));
        if (line is null)
            return (null, null);
        // user nice system idle iowait irq softirq steal; guest time is part of user time already.
        var times = Numbers(line.AsSpan(4)).Take(8).ToArray();
        return times.Length < 5 ? (null, null) : (times.Sum() - times[3] - times[4], times.Sum());
    }

    internal static (long? Read, long? Written) ReadDisks(IEnumerable<string> diskstats, Func<string, bool> isWholeDisk)
    {
        long? read = null, written = null;
        foreach (var line in diskstats)
        {
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            // Partitions would count twice; loop and memory devices are no disks.
            if (fields.Length < 10 || !isWholeDisk(fields[2]) || fields[2].StartsWith("loop", StringComparison.Ordinal) || fields[2].StartsWith("ram", StringComparison.Ordinal))
                continue;
            if (long.TryParse(fields[5], CultureInfo.InvariantCulture, out var r) && long.TryParse(fields[9], CultureInfo.InvariantCulture, out var w))
                (read, written) = ((read ?? 0) + (r * SectorBytes), (written ?? 0) + (w * SectorBytes));
        }

        return (read, written);
    }

    internal static (long? Received, long? Sent) ReadNetwork(IEnumerable<string> netDev)
    {
        long? received = null, sent = null;
        foreach (var line in netDev)
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0 || line.AsSpan(0, colon).Trim() is "lo")
                continue;
            var numbers = Numbers(line.AsSpan(colon + 1));
            if (numbers.Count >= 9)
                (received, sent) = ((received ?? 0) + (long)numbers[0], (sent ?? 0) + (long)numbers[8]);
        }

        return (received, sent);
    }

    private static List<double> Numbers(ReadOnlySpan<char> text)
    {
        var numbers = new List<double>();
        foreach (var range in text.Split(' '))
        {
            if (double.TryParse(text[range], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                numbers.Add(number);
        }

        return numbers;
    }
}
