using Runstone.Cli.Errors;
using Runstone.Cli.Output;
using Runstone.Storage.Administration;

namespace Runstone.Cli.Commands.Admin;

/// <summary>What a copy or a restore did, for people or programs, and its exit code.</summary>
internal static class CopyOutput
{
    public static async Task<int> WriteAsync(Terminal terminal, CopyReport report, bool json)
    {
        if (json)
            await JsonOutput.WriteAsync(terminal, report, CliJson.Default.CopyReport);
        else
            Write(terminal, report);
        return report.Complete ? ExitCode.Ok : ExitCode.Failure;
    }

    private static void Write(Terminal terminal, CopyReport report)
    {
        foreach (var remark in report.Remarks)
            terminal.Out.WriteLine(Plain.Line($"changed: {remark}"));
        foreach (var problem in report.Problems)
            terminal.Out.WriteLine(Plain.Line($"wrong: {problem}"));
        var table = new ResultTable(new("table"), new("rows", Right: true), new("hash"));
        foreach (var (name, rows, hash) in report.Tables)
            table.Add(name, Say.Invariant($"{rows}"), hash[..16]);
        table.Write(terminal);
        terminal.Out.WriteLine(Say.Invariant(
            $"{Say.Count(report.RunsCopied, "run")} and {Say.Count(report.BlobsCopied.Count, "blob")} ({Say.Size(report.BlobsCopied.Bytes)}) copied; {report.BlobsInUse.Count} blobs in use ({Say.Size(report.BlobsInUse.Bytes)})"));
        terminal.Out.WriteLine(Verdict(report));
    }

    private static string Verdict(CopyReport report)
    {
        if (report.Complete)
            return "Complete: counts and hashes of both sides are equal.";
        return report.Problems.Count > 0
            ? $"Not complete: {Say.Count(report.Problems.Count, "thing")} found wrong. Servers refuse the target until a copy of it is complete."
            : "Not complete: the source was written to meanwhile. Stop its servers and run the same command again; only what changed is copied.";
    }
}
