namespace Runstone.Client;

/// <summary>What a run starts with. Everything is optional.</summary>
public sealed record RunOptions
{
    /// <summary>A name for people; the server makes one up when null.</summary>
    public string? Name { get; init; }

    /// <summary>
    /// Hyperparameters: a dictionary, or any object whose public properties are taken, nested ones with dots (see
    /// <see cref="Run.LogParams"/>).
    /// </summary>
    public object? Params { get; init; }

    /// <summary>Tags.</summary>
    public IReadOnlyDictionary<string, string>? Tags { get; init; }

    /// <summary>Notes in Markdown.</summary>
    public string? Notes { get; init; }

    /// <summary>Nests the run in this one.</summary>
    public Run? Parent { get; init; }

    /// <summary>Nests the run in the one with this id, which may live in another process. Ignored with <see cref="Parent"/>.</summary>
    public string? ParentId { get; init; }

    /// <summary>
    /// Resumes the run with this id, or creates it under this id when there is none. 1 to 256 letters, digits, <c>_</c> and <c>-</c>,
    /// beginning with a letter or digit. Null for a new id.
    /// </summary>
    public string? RunId { get; init; }

    /// <summary>Who starts it. Default: the user of the operating system.</summary>
    public string? User { get; init; }

    /// <summary>
    /// Capture code, command line, packages and machine (docs/formats/run-environment.md). Default: yes for a top-level run, no for a
    /// nested one.
    /// </summary>
    public bool? CaptureEnvironment { get; init; }

    /// <summary>
    /// Capture what the program writes to <see cref="Console.Out"/> and <see cref="Console.Error"/> while the run is open, which goes where it went before too. Of
    /// progress bars the last state is kept; what the runtime or native code writes past the console is not. Default: as <see cref="CaptureEnvironment"/>,
    /// yes for a top-level run and no for a nested one.
    /// </summary>
    public bool? CaptureConsole { get; init; }

    /// <summary>Characters of the console that are captured at most. Default: 268,435,456.</summary>
    public long CaptureConsoleCharacters { get; init; } = 1 << 28;

    /// <summary>
    /// How often the machine is measured under <c>system/</c> keys; <see cref="TimeSpan.Zero"/> turns it off. Default: every 10 seconds
    /// for a top-level run, off for a nested one.
    /// </summary>
    public TimeSpan? SystemMetricsInterval { get; init; }
}

/// <summary>Whether a logged file is copied at once or read when its turn to be uploaded comes.</summary>
public enum ArtifactStaging
{
    /// <summary>Copy files up to 8 MiB, reference larger ones.</summary>
    Auto,

    /// <summary>Copy into the outbox during the call: the file may change or go afterwards.</summary>
    Copy,

    /// <summary>Read from where it is, later: the file must stay as it is until the run has ended.</summary>
    Reference,
}
