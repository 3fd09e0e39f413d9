using System.ComponentModel;
using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Runstone.Cli.Diagnosis;

/// <summary>Programs of the machine that Runstone makes use of when they are there.</summary>
internal static partial class ToolCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken)
    {
        var git = await VersionAsync("git", ["--version"], cancellationToken);
        var node = await VersionAsync("node", ["--version"], cancellationToken);
        var gpu = await VersionAsync("nvidia-smi", ["--query-gpu=driver_version", "--format=csv,noheader"], cancellationToken);
        return
        [
            git is null
                ? Finding.Warn("git", "not found", "Install git: runs then record commit and changes of the code.")
                : Finding.Ok("git", git),
            node is null
                ? Finding.Ok("node", "not found; only needed to build the page from source")
                : Finding.Ok("node", node),
            gpu is null
                ? Finding.Ok("nvidia-smi", "not found; runs record no GPU")
                : Finding.Ok("nvidia-smi", $"driver {gpu}"),
        ];
    }

    private static async Task<string?> VersionAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        try
        {
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            var output = await process.StandardOutput.ReadToEndAsync(limit.Token);
            await errors;
            await process.WaitForExitAsync(limit.Token);
            return process.ExitCode == 0 && Version().Match(output) is { Success: true } version ? version.Value : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    [GeneratedRegex(@"\d+(\.\d+)+", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Version();
}
