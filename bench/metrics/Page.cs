using System.Text;

namespace Runstone.MetricsBench;

/// <summary>The page of results; written anew after every row, so that a measurement that is ended keeps what it has.</summary>
internal sealed class Page(string? file, string heading)
{
    private readonly StringBuilder _text = new StringBuilder(heading).AppendLine();

    public int Missed { get; private set; }

    /// <summary>Begins the table of an engine.</summary>
    public void Begin(string head) => Write($"\n{head}\n\n{Row.Head}\n");

    public void Add(Row row)
    {
        Missed += row.Goal?.Judge(row.Figure, row.Limit).StartsWith("**", StringComparison.Ordinal) == true ? 1 : 0;
        Write($"{row}\n");
    }

    /// <summary>Says in the table that a line was not measured.</summary>
    public void Gap(string line, string why) =>
        Write($"| {line} | {why.ReplaceLineEndings(" ").Replace('|', '/')} | | | | | | | | | | not measured | |\n");

    public void End(string note) => Write($"\n{note}\n");

    private void Write(string text)
    {
        Console.Write(text);
        _text.Append(text);
        if (file is not null)
            File.WriteAllText(file, _text.ToString());
    }
}
