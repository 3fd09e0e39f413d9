using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Runstone.Cli.Errors;

namespace Runstone.Cli.Tests;

/// <summary>The command as a process of its own: environment, pipes, signals.</summary>
public sealed class ProcessTests(SampleServer server)
{
    [Fact]
    public async Task The_environment_names_the_server()
    {
        using var child = Child.Start(("RUNSTONE_TRACKING_URI", server.Address), "runs", "list", "-e", "census");
        var (exitCode, output, error) = await child.EndAsync();
        Assert.Equal((0, ""), (exitCode, error));
        Assert.Contains("forest-1", output, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_environment_that_names_no_server_is_wrong_usage()
    {
        using var child = Child.Start(("RUNSTONE_TRACKING_URI", "nowhere"), "runs", "list");
        var (exitCode, output, error) = await child.EndAsync();
        Assert.Equal((ExitCode.Usage, ""), (exitCode, output));
        Assert.StartsWith("runstone: RUNSTONE_TRACKING_URI: 'nowhere' is not the address of a server", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reader_that_has_enough_ends_it_quietly()
    {
        using var child = Child.Start(("RUNSTONE_TRACKING_URI", server.Address), "runs", "search", "--json");
        child.Process.StandardOutput.Close();
        await child.Process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal((ExitCode.OutputClosed, ""), (child.Process.ExitCode, await child.Process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)));
    }

    [Theory]
    [InlineData("INT", ExitCode.Interrupted)]
    [InlineData("TERM", ExitCode.Terminated)]
    public async Task A_signal_ends_a_command_that_waits(string signal, int expected)
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var address = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}");
        using var child = Child.Start(("RUNSTONE_TRACKING_URI", address), "runs", "list");
        using var connection = await silent.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        await child.SignalAsync(signal);
        var (exitCode, output, error) = await child.EndAsync();
        Assert.Equal((expected, "", "runstone: stopped before the end.\n"), (exitCode, output, error));
    }

    [Fact]
    public async Task Serve_starts_the_server_with_its_options_and_ends_with_a_signal()
    {
        using var folder = new TemporaryFolder();
        using var child = Child.Start(("RUNSTONE__PORT", "0"), "serve", "--data", folder["data"]);
        var address = await child.ReadAddressAsync();
        var list = (await CliRun.Async("experiments", "list", "--server", address)).Ok();
        Assert.Contains("Default", list.Out, StringComparison.Ordinal);
        await child.SignalAsync("INT");
        Assert.Equal(0, (await child.EndAsync()).ExitCode);
        Assert.True(File.Exists(folder["data/runstone.db"]));
    }

    [Fact]
    public async Task Serve_leaves_its_options_to_the_server()
    {
        using var wrong = Child.Start(("NO_COLOR", "1"), "serve", "--port", "many", "--nonsense");
        var (exitCode, _, error) = await wrong.EndAsync();
        Assert.Equal(2, exitCode);
        Assert.Contains("--port: 'many' is not allowed", error, StringComparison.Ordinal);
        Assert.Contains("--nonsense", error, StringComparison.Ordinal);
        using var help = Child.Start(("NO_COLOR", "1"), "serve", "--help");
        Assert.Contains("runstone serve [options]", (await help.EndAsync()).Output, StringComparison.Ordinal);
    }

    private sealed class Child(Process process) : IDisposable
    {
        public Process Process => process;

        public static Child Start((string Name, string Value) variable, params string[] args)
        {
            var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "runstone.dll"), .. args])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                RedirectStandardInput = true,
                UseShellExecute = false,
                WorkingDirectory = Path.GetTempPath(),
            };
            foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("RUNSTONE", StringComparison.Ordinal)).ToArray())
                start.Environment.Remove(name);
            start.Environment[variable.Name] = variable.Value;
            return new Child(Process.Start(start)!);
        }

        public async Task<(int ExitCode, string Output, string Error)> EndAsync()
        {
            var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            return (process.ExitCode, output, await error);
        }

        public async Task<string> ReadAddressAsync()
        {
            while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
            {
                if (line.TrimStart().StartsWith("address", StringComparison.Ordinal))
                    return line[line.IndexOf("http", StringComparison.Ordinal)..].Trim();
            }

            throw new InvalidOperationException($"The server ended: {await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)}");
        }

        public async Task SignalAsync(string signal)
        {
            using var kill = Process.Start("kill", ["-s", signal, process.Id.ToString(CultureInfo.InvariantCulture)]);
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        public void Dispose()
        {
            if (!process.HasExited)
                process.Kill();
            process.Dispose();
        }
    }
}
