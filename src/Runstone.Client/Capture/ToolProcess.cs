using System.ComponentModel;
using System.Diagnostics;

namespace Runstone.Client.Capture;

/// <summary>Runs a program of the machine for its output, within bounds of time and size.</summary>
internal static class ToolProcess
{
    /// <summary>Standard output; null when the program is not there, fails, takes too long or says more than the limit.</summary>
    public static async Task<byte[]?> ReadAsync(
        string program, IReadOnlyList<string> arguments, string? directory, TimeSpan timeout, int maxBytes, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        Process? process = null;
        try
        {
            process = Process.Start(Describe(program, arguments, directory));
            if (process is null)
                return null;
            process.StandardInput.Close();
            var errors = process.StandardError.BaseStream.CopyToAsync(Stream.Null, limit.Token);
            var output = await ReadBoundedAsync(process.StandardOutput.BaseStream, maxBytes, limit.Token);
            if (output is null)
                return null;
            await errors;
            await process.WaitForExitAsync(limit.Token);
            return process.ExitCode == 0 ? output : null;
        }
        catch (Exception e) when (e is Win32Exception or OperationCanceledException or IOException or InvalidOperationException)
        {
            return null;
        }
        finally
        {
            End(process);
        }
    }

    private static ProcessStartInfo Describe(string program, IReadOnlyList<string> arguments, string? directory)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
            WorkingDirectory = directory ?? "",
        };
        // Reading the state of a repository must neither ask questions nor take its locks.
        start.Environment["GIT_OPTIONAL_LOCKS"] = "0";
        start.Environment["GIT_TERMINAL_PROMPT"] = "0";
        start.Environment["LC_ALL"] = "C";
        return start;
    }

    private static async Task<byte[]?> ReadBoundedAsync(Stream stream, int maxBytes, CancellationToken cancellationToken)
    {
        using var content = new MemoryStream();
        var buffer = new byte[16_384];
        int read;
        while ((read = await stream.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (content.Length + read > maxBytes)
                return null;
            content.Write(buffer, 0, read);
        }

        return content.ToArray();
    }

    private static void End(Process? process)
    {
        if (process is null)
            return;
        try
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or NotSupportedException)
        {
            // It has just ended by itself.
        }

        process.Dispose();
    }
}
