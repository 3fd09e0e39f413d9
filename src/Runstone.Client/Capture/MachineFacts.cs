using System.Globalization;
using System.Runtime.InteropServices;

namespace Runstone.Client.Capture;

/// <summary>Facts of the machine that .NET does not tell itself. What cannot be found out is null.</summary>
internal static class MachineFacts
{
    public static string OsName()
    {
        foreach (var line in LinesOf("/etc/os-release"))
        {
            if (line.StartsWith("PRETTY_NAME=", StringComparison.Ordinal))
                return $"{line["PRETTY_NAME=".Length..].Trim('"')} ({RuntimeInformation.OSDescription})";
        }

        return RuntimeInformation.OSDescription;
    }

    public static string? CpuModel()
    {
        foreach (var line in LinesOf("/proc/cpuinfo"))
        {
            if (line.StartsWith("model name", StringComparison.Ordinal) && line.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon)
                return line[(colon + 1)..].Trim();
        }

        return Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER");
    }

    /// <summary>Memory of the machine; where only the runtime tells, what it may use.</summary>
    public static long? MemoryBytes()
    {
        if (KilobytesOf("/proc/meminfo", "MemTotal:") is { } total)
            return total;
        var usable = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        return usable > 0 ? usable : null;
    }

    /// <summary>The number behind a name in a file such as <c>/proc/meminfo</c>, as bytes.</summary>
    public static long? KilobytesOf(string file, string name)
    {
        foreach (var line in LinesOf(file))
        {
            if (!line.StartsWith(name, StringComparison.Ordinal))
                continue;
            var number = line.AsSpan(name.Length).Trim();
            var end = number.IndexOf(' ');
            if (long.TryParse(end < 0 ? number : number[..end], NumberStyles.None, CultureInfo.InvariantCulture, out var kilobytes))
                return kilobytes * 1024;
        }

        return null;
    }

    /// <summary>The lines of a file of the system; none when it cannot be read.</summary>
    public static IEnumerable<string> LinesOf(string file)
    {
        try
        {
            return File.Exists(file) ? File.ReadAllLines(file) : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
