using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Runstone.Load;

/// <summary>A server started for a measurement; killed with its data when disposed of.</summary>
internal sealed class ServerProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Process _process;

    private ServerProcess(Process process, IPEndPoint address, TimeSpan startTime) => (_process, Address, StartTime) = (process, address, startTime);

    public IPEndPoint Address { get; }

    /// <summary>From the start of the process to the end of its first answer.</summary>
    public TimeSpan StartTime { get; }

    public long ResidentBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>The most it ever had resident.</summary>
    public long PeakResidentBytes
    {
        get
        {
            _process.Refresh();
            return _process.PeakWorkingSet64;
        }
    }

    /// <summary>Time on processors so far.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Starts a published Runstone.Server (an executable or a .dll).</summary>
    public static ServerProcess Start(string executable, string folder, IEnumerable<string> options)
    {
        var port = FreePort();
        return Start(executable, ["--port", Text.Of(port), "--data", folder, .. options], port, "/health/ready");
    }

    /// <summary>Starts the bare server of bench/limits, which is built beside this program; it commits to PostgreSQL when given a database.</summary>
    public static ServerProcess StartLimits(string folder, string? database = null)
    {
        var port = FreePort();
        string[] place = database is null ? [folder] : [folder, database];
        return Start(Path.Combine(AppContext.BaseDirectory, "Runstone.Limits.dll"), ["serve", Text.Of(port), .. place], port, "/");
    }

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }

    private static ServerProcess Start(string executable, string[] arguments, int port, string path)
    {
        var isLibrary = executable.EndsWith(".dll", StringComparison.Ordinal);
        var info = new ProcessStartInfo(isLibrary ? "dotnet" : executable) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in isLibrary ? arguments.Prepend(executable) : arguments)
            info.ArgumentList.Add(argument);
        var address = new IPEndPoint(IPAddress.Loopback, port);
        var started = Stopwatch.GetTimestamp();
        var process = Process.Start(info)!;
        var output = new StringBuilder();
        process.OutputDataReceived += (_, line) => Append(output, line.Data);
        process.ErrorDataReceived += (_, line) => Append(output, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var pause = new ManualResetEventSlim();
        while (!Answers(address, path))
        {
            if (process.HasExited || Stopwatch.GetElapsedTime(started) > Patience)
            {
                process.Kill();
                throw new InvalidOperationException($"{executable} did not start:\n{output}");
            }

            pause.Wait(2);
        }

        return new ServerProcess(process, address, Stopwatch.GetElapsedTime(started));
    }

    private static void Append(StringBuilder output, string? line)
    {
        lock (output)
            output.AppendLine(line);
    }

    private static bool Answers(IPEndPoint address, string path)
    {
        try
        {
            using var connection = new Http.Connection(address);
            connection.Send(Http.Requests.Build("GET", path));
            return true;
        }
        catch (Exception e) when (e is SocketException or InvalidOperationException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
