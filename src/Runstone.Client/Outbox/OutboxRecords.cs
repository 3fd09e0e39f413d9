using System.Text.Json.Serialization;
using Runstone.Protocol;

namespace Runstone.Client.Outbox;

/// <summary>What an outbox says about itself in <c>meta.json</c>.</summary>
/// <param name="Version">Version of the format: 1.</param>
/// <param name="Server">Address of the server it is meant for; those of several nodes separated by commas.</param>
/// <param name="RunId">The run.</param>
/// <param name="Source">The source of its sequence numbers.</param>
/// <param name="Experiment">Name of the experiment.</param>
/// <param name="Name">Name of the run; null when the server chooses it.</param>
/// <param name="ProcessId">The process that writes it.</param>
/// <param name="CreatedAt">Unix milliseconds.</param>
internal sealed record OutboxMeta(
    int Version, string Server, string RunId, string Source, string Experiment, string? Name, int ProcessId, long CreatedAt);

/// <summary>How far the upload is, in <c>sent.json</c>.</summary>
/// <param name="Log">Everything before was acknowledged, files excepted.</param>
/// <param name="Files">All files before were acknowledged.</param>
/// <param name="Pending">
/// The end of the batch that was last sent from <paramref name="Log"/> on. It is sent with exactly this end again, so that the
/// server knows its sequence number.
/// </param>
internal sealed record SentState(OutboxPosition Log, OutboxPosition Files, OutboxPosition? Pending)
{
    public static readonly SentState Nothing = new(OutboxPosition.Start, OutboxPosition.Start, null);
}

/// <summary>A file to upload.</summary>
/// <param name="Path">Its path in the run.</param>
/// <param name="Source">Full path on this machine; null when the content lies in the outbox.</param>
/// <param name="Staged">Name in <c>files/</c>; null when it is read from its source.</param>
/// <param name="Size">Bytes when it was logged.</param>
/// <param name="Sha256">Hash when it was logged; null when it is hashed on upload only.</param>
/// <param name="ModifiedAt">Unix milliseconds of its last change when it was logged.</param>
/// <param name="Media">What is logged once the file is there; null for a file alone.</param>
internal sealed record OutboxFile(string Path, string? Source, string? Staged, long Size, string? Sha256, long ModifiedAt, MediaItemRequest? Media = null);

/// <summary>A line of <c>rejected.jsonl</c>.</summary>
/// <param name="Ordinal">Number of the record.</param>
/// <param name="Type">What it is.</param>
/// <param name="Record">Its content, readable.</param>
/// <param name="Code">The server's reason as a code.</param>
/// <param name="Field">The field at fault.</param>
/// <param name="Detail">The server's reason in words.</param>
/// <param name="RejectedAt">Unix milliseconds.</param>
internal sealed record RejectedRecord(long Ordinal, string Type, string Record, string Code, string? Field, string Detail, long RejectedAt);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(OutboxMeta))]
[JsonSerializable(typeof(SentState))]
[JsonSerializable(typeof(OutboxFile))]
[JsonSerializable(typeof(RejectedRecord))]
internal sealed partial class OutboxJson : JsonSerializerContext;
