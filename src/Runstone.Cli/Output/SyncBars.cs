using Runstone.Client;
using Spectre.Console;

namespace Runstone.Cli.Output;

/// <summary>Shows how far the upload of each waiting run is, on a terminal only.</summary>
internal sealed class SyncBars(Terminal terminal)
{
    public async Task<T> RunAsync<T>(Func<IProgress<OutboxSyncProgress>?, Task<T>> work)
    {
        if (!terminal.ShowsProgress)
            return await work(null);
        return await terminal.DrawProgress()
            .Bars(new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
            .StartAsync(context => work(new Bars(context)));
    }

    private sealed class Bars(ProgressContext context) : IProgress<OutboxSyncProgress>
    {
        private readonly Lock _lock = new();
        private readonly Dictionary<string, ProgressTask> _bars = new(StringComparer.Ordinal);

        public void Report(OutboxSyncProgress value)
        {
            lock (_lock)
            {
                if (!_bars.TryGetValue(value.Run.Folder, out var bar))
                    _bars[value.Run.Folder] = bar = context.AddTask(TransferBars.Describe(value.Run.Name ?? value.Run.RunId));
                bar.MaxValue = Math.Max(1, value.TotalRecords);
                bar.Value = value.Records;
            }
        }
    }
}
