using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Runstone.Cli.Tests;

/// <summary>A command run inside the test, and what it wrote.</summary>
/// <param name="ExitCode">What the process would return.</param>
/// <param name="OutBytes">Standard output.</param>
/// <param name="Error">Standard error.</param>
internal sealed record CliRun(int ExitCode, byte[] OutBytes, string Error)
{
    public string Out => Encoding.UTF8.GetString(OutBytes);

    public string[] Lines => Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public static Task<CliRun> Async(params string[] args) => Async(width: null, args);

    /// <param name="width">Columns of the terminal; null for a pipe.</param>
    /// <param name="args">The arguments.</param>
    public static Task<CliRun> Async(int? width, params string[] args) => RunAsync(width, progress: false, args);

    /// <summary>With standard error on a terminal.</summary>
    public static Task<CliRun> WithProgressAsync(params string[] args) => RunAsync(width: null, progress: true, args);

    /// <summary>Asserts that it went well and nothing was remarked.</summary>
    public CliRun Ok()
    {
        Assert.Equal("", Error);
        Assert.Equal(0, ExitCode);
        return this;
    }

    /// <summary>Asserts an exit code, no data and one line that says something.</summary>
    public void Failed(int exitCode, string said)
    {
        Assert.Contains(said, Error, StringComparison.Ordinal);
        Assert.Equal(exitCode, ExitCode);
        Assert.Single(Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("runstone: ", Error, StringComparison.Ordinal);
        Assert.Empty(OutBytes);
    }

    /// <summary>The items of the JSON array that was written.</summary>
    public IReadOnlyList<T> Array<T>(JsonTypeInfo<T> type)
    {
        using var document = JsonDocument.Parse(OutBytes);
        return [.. document.RootElement.EnumerateArray().Select(e => e.Deserialize(type)!)];
    }

    private static async Task<CliRun> RunAsync(int? width, bool progress, string[] args)
    {
        using var bytes = new MemoryStream();
        await using var error = new StringWriter();
        using var interrupt = new Interrupt();
        var terminal = new Terminal(bytes, error) { Width = width, Colors = width is not null, ShowsProgress = progress };
        var exitCode = await CommandLine.RunAsync(args, terminal, interrupt);
        return new CliRun(exitCode, bytes.ToArray(), error.ToString());
    }
}
