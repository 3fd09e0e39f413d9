using Runstone.Protocol;
using Runstone.Server.Tests;

namespace Runstone.Client.Tests.Capture;

/// <summary>Others may write to the console of this process meanwhile, so lines carry a mark. What is written here is not shown.</summary>
public sealed class ConsoleCaptureTests : IDisposable
{
    private readonly TextWriter _shown = Console.Out;

    public ConsoleCaptureTests() => Console.SetOut(TextWriter.Null);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Console.SetOut(_shown);

    [Fact]
    public async Task What_a_program_writes_is_kept_while_its_run_is_open()
    {
        await using var server = await RunningServer.StartAsync();
        await using var bench = new Bench(server.Address);
        var (before, mark) = (Console.Out, System.Security.Cryptography.RandomNumberGenerator.GetHexString(32, lowercase: true));
        var heard = new StringWriter();
        Console.SetOut(heard);
        try
        {
            await using (var run = await bench.Client.StartRunAsync("tests", Bench.Quiet() with { RunId = "captured", CaptureConsole = true }, Token))
            {
                Console.WriteLine($"{mark} one");
                Console.Write($"{mark} 10%\r{mark} 100%");
                Console.WriteLine();
                await Console.Error.WriteLineAsync($"{mark} {2}");
                Assert.True(await run.FlushAsync(cancellationToken: Token));
                Assert.Equal(3, (await ReadAsync(bench, mark)).Count);
                Console.Write($"{mark} not ended");
            }

            Console.WriteLine($"{mark} later");
        }
        finally
        {
            Console.SetOut(before);
        }

        var lines = await ReadAsync(bench, mark);
        Assert.Equal("out one|out 100%|err 2|out not ended", string.Join('|', lines.Select(l => l.Stream + l.Text[mark.Length..])));
        Assert.Equal($"{mark} one\n{mark} 10%\r{mark} 100%\n{mark} not ended{mark} later\n", heard.ToString().Replace(Environment.NewLine, "\n", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_more_than_is_wanted_is_left_out_and_said()
    {
        await using var server = await RunningServer.StartAsync();
        await using var bench = new Bench(server.Address);
        var mark = System.Security.Cryptography.RandomNumberGenerator.GetHexString(32, lowercase: true);
        await using (await bench.Client.StartRunAsync("tests", Bench.Quiet() with { RunId = "captured", CaptureConsole = true, CaptureConsoleCharacters = 100_000 }, Token))
        {
            for (var i = 0; i < 100; i++)
                Console.WriteLine(mark + new string('x', 2000));
        }

        Assert.InRange((await ReadAsync(bench, mark)).Count, 1, 60);
        Assert.Single(await ReadAsync(bench, "[runstone] The console is captured up to 100000 characters"));
    }

    [Fact]
    public async Task Lines_wait_on_disk_while_the_server_is_away()
    {
        var mark = System.Security.Cryptography.RandomNumberGenerator.GetHexString(32, lowercase: true);
        await using var server = await RunningServer.StartAsync();
        await using var proxy = await FaultProxy.StartAsync(target: null);
        await using var bench = new Bench(proxy.Address);
        await using (await bench.Client.StartRunAsync("tests", Bench.Quiet() with { RunId = "captured", CaptureConsole = true }, Token))
        {
            for (var i = 0; i < 2500; i++)
                Console.WriteLine($"{mark} {i}");
            proxy.Target = new Uri(server.Address);
        }

        Assert.Equal(Enumerable.Range(0, 2500).Select(i => $"{mark} {i}").ToArray(), (await ReadAsync(bench, mark)).Select(l => l.Text).ToArray());
    }

    private static async Task<List<ConsoleLineInfo>> ReadAsync(Bench bench, string mark) =>
        [.. (await bench.Client.Consoles.ReadAsync("captured", 0, 5000, Token)).Lines.Where(l => l.Text.StartsWith(mark, StringComparison.Ordinal))];
}
