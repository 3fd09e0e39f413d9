using Runstone.Cli.Output;
using Runstone.Client;

namespace Runstone.Cli.Diagnosis;

/// <summary>What waits on this machine to be uploaded, and what was refused.</summary>
internal static class OutboxCheck
{
    public static IReadOnlyList<Finding> Run(string home, DateTimeOffset now)
    {
        if (!Directory.Exists(home))
            return [Finding.Ok("outbox", $"{home} is not there; the first run logged from C# makes it")];
        var findings = new List<Finding> { FolderCheck.Writable("outbox", home), FolderCheck.Space(home) };
        var runs = new OutboxSync(new OutboxSyncOptions { HomeFolder = home }).List();
        findings.Add(Waiting(runs, now));
        var rejected = Path.Combine(home, "rejected");
        if (Directory.Exists(rejected) && Directory.EnumerateFileSystemEntries(rejected).Count() is var count and > 0)
        {
            findings.Add(Finding.Warn(
                "outbox", $"records of {Say.Count(count, "run")} were refused and lie in {rejected}",
                "Read the reasons in rejected.jsonl there; remove the folder when they do not matter."));
        }

        return findings;
    }

    private static Finding Waiting(IReadOnlyList<OutboxInfo> runs, DateTimeOffset now)
    {
        var active = runs.Count(r => r.InUse);
        var waiting = runs.Where(r => !r.InUse).ToArray();
        var logging = active == 0 ? "" : $", {Say.Count(active, "run")} being logged";
        return waiting.Length == 0
            ? Finding.Ok("outbox", $"nothing waits{logging}")
            : Finding.Warn(
                "outbox",
                $"{Say.Count(waiting.Length, "run")} of {Say.Size(waiting.Sum(r => r.Bytes))} on disk, the oldest from {Say.Ago(waiting[0].StartedAt, now)}, not uploaded{logging}",
                "Upload with 'runstone sync'.");
    }
}
