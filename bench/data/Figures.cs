using System.Globalization;
using System.Text;

namespace Runstone.DataBench;

/// <summary>What was measured, by what was done; medians over rounds.</summary>
internal sealed class Figures
{
    private readonly List<string> _order = [];
    private readonly Dictionary<string, (string Unit, List<double> Values)> _values = new(StringComparer.Ordinal);

    /// <summary>
    /// Runs the work and keeps how much of the amount was done in a second of processor time, or, of no amount, how many milliseconds of it were taken. The work is one thread's and waits for
    /// nothing, so that this is what it takes on a machine of its own, and others who use the machine change it little.
    /// </summary>
    public async Task MeasureAsync(string what, double? megabytes, Func<Task> work)
    {
        GC.Collect();
        var began = Environment.CpuUsage.TotalTime;
        await work();
        var seconds = (Environment.CpuUsage.TotalTime - began).TotalSeconds;
        Keep(what, megabytes is null ? "ms" : "MB/s", megabytes is { } amount ? amount / seconds : seconds * 1000);
    }

    public void Keep(string what, string unit, double value)
    {
        if (!_values.TryGetValue(what, out var kept))
        {
            _values[what] = kept = (unit, []);
            _order.Add(what);
        }

        kept.Values.Add(value);
    }

    public string ToMarkdown()
    {
        var text = new StringBuilder("| what | median | lowest to highest | unit |\n|---|---:|---:|---|\n");
        foreach (var what in _order)
        {
            var (unit, values) = _values[what];
            values.Sort();
            text.Append(CultureInfo.InvariantCulture, $"| {what} | {values[values.Count / 2]:#,0.##} | {values[0]:#,0.##} to {values[^1]:#,0.##} | {unit} |\n");
        }

        return text.ToString();
    }
}
