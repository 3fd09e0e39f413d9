using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Runstone.Server.Tests;

/// <summary>The server as a process of its own, for what only a process can show: exit codes, signals, sudden death.</summary>
internal sealed class ServerProcess : IDisposable
{
    private readonly Process _process;

    private ServerProcess(Process process, string address) => (_process, Address) = (process, address);

    public string Address { get; }

    /// <summary>Starts the server on a free port and waits until it listens.</summary>
    public static Task<ServerProcess> StartAsync(TestStore store, params IReadOnlyList<string> args) =>
        StartAsync(Launch(store.Variables, ["--port", "0", .. args]));

    /// <summary>Starts the server on a free port with a store that the options name, in an environment with these variables too.</summary>
    public static Task<ServerProcess> StartAsync(IReadOnlyDictionary<string, string> variables, params IReadOnlyList<string> args) =>
        StartAsync(Launch(variables, ["--port", "0", .. args]));

    private static async Task<ServerProcess> StartAsync(Process process)
    {
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.Trim().Split(' ', StringSplitOptions.RemoveEmptyEntries) is ["address", var address])
                return new ServerProcess(process, address);
            if (line.StartsWith('{') && JsonDocument.Parse(line).RootElement is var json && json.GetProperty("event").GetInt32() == 2201)
                return new ServerProcess(process, json.GetProperty("fields").GetProperty("address").GetString()!);
        }

        throw new InvalidOperationException(await process.StandardError.ReadToEndAsync());
    }

    /// <summary>Runs the server until it ends by itself; its exit code and what it wrote.</summary>
    public static async Task<(int Code, string Output, string Errors)> RunAsync(params string[] args)
    {
        using var process = Launch(new Dictionary<string, string>(StringComparer.Ordinal), args);
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await errors);
    }

    /// <summary>Ends the process at once, without a chance to write anything more.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Asks the process to stop, as a supervisor does, and returns its exit code.</summary>
    public async Task<int> TerminateAsync()
    {
        await SignalAsync();
        return await WaitAsync();
    }

    /// <summary>Asks the process to stop.</summary>
    public async Task SignalAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Waits for the end of the process and returns its exit code.</summary>
    public async Task<int> WaitAsync()
    {
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    /// <summary>Bytes of memory that the process has now.</summary>
    public long ResidentBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>Reads on what the process writes, so that a process with much to say is never held up; all of it, at its end.</summary>
    public async Task<string> ReadOnAsync()
    {
        var output = _process.StandardOutput.ReadToEndAsync();
        return await _process.StandardError.ReadToEndAsync() + await output;
    }

    /// <summary>The next line that it writes; null at its end.</summary>
    public Task<string?> ReadLineAsync() => _process.StandardOutput.ReadLineAsync();

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    private static Process Launch(IReadOnlyDictionary<string, string> variables, IReadOnlyList<string> args)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Runstone.Server.dll"));
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        foreach (var arg in args)
            start.ArgumentList.Add(arg);
        return Process.Start(start)!;
    }
}
