namespace Runstone.Protocol;

/// <summary>
/// Code, command and machine of a run, as the client saw them at the start (docs/formats/run-environment.md). Members that could
/// not be found out are null.
/// </summary>
public sealed record RunEnvironment
{
    /// <summary>The program and its arguments.</summary>
    public IReadOnlyList<string>? Command { get; init; }

    /// <summary>Working directory.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Machine name.</summary>
    public string? Host { get; init; }

    /// <summary>Process id.</summary>
    public int? ProcessId { get; init; }

    /// <summary>State of the git repository around the working directory.</summary>
    public GitState? Git { get; init; }

    /// <summary>Operating system with version.</summary>
    public string? Os { get; init; }

    /// <summary>Processor architecture, for example <c>x64</c>.</summary>
    public string? Architecture { get; init; }

    /// <summary>Language runtime with version, for example <c>.NET 10.0.2</c>.</summary>
    public string? Runtime { get; init; }

    /// <summary>Processor model.</summary>
    public string? Cpu { get; init; }

    /// <summary>Logical processors.</summary>
    public int? CpuCount { get; init; }

    /// <summary>Bytes of memory of the machine.</summary>
    public long? Memory { get; init; }

    /// <summary>Graphics processors.</summary>
    public IReadOnlyList<GpuInfo>? Gpus { get; init; }

    /// <summary>Packages in use, by name, with their versions.</summary>
    public IReadOnlyDictionary<string, string>? Packages { get; init; }

    /// <summary>The client and its version, for example <c>runstone-dotnet 0.1.0</c>.</summary>
    public string? Client { get; init; }
}

/// <summary>The state of a git work tree.</summary>
/// <param name="Commit">Full hash of HEAD.</param>
/// <param name="Branch">Name of the branch; null when detached.</param>
/// <param name="Remote">Address of the remote "origin", without credentials.</param>
/// <param name="Dirty">Tracked files differ from HEAD.</param>
/// <param name="DiffSha256">SHA-256 of the diff against HEAD; the diff itself is the artifact <c>runstone/git.diff</c>. Null when clean.</param>
public sealed record GitState(string Commit, string? Branch, string? Remote, bool Dirty, string? DiffSha256);

/// <summary>A graphics processor.</summary>
/// <param name="Name">Model.</param>
/// <param name="Memory">Bytes; null when unknown.</param>
/// <param name="Driver">Driver version; null when unknown.</param>
public sealed record GpuInfo(string Name, long? Memory, string? Driver);
