using System.Globalization;
using Runstone.Server.Tests;

namespace Runstone.Client.Tests;

/// <summary>Integers that are logged keep all their digits, also those that no double holds.</summary>
public sealed class IntegerTests
{
    private const long Beyond = (1L << 53) + 1;

    private static readonly long[] Integers =
        [0, -1, 1L << 53, Beyond, (1L << 53) + 2, -Beyond, long.MaxValue, long.MaxValue - 1, long.MinValue, long.MinValue + 1, 1_764_000_000_123_456_789];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task All_digits_arrive_once_among_other_points(bool loseAnswers)
    {
        await using var server = await RunningServer.StartAsync();
        await using var proxy = await FaultProxy.StartAsync(target: null);
        if (loseAnswers)
            proxy.Decide = (_, number) => number % 2 == 0 ? Fault.CutAfter : Fault.None;
        await using var bench = new Bench(proxy.Address);
        await using var run = await bench.StartAsync();
        var expected = new List<long>();
        for (var i = 0; i < 6000; i++)
        {
            run.Log("loss", i == 7 ? double.NaN : i / 3.0, (long)i);
            if (i % 500 == 0)
            {
                var integer = Integers[i / 500 % Integers.Length];
                expected.Add(integer);
                run.Log("counted", integer);
                run.Log("stepped", integer, (long)i);
                run.Log("halves", integer, i + 0.5m);
                run.LogMetric("timed", integer, i, DateTimeOffset.FromUnixTimeMilliseconds(i));
                run.LogMetrics(i, ("several", integer));
            }
        }

        proxy.Target = new Uri(server.Address);
        await run.DisposeAsync();
        proxy.Decide = (_, _) => Fault.None;

        foreach (var key in (string[])["counted", "stepped", "halves", "timed", "several"])
        {
            var history = await bench.HistoryAsync(run.Id, key);
            Assert.Equal(expected.Select(i => (double)i), history.Value);
            var texts = history.Texts?.ToDictionary(t => t.Index, t => t.Text) ?? [];
            Assert.Equal(expected, history.Value.Select((v, i) => texts.TryGetValue(i, out var text) ? long.Parse(text, CultureInfo.InvariantCulture) : (long)v));
        }

        var loss = await bench.HistoryAsync(run.Id, "loss");
        Assert.Equal(Enumerable.Range(0, 6000).Select(i => i == 7 ? double.NaN : i / 3.0), loss.Value);
        foreach (var (key, summary) in (await bench.GetAsync(run.Id)).Run.Metrics)
            Assert.True(summary.Count == (key == "loss" ? 6000 : expected.Count), $"{key} has {summary.Count} points.");
        Assert.Empty(bench.Outboxes);
    }

    [Fact]
    public async Task A_refused_integer_is_set_aside_with_its_digits()
    {
        await using var server = await RunningServer.StartAsync();
        await using var bench = new Bench(server.Address);
        await using var run = await bench.StartAsync();
        run.Log("kept", Beyond);
        run.Log(new string('x', 1025), Beyond, 3L);
        run.Log("kept", -Beyond);
        await run.DisposeAsync();

        var history = await bench.HistoryAsync(run.Id, "kept");
        Assert.Equal("9007199254740993 -9007199254740993", string.Join(' ', (history.Texts ?? []).Select(t => t.Text)));
        var rejected = Assert.Single(Directory.GetFiles(Path.Combine(bench.Home, "rejected"), "rejected.jsonl", SearchOption.AllDirectories));
        Assert.Contains("value=9007199254740993", await File.ReadAllTextAsync(rejected, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }
}
