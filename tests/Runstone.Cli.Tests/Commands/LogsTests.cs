using System.IO.Pipelines;
using System.Text.Json;
using Runstone.Cli.Errors;
using Runstone.Client;
using Runstone.Protocol;
using Runstone.Server.Tests;

namespace Runstone.Cli.Tests.Commands;

public sealed class LogsTests : IAsyncLifetime
{
    private const string Run = "talking";

    private RunningServer? _server;
    private TrackingClient? _client;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private TrackingClient Client => _client!;

    private string Address => _server!.Address;

    public async ValueTask InitializeAsync()
    {
        _server = await RunningServer.StartAsync();
        _client = new TrackingClient(Address);
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await _server!.DisposeAsync();
    }

    [Fact]
    public async Task Logs_shows_the_console_as_it_came()
    {
        await StartAsync("epoch 1\tloss 0.5", "\u001b[31mred\u001b[0m and \u001b]0;title\u0007\u202Eplain\u001b[2J");
        await Client.Consoles.AppendAsync(Run, new AppendConsoleRequest { Lines = [new NewConsoleLine { Text = "wrong", Stream = ConsoleStreams.Err }] }, Token);
        Assert.Equal("epoch 1\tloss 0.5\nred and \uFFFDplain\nwrong\n", (await LogsAsync(Run)).Ok().Out);
        Assert.Equal("wrong\n", (await LogsAsync(Run, "--tail", "1")).Ok().Out);

        var coloured = (await CliRun.Async(80, "runs", "logs", Run, "-n", "2", "--server", Address)).Ok().Out;
        Assert.Equal("\u001b[31mred\u001b[0m and \uFFFDplain\u001b[0m\nwrong\n", coloured);
    }

    [Fact]
    public async Task Logs_writes_a_line_of_json_each()
    {
        await StartAsync("\u001b[31mred", "last");
        var lines = (await LogsAsync(Run, "--json")).Ok().Lines.Select(l => JsonSerializer.Deserialize(l, RunstoneJson.Default.ConsoleLineInfo)!).ToArray();
        Assert.Equal("\u001b[31mred|last", string.Join('|', lines.Select(l => l.Text)));
        Assert.All(lines, l => Assert.Equal(ConsoleStreams.Out, l.Stream));
    }

    [Fact]
    public async Task Logs_goes_through_all_pages()
    {
        var expected = Enumerable.Range(0, 12_345).Select(i => $"line {i}").ToArray();
        await StartAsync(expected[..6000]);
        await AppendAsync(expected[6000..]);
        Assert.Equal(expected, (await LogsAsync(Run)).Ok().Lines);
    }

    [Fact]
    public async Task A_run_without_a_console_has_no_lines()
    {
        await StartAsync();
        Assert.Equal("", (await LogsAsync(Run)).Ok().Out);
        Assert.Equal("", (await LogsAsync(Run, "--tail", "3", "--json")).Ok().Out);
        (await LogsAsync("missing")).Failed(ExitCode.NotFound, "missing");
    }

    [Fact]
    public async Task Follow_shows_what_is_written_until_the_run_ends()
    {
        await StartAsync("one", "two");
        var pipe = new Pipe();
        using var terminal = new Terminal(pipe.Writer.AsStream(), TextWriter.Null);
        using var interrupt = new Interrupt();
        var exit = CommandLine.RunAsync(["runs", "logs", Run, "--tail", "1", "--follow", "--server", Address], terminal, interrupt);
        using var shown = new StreamReader(pipe.Reader.AsStream());
        Assert.Equal("two", await shown.ReadLineAsync(Token));
        await AppendAsync("three");
        Assert.Equal("three", await shown.ReadLineAsync(Token));
        await AppendAsync("four");
        await Client.Runs.LogAsync(Run, new LogRequest { Status = "finished" }, Token);
        Assert.Equal("four", await shown.ReadLineAsync(Token));
        Assert.Equal(0, await exit);
    }

    private Task<CliRun> LogsAsync(params string[] args) => CliRun.Async(["runs", "logs", .. args, "--server", Address]);

    private async Task StartAsync(params string[] lines)
    {
        await Client.Runs.CreateAsync(new CreateRunRequest { Experiment = "consoles", Id = Run }, Token);
        if (lines.Length > 0)
            await AppendAsync(lines);
    }

    private Task AppendAsync(params string[] lines) => Client.Consoles.AppendAsync(
        Run, new AppendConsoleRequest { Lines = [.. lines.Select(l => new NewConsoleLine { Text = l })] }, Token);
}
