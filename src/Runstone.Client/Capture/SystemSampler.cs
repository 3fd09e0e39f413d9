namespace Runstone.Client.Capture;

/// <summary>Logs the load of the machine under <c>system/</c> keys while a run is open (docs/formats/run-environment.md).</summary>
internal static class SystemSampler
{
    private static readonly TimeSpan FirstAfter = TimeSpan.FromSeconds(1);

    /// <summary>Samples until the run ends; never throws.</summary>
    public static async Task RunAsync(Run run, TimeSpan interval, CancellationToken ending)
    {
        var time = run.Session.Options.TimeProvider;
        try
        {
            var hasGpus = true;
            var before = SystemCounters.Read();
            var at = time.GetTimestamp();
            var wait = FirstAfter < interval ? FirstAfter : interval;
            while (true)
            {
                await Task.Delay(wait, time, ending);
                wait = interval;
                var now = SystemCounters.Read();
                var elapsed = time.GetElapsedTime(at);
                at = time.GetTimestamp();
                Write(run, before, now, elapsed.TotalSeconds);
                before = now;
                hasGpus = hasGpus && await WriteGpusAsync(run, ending);
            }
        }
        catch (OperationCanceledException)
        {
            // The run ends.
        }
        catch (Exception e)
        {
            run.Session.Report(DiagnosticLevel.Warning, DiagnosticCodes.InternalError, $"The machine is not measured any more: {e.Message}", e);
        }
    }

    /// <summary>The measurements between two moments, by key.</summary>
    internal static IEnumerable<(string Key, double Value)> Measure(SystemCounters before, SystemCounters now, double seconds)
    {
        if (seconds <= 0)
            yield break;
        if (now.CpuTotal - before.CpuTotal is > 0 and var total)
            yield return ("system/cpu_percent", 100 * (now.CpuBusy - before.CpuBusy ?? 0) / total);
        yield return ("system/process_cpu_percent", 100 * (now.ProcessCpuSeconds - before.ProcessCpuSeconds) / seconds / Environment.ProcessorCount);
        if (now.DiskReadBytes - before.DiskReadBytes is { } read)
            yield return ("system/disk_read_bytes_per_second", read / seconds);
        if (now.DiskWrittenBytes - before.DiskWrittenBytes is { } written)
            yield return ("system/disk_write_bytes_per_second", written / seconds);
        if (now.NetworkReceivedBytes - before.NetworkReceivedBytes is { } received)
            yield return ("system/network_receive_bytes_per_second", received / seconds);
        if (now.NetworkSentBytes - before.NetworkSentBytes is { } sent)
            yield return ("system/network_send_bytes_per_second", sent / seconds);
    }

    private static IEnumerable<(string Key, double Value)> MeasureLevels()
    {
        yield return ("system/process_memory_bytes", Environment.WorkingSet);
        if (MachineFacts.KilobytesOf("/proc/meminfo", "MemTotal:") is { } total
            && MachineFacts.KilobytesOf("/proc/meminfo", "MemAvailable:") is { } available)
        {
            yield return ("system/memory_used_bytes", total - available);
            yield return ("system/memory_percent", 100.0 * (total - available) / total);
        }

        if (DiskUse() is { } disk)
            yield return ("system/disk_percent", disk);
    }

    private static double? DiskUse()
    {
        try
        {
            var drive = new DriveInfo(Environment.CurrentDirectory);
            return drive.TotalSize > 0 ? 100.0 * (drive.TotalSize - drive.AvailableFreeSpace) / drive.TotalSize : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    private static void Write(Run run, SystemCounters before, SystemCounters now, double seconds)
    {
        foreach (var (key, value) in Measure(before, now, seconds).Concat(MeasureLevels()))
            run.Log(key, value);
    }

    private static async Task<bool> WriteGpusAsync(Run run, CancellationToken ending)
    {
        if (await NvidiaSmi.SampleAsync(ending) is not { } samples)
            return ending.IsCancellationRequested;
        foreach (var gpu in samples)
        {
            LogKnown(run, gpu.Index, "percent", gpu.Utilization);
            LogKnown(run, gpu.Index, "memory_used_bytes", gpu.MemoryUsed);
            LogKnown(run, gpu.Index, "memory_percent", 100 * gpu.MemoryUsed / gpu.MemoryTotal);
            LogKnown(run, gpu.Index, "power_watts", gpu.Power);
            LogKnown(run, gpu.Index, "temperature_celsius", gpu.Temperature);
        }

        return true;
    }

    private static void LogKnown(Run run, int index, string name, double? value)
    {
        if (value is { } known)
            run.Log($"system/gpu{index}_{name}", known);
    }
}
