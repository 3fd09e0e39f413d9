using Runstone.Client;
using Spectre.Console;

namespace Runstone.Cli.Output;

/// <summary>Shows how far a transfer of files is, on a terminal only.</summary>
internal sealed class TransferBars(Terminal terminal)
{
    private const int NameWidth = 30;

    /// <summary>Does the work, which reports to the progress it is given; null when nobody looks.</summary>
    /// <param name="title">What is done, until the first file says its name.</param>
    /// <param name="totalBytes">Bytes of all files.</param>
    /// <param name="work">The transfer.</param>
    public async Task RunAsync(string title, long totalBytes, Func<IProgress<TransferProgress>?, Task> work)
    {
        if (!terminal.ShowsProgress)
        {
            await work(null);
            return;
        }

        await terminal.DrawProgress()
            .Bars(new ProgressBarColumn(), new PercentageColumn(), new DownloadedColumn(), new TransferSpeedColumn(), new RemainingTimeColumn())
            .StartAsync(async context =>
            {
                var bar = context.AddTask(Describe(title), maxValue: Math.Max(1, totalBytes));
                await work(new Bar(bar));
                bar.Value = bar.MaxValue;
            });
    }

    /// <summary>A name as a bar shows it; a bar must have one.</summary>
    public static string Describe(string name) =>
        string.IsNullOrWhiteSpace(name) ? "(no name)" : Markup.Escape(Plain.Fit(Plain.Line(name), NameWidth));

    private sealed class Bar(ProgressTask bar) : IProgress<TransferProgress>
    {
        private readonly Lock _lock = new();
        private string _path = "";
        private long _bytes;

        public void Report(TransferProgress value)
        {
            lock (_lock)
            {
                if (!string.Equals(_path, value.Path, StringComparison.Ordinal))
                {
                    (_path, _bytes) = (value.Path, 0);
                    bar.Description = Describe(value.Path);
                }

                bar.Increment(value.Bytes - _bytes);
                _bytes = value.Bytes;
            }
        }
    }
}
