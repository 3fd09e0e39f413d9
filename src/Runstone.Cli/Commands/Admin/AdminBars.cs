using Runstone.Cli.Output;
using Runstone.Storage.Administration;
using Spectre.Console;

namespace Runstone.Cli.Commands.Admin;

/// <summary>Shows how far each step of administration is: bars on a terminal, a line now and then elsewhere, nothing beside JSON.</summary>
internal sealed class AdminBars(Terminal terminal)
{
    private static readonly TimeSpan LineEvery = TimeSpan.FromSeconds(10);

    public async Task<T> RunAsync<T>(bool quiet, Func<IProgress<AdminProgress>?, Task<T>> work)
    {
        if (quiet)
            return await work(null);
        if (!terminal.ShowsProgress)
            return await work(new Lines(terminal));
        return await terminal.DrawProgress()
            .Bars(new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn(), new RemainingTimeColumn())
            .StartAsync(context => work(new Bars(context)));
    }

    private static string Describe(AdminProgress value) => value switch
    {
        { IsBytes: true, Total: { } total } => $"{value.Step}: {Say.Size(value.Done)} of {Say.Size(total)}",
        { IsBytes: true } => $"{value.Step}: {Say.Size(value.Done)}",
        { Total: { } total } => Say.Invariant($"{value.Step}: {value.Done} of {total}"),
        _ => Say.Invariant($"{value.Step}: {value.Done}"),
    };

    private sealed class Bars(ProgressContext context) : IProgress<AdminProgress>
    {
        private readonly Lock _lock = new();
        private readonly Dictionary<string, ProgressTask> _bars = new(StringComparer.Ordinal);

        public void Report(AdminProgress value)
        {
            lock (_lock)
            {
                if (!_bars.TryGetValue(value.Step, out var bar))
                    _bars[value.Step] = bar = context.AddTask(value.Step);
                bar.MaxValue = Math.Max(1, value.Total ?? value.Done + 1);
                bar.Value = value.Done;
                bar.Description = Markup.Escape(Describe(value));
            }
        }
    }

    private sealed class Lines(Terminal terminal) : IProgress<AdminProgress>
    {
        private readonly Lock _lock = new();
        private long _saidAt = terminal.Time.GetTimestamp();

        public void Report(AdminProgress value)
        {
            lock (_lock)
            {
                if (terminal.Time.GetElapsedTime(_saidAt) < LineEvery)
                    return;
                _saidAt = terminal.Time.GetTimestamp();
                terminal.Remark(Describe(value));
            }
        }
    }
}
