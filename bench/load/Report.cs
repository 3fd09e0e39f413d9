using System.Globalization;
using System.Text;

namespace Runstone.Load;

/// <summary>A figure: one value a round, the limit program's beside it where there is one.</summary>
internal sealed record Figure(string Name, string Unit, IReadOnlyList<double> Rounds, IReadOnlyList<double> LimitRounds, string Note)
{
    public double Median => MedianOf(Rounds);

    public double? Limit => LimitRounds.Count == 0 ? null : MedianOf(LimitRounds);

    private static double MedianOf(IReadOnlyList<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }
}

/// <summary>The figures as one Markdown table; each is printed to the console as soon as it is known.</summary>
internal sealed class Report(string heading)
{
    private readonly List<Figure> _figures = [];

    public void Add(Figure figure)
    {
        _figures.Add(figure);
        Console.WriteLine(Row(figure));
    }

    public string ToMarkdown()
    {
        var text = new StringBuilder(heading).AppendLine().AppendLine()
            .AppendLine("| what | median | lowest to highest | unit | limit | share of limit | also |")
            .AppendLine("|---|---:|---:|---|---:|---:|---|");
        foreach (var figure in _figures)
            text.AppendLine(Row(figure));
        return text.ToString();
    }

    private static string Row(Figure figure)
    {
        var share = figure.Limit is { } limit ? (figure.Median / limit).ToString("P0", CultureInfo.InvariantCulture) : "";
        return $"| {figure.Name} | {Number(figure.Median)} | {Number(figure.Rounds.Min())} to {Number(figure.Rounds.Max())} | {figure.Unit} "
            + $"| {(figure.Limit is { } l ? Number(l) : "")} | {share} | {figure.Note} |";
    }

    private static string Number(double value) =>
        value.ToString(Math.Abs(value) switch { >= 100 => "N0", >= 10 => "N1", _ => "N2" }, CultureInfo.InvariantCulture);
}
