using Runstone.Cli.Output;
using Runstone.Protocol;

namespace Runstone.Cli.Commands.Runs;

/// <summary>Everything about a run on one sheet for people.</summary>
internal sealed class RunSheet(Terminal terminal)
{
    public void Write(RunDetailsInfo details, string experiment)
    {
        var run = details.Run;
        WriteFacts(run.Info, experiment);
        WritePairs("Params", run.Params);
        WriteMetrics(run.Metrics);
        WritePairs("Tags", run.Tags);
        WriteInputs(run.Inputs);
        if (details.Environment is { } environment)
            WritePairs("Environment", Describe(environment));
        WriteChildren(details.Children);
        if (details.Notes.Length > 0)
        {
            WriteTitle("Notes");
            terminal.Out.WriteLine(Plain.Lines(details.Notes));
        }
    }

    private void WriteFacts(RunInfo info, string experiment)
    {
        var table = new ResultTable(new TableColumn("run"), new TableColumn(info.Id, Cuttable: true));
        table.Add("name", info.Name);
        table.Add("experiment", $"{experiment} ({info.ExperimentId})");
        table.Add("status", info.Status);
        table.Add("started", $"{Say.Time(info.StartTime)} ({Say.Ago(info.StartTime, terminal.Now)})");
        if (info.EndTime is { } end)
            table.Add("ended", $"{Say.Time(end)} (after {Say.Duration(info.StartTime, end)})");
        if (info.User.Length > 0)
            table.Add("user", info.User);
        if (info.ParentId is { } parent)
            table.Add("nested in", parent);
        if (info.Lifecycle != "active")
            table.Add("lifecycle", info.Lifecycle);
        table.Write(terminal);
    }

    private void WritePairs(string title, IReadOnlyDictionary<string, string> pairs)
    {
        if (pairs.Count == 0)
            return;
        WriteTitle($"{title} ({pairs.Count})");
        var table = new ResultTable(new TableColumn("key", Cuttable: true), new TableColumn("value", Cuttable: true));
        foreach (var (key, value) in pairs.OrderBy(p => p.Key, StringComparer.Ordinal))
            table.Add(key, value);
        table.Write(terminal);
    }

    private void WriteMetrics(IReadOnlyDictionary<string, MetricSummaryInfo> metrics)
    {
        if (metrics.Count == 0)
            return;
        WriteTitle($"Metrics ({metrics.Count})");
        var table = new ResultTable(
            new("key", Cuttable: true), new("last", Right: true), new("step", Right: true), new("min", Right: true), new("max", Right: true),
            new("points", Right: true), new("when"));
        foreach (var (key, metric) in metrics.OrderBy(m => m.Key, StringComparer.Ordinal))
        {
            table.Add(
                key, Say.Number(metric.Last), Say.Exact(metric.Step), metric.Min is { } min ? Say.Number(min) : "",
                metric.Max is { } max ? Say.Number(max) : "", Say.Invariant($"{metric.Count}"), Say.Ago(metric.Time, terminal.Now));
        }

        table.Write(terminal);
    }

    private void WriteInputs(IReadOnlyList<DatasetInputInfo> inputs)
    {
        if (inputs.Count == 0)
            return;
        WriteTitle($"Datasets ({inputs.Count})");
        var table = new ResultTable(new("name", Cuttable: true), new("context"), new("digest", Cuttable: true), new("source", Cuttable: true));
        foreach (var input in inputs)
            table.Add(input.Dataset.Name, input.Tags.GetValueOrDefault("context", ""), input.Dataset.Digest, input.Dataset.Source);
        table.Write(terminal);
    }

    private void WriteChildren(IReadOnlyList<RunInfo> children)
    {
        if (children.Count == 0)
            return;
        WriteTitle($"Nested runs ({children.Count})");
        var table = new ResultTable(
            new("run_id"), new("name", Cuttable: true), new("status", Style: RunField.StatusStyle), new("started"), new("duration", Right: true));
        foreach (var child in children)
            table.Add(child.Id, child.Name, child.Status, Say.Ago(child.StartTime, terminal.Now), Say.Duration(child.StartTime, child.EndTime));
        table.Write(terminal);
    }

    private void WriteTitle(string title)
    {
        terminal.Out.WriteLine();
        terminal.Out.WriteLine(title);
    }

    private static Dictionary<string, string> Describe(RunEnvironment environment)
    {
        var facts = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["command"] = environment.Command is { } command ? string.Join(' ', command) : null,
            ["directory"] = environment.WorkingDirectory,
            ["host"] = environment.Host,
            ["os"] = environment.Os,
            ["runtime"] = environment.Runtime,
            ["cpu"] = environment.Cpu is null ? null : Say.Invariant($"{environment.Cpu} ({environment.CpuCount} logical)"),
            ["memory"] = environment.Memory is { } memory ? Say.Size(memory) : null,
            ["gpus"] = environment.Gpus is { Count: > 0 } gpus ? string.Join(", ", gpus.Select(g => g.Name)) : null,
            ["git commit"] = environment.Git is { } git ? git.Commit + (git.Dirty ? " with changes" : "") : null,
            ["git branch"] = environment.Git?.Branch,
            ["git remote"] = environment.Git?.Remote,
            ["packages"] = environment.Packages is { } packages ? Say.Invariant($"{packages.Count}") : null,
            ["client"] = environment.Client,
        };
        return facts.Where(f => f.Value is not null).ToDictionary(f => f.Key, f => f.Value!, StringComparer.Ordinal);
    }
}
