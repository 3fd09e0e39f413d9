using System.CommandLine;
using System.Globalization;
using Runstone.Cli.Errors;
using Runstone.Cli.Features;
using Runstone.Cli.Output;
using Runstone.Core.Artifacts;
using Runstone.Storage.Administration;

namespace Runstone.Cli.Commands.Admin;

/// <summary><c>runstone admin gc</c></summary>
internal sealed class GcCommand : Command, IHasExamples
{
    private readonly Terminal _terminal;
    private readonly StoreFeature _store = new();
    private readonly JsonFeature _json = new();
    private readonly Option<bool> _delete = new("--delete") { Description = "Remove what was found. Without it nothing is changed." };

    private readonly Option<string> _grace = new("--grace")
    {
        Description = "Content younger than this stays: it may be about to be linked. A number with m, h or d.",
        HelpName = "time",
        DefaultValueFactory = _ => "24h",
    };

    public GcCommand(Terminal terminal)
        : base("gc", "Count, or with --delete remove, the content that no file refers to. Works beside servers; to remove from a data folder, stop its server.")
    {
        _terminal = terminal;
        Add(_grace);
        Add(_delete);
        _store.AddTo(this);
        _json.AddTo(this);
        SetAction(RunAsync);
    }

    public IReadOnlyList<string> Examples => ["runstone admin gc --data /srv/runstone", "runstone admin gc --data /srv/runstone --grace 7d --delete"];

    private async Task<int> RunAsync(ParseResult input, CancellationToken cancellationToken)
    {
        var (store, json, delete) = (_store.Of(input), _json.IsOn(input), input.GetValue(_delete));
        var grace = ReadTime(input.GetValue(_grace)!) ?? throw CommandException.Usage("--grace: allowed is a whole number followed by m, h or d, for example 24h.");
        var report = await new AdminWork(_terminal).RunAsync(
            json, "The collection was not finished. Run it again: it finishes what it began.",
            (administration, progress) => administration.CollectAsync(store, grace, delete, Translate(progress), cancellationToken));
        if (json)
            await JsonOutput.WriteAsync(_terminal, report, CliJson.Default.BlobCollectionReport);
        else
            Write(report, delete);
        return ExitCode.Ok;
    }

    private void Write(BlobCollectionReport report, bool delete)
    {
        _terminal.Out.WriteLine(Say.Invariant($"{Say.Count(report.Blobs, "blob")} ({Say.Size(report.Bytes)}); {report.Young} unused and too young to be removed"));
        if (report.Finished > 0)
            _terminal.Out.WriteLine($"{Say.Count(report.Finished, "blob")} of an interrupted collection removed");
        _terminal.Out.WriteLine(Verdict(report, delete));
    }

    private static string Verdict(BlobCollectionReport report, bool delete)
    {
        if (delete)
            return $"{Say.Count(report.Unused, "unused blob")} removed ({Say.Size(report.UnusedBytes)})";
        return report.Unused > 0
            ? $"{Say.Count(report.Unused, "unused blob")} ({Say.Size(report.UnusedBytes)}); --delete removes them"
            : "Nothing is to be removed.";
    }

    private static Reports? Translate(IProgress<AdminProgress>? progress) => progress is null ? null : new Reports(progress);

    private static TimeSpan? ReadTime(string text)
    {
        if (text.Length < 2 || !int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number > 100_000)
            return null;
        return text[^1] switch
        {
            'm' => TimeSpan.FromMinutes(number),
            'h' => TimeSpan.FromHours(number),
            'd' => TimeSpan.FromDays(number),
            _ => null,
        };
    }

    private sealed class Reports(IProgress<AdminProgress> progress) : IProgress<BlobCollectionReport>
    {
        public void Report(BlobCollectionReport value) => progress.Report(new AdminProgress("blobs", value.Blobs, null));
    }
}
