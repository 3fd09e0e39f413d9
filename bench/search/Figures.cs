using System.Globalization;
using System.Text;

namespace Runstone.SearchBench;

/// <summary>Rows of latencies as one Markdown table; each is printed as soon as it is known.</summary>
internal sealed class Figures(string heading)
{
    private readonly List<string> _rows = [];
    private readonly List<string> _notes = [];

    public void Add(string name, List<double> milliseconds, double processor, List<double> limit, string target, string answer)
    {
        var (p50, p95) = (Percentile(milliseconds, 0.5), Percentile(milliseconds, 0.95));
        var plain = limit.Count == 0 ? "" : Text(Percentile(limit, 0.5));
        var row = $"| {name} | {Text(p50)} | {Text(p95)} | {Text(processor)} | {milliseconds.Count} | {plain} | {target} | {answer} |";
        _rows.Add(row);
        Console.WriteLine(row);
    }

    public void Note(string text) => _notes.Add(text);

    public string ToMarkdown()
    {
        var text = new StringBuilder(heading).AppendLine().AppendLine()
            .AppendLine("| search | p50 ms | p95 ms | server CPU ms | requests | plain SQL p50 ms | target | answer |")
            .AppendLine("|---|---:|---:|---:|---:|---:|---|---|");
        foreach (var row in _rows)
            text.AppendLine(row);
        foreach (var note in _notes)
            text.AppendLine().AppendLine(note);
        return text.AppendLine().ToString();
    }

    private static double Percentile(List<double> values, double share)
    {
        var sorted = values.Order().ToArray();
        return sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * share))];
    }

    private static string Text(double value) => value.ToString(value >= 100 ? "0" : "0.0", CultureInfo.InvariantCulture);
}
