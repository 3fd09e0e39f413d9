using System.Globalization;
using System.Text;
using Runstone.Protocol;

namespace Runstone.Client.Capture;

/// <summary>A measurement of a graphics processor; what it does not tell is null.</summary>
internal readonly record struct GpuSample(int Index, double? Utilization, double? MemoryUsed, double? MemoryTotal, double? Power, double? Temperature);

/// <summary>Asks <c>nvidia-smi</c> for graphics processors, where there is one.</summary>
internal static class NvidiaSmi
{
    private const int MaxBytes = 256 * 1024;
    private const double Mebibyte = 1024 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>The processors; null without the program.</summary>
    public static async Task<IReadOnlyList<GpuInfo>?> ListAsync(CancellationToken cancellationToken) =>
        await QueryAsync("name,memory.total,driver_version", cancellationToken) is { } text ? ParseList(text) : null;

    /// <summary>Their present load; null without the program.</summary>
    public static async Task<IReadOnlyList<GpuSample>?> SampleAsync(CancellationToken cancellationToken) =>
        await QueryAsync("index,utilization.gpu,memory.used,memory.total,power.draw,temperature.gpu", cancellationToken) is { } text ? ParseSamples(text) : null;

    internal static IReadOnlyList<GpuInfo> ParseList(string text)
    {
        var gpus = new List<GpuInfo>();
        foreach (var fields in Rows(text))
        {
            if (fields.Length == 3)
                gpus.Add(new GpuInfo(fields[0], Number(fields[1]) is { } mebibytes ? (long)(mebibytes * Mebibyte) : null, fields[2]));
        }

        return gpus;
    }

    internal static IReadOnlyList<GpuSample> ParseSamples(string text)
    {
        var samples = new List<GpuSample>();
        foreach (var fields in Rows(text))
        {
            if (fields.Length == 6 && int.TryParse(fields[0], NumberStyles.None, CultureInfo.InvariantCulture, out var index))
            {
                samples.Add(new GpuSample(
                    index, Number(fields[1]), Number(fields[2]) * Mebibyte, Number(fields[3]) * Mebibyte, Number(fields[4]), Number(fields[5])));
            }
        }

        return samples;
    }

    private static async Task<string?> QueryAsync(string fields, CancellationToken cancellationToken)
    {
        var output = await ToolProcess.ReadAsync(
            "nvidia-smi", ["--query-gpu=" + fields, "--format=csv,noheader,nounits"], null, Patience, MaxBytes, cancellationToken);
        return output is null ? null : Encoding.UTF8.GetString(output);
    }

    private static IEnumerable<string[]> Rows(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(l => l.Split(',', StringSplitOptions.TrimEntries));

    // A card that does not tell something says "[N/A]" or "[Not Supported]".
    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
}
