namespace Runstone.Client;

/// <summary>How much a <see cref="ClientDiagnostic"/> matters.</summary>
public enum DiagnosticLevel
{
    /// <summary>Good to know, for example that the server is back.</summary>
    Information,

    /// <summary>Something waits or was left out, for example the server cannot be reached.</summary>
    Warning,

    /// <summary>Data could not be written or was refused.</summary>
    Error,
}

/// <summary>Something that happened in the background and that training must not be stopped for.</summary>
/// <param name="Level">How much it matters.</param>
/// <param name="Code">The kind, one of <see cref="DiagnosticCodes"/>.</param>
/// <param name="Message">What happened and what to do.</param>
/// <param name="RunId">The run it is about; null when it is about the client.</param>
/// <param name="Exception">The cause; null when there is none.</param>
public sealed record ClientDiagnostic(DiagnosticLevel Level, string Code, string Message, string? RunId = null, Exception? Exception = null);

/// <summary>The values of <see cref="ClientDiagnostic.Code"/>.</summary>
public static class DiagnosticCodes
{
    /// <summary>The outbox cannot be written (disk full, folder read-only): values are lost until it can, and counted.</summary>
    public const string OutboxUnwritable = "outbox_unwritable";

    /// <summary>Part of an outbox is damaged; everything before the damage was kept.</summary>
    public const string OutboxDamaged = "outbox_damaged";

    /// <summary>The server cannot be reached or is not able to answer; the client tries again.</summary>
    public const string ServerUnavailable = "server_unavailable";

    /// <summary>The server answers again.</summary>
    public const string ServerAvailable = "server_available";

    /// <summary>The server refused a record for good, or its file cannot be read; it was set aside in <c>rejected.jsonl</c>.</summary>
    public const string RecordRejected = "record_rejected";

    /// <summary>The server does not take lines of the console: it has as much as it keeps, or is older than this client.</summary>
    public const string ConsoleRefused = "console_refused";

    /// <summary>The server refuses the run itself; its outbox stays on disk.</summary>
    public const string RunRefused = "run_refused";

    /// <summary>
    /// The client was disposed or the process ends before all was uploaded; the rest stays on disk for <see cref="OutboxSync"/>.
    /// </summary>
    public const string LeftForSync = "left_for_sync";

    /// <summary>A call was ignored because its argument cannot be used.</summary>
    public const string InvalidCall = "invalid_call";

    /// <summary>A call came after the run had ended and was ignored.</summary>
    public const string RunHasEnded = "run_has_ended";

    /// <summary>A file could not be read.</summary>
    public const string FileUnreadable = "file_unreadable";

    /// <summary>A file changed between the call that logged it and its upload; the newer content was uploaded.</summary>
    public const string FileChanged = "file_changed";

    /// <summary>A mistake in the client itself.</summary>
    public const string InternalError = "internal_error";
}
