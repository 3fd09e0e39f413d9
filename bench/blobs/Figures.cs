using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Runstone.BlobBench;

/// <summary>Amounts over time, by what was done; medians over rounds.</summary>
internal sealed class Figures
{
    private readonly List<string> _order = [];
    private readonly Dictionary<string, (string Unit, List<double> Values)> _values = new(StringComparer.Ordinal);

    public async Task MeasureAsync(string what, string unit, Func<Task<double>> work)
    {
        GC.Collect();
        var (allocated, began) = (GC.GetTotalAllocatedBytes(precise: true), Stopwatch.GetTimestamp());
        var amount = await work();
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        await Console.Error.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture, $"{what}: {amount / seconds:0.#} {unit}, {(GC.GetTotalAllocatedBytes(precise: true) - allocated) / 1e6:0} MB allocated"));
        if (!_values.TryGetValue(what, out var kept))
        {
            _values[what] = kept = (unit, []);
            _order.Add(what);
        }

        kept.Values.Add(amount / seconds);
    }

    public string ToMarkdown()
    {
        var text = new StringBuilder("| what | median | lowest to highest | unit |\n|---|---:|---:|---|\n");
        foreach (var what in _order)
        {
            var (unit, values) = _values[what];
            values.Sort();
            text.Append(CultureInfo.InvariantCulture, $"| {what} | {values[values.Count / 2]:#,0} | {values[0]:#,0} to {values[^1]:#,0} | {unit} |\n");
        }

        return text.ToString();
    }
}
