using Runstone.Client;

namespace Runstone.Cli.Commands;

/// <summary>What became of a run that waited on this machine, as <c>sync --json</c> writes it.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Experiment">Its experiment.</param>
/// <param name="Name">Its name; absent when the server made one up.</param>
/// <param name="Server">The server it was meant for.</param>
/// <param name="Folder">Where it waited.</param>
/// <param name="Outcome">"synced", "in_use", "refused" or "unreachable".</param>
/// <param name="Records">Records on the server, those of earlier attempts included.</param>
/// <param name="Rejected">Records that the server refused and that were set aside.</param>
/// <param name="Detail">Why it is not synced; absent when it is.</param>
internal sealed record SyncLine(
    string RunId, string Experiment, string? Name, string Server, string Folder, string Outcome, long Records, long Rejected, string? Detail)
{
    public static SyncLine Of(OutboxSyncResult result) => new(
        result.Run.RunId, result.Run.Experiment, result.Run.Name, result.Run.ServerAddress, result.Run.Folder, NameOf(result.Outcome),
        result.Records, result.Rejected, result.Detail);

    private static string NameOf(OutboxSyncOutcome outcome) => outcome switch
    {
        OutboxSyncOutcome.Synced => "synced",
        OutboxSyncOutcome.InUse => "in_use",
        OutboxSyncOutcome.Refused => "refused",
        OutboxSyncOutcome.Unreachable => "unreachable",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "unknown outcome"),
    };
}
