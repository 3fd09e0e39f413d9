namespace Runstone.Protocol;

/// <summary>What a server says of itself.</summary>
/// <param name="Name">"runstone".</param>
/// <param name="Version">Version of the server.</param>
/// <param name="ApiVersion">Version of this API: 1.</param>
/// <param name="StartedAt">Unix milliseconds.</param>
/// <param name="Store">Storage engine, for example "sqlite".</param>
public sealed record ServerInfo(string Name, string Version, int ApiVersion, long StartedAt, string Store);

/// <summary>A run changed, or an experiment itself.</summary>
/// <param name="ExperimentId">The experiment, or that of the run.</param>
/// <param name="RunId">The run; empty when the experiment itself changed.</param>
/// <param name="Kinds">Any of "created", "facts", "params", "tags", "metrics", "artifacts", "inputs", "comments", "console", "media"; of an experiment "facts" and "comments".</param>
public sealed record LiveChange(string ExperimentId, string RunId, IReadOnlyList<string> Kinds);

/// <summary>Changes of up to a quarter of a second; the data of a server-sent event.</summary>
/// <param name="Changes">One an affected run or experiment; empty with <paramref name="Overflow"/>.</param>
/// <param name="Overflow">Too many runs changed to list them: read everything shown again.</param>
public sealed record LiveChanges(IReadOnlyList<LiveChange> Changes, bool Overflow);

/// <summary>An error, RFC 9457 problem details (<c>application/problem+json</c>).</summary>
/// <param name="Type">A URI reference that names the kind, for example <c>urn:runstone:error:invalid</c>.</param>
/// <param name="Title">The kind in words.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">What is wrong and what would be accepted.</param>
/// <param name="Code">Snake case: not_found, already_exists, invalid, conflict, forbidden, too_large, storage_full, unavailable, busy, unsupported.</param>
/// <param name="Field">The field, parameter or path at fault; null when there is none.</param>
/// <param name="RequestId">The id under which the server's log speaks of the request; null when no server answered.</param>
public sealed record Problem(string Type, string Title, int Status, string Detail, string Code, string? Field, string? RequestId = null);
