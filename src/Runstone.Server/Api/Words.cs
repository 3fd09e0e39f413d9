using System.Globalization;
using Runstone.Core.Access;
using Runstone.Core.Errors;
using Runstone.Core.Experiments;
using Runstone.Core.Ingest;
using Runstone.Core.Media;
using Runstone.Core.Metrics;
using Runstone.Core.Runs;
using Runstone.Protocol;

namespace Runstone.Server.Api;

/// <summary>The words and ids of the wire, and what they mean in the domain.</summary>
internal static class Words
{
    public static string Of(RunStatus status) => status switch
    {
        RunStatus.Running => RunStatuses.Running,
        RunStatus.Scheduled => RunStatuses.Scheduled,
        RunStatus.Finished => RunStatuses.Finished,
        RunStatus.Failed => RunStatuses.Failed,
        _ => RunStatuses.Killed,
    };

    public static string Of(Core.Experiments.Lifecycle lifecycle) => lifecycle switch
    {
        Core.Experiments.Lifecycle.Active => "active",
        Core.Experiments.Lifecycle.Archived => "archived",
        _ => "deleted",
    };

    public static string Of(long id) => id.ToString(CultureInfo.InvariantCulture);

    public static RunStatus? Status(string? text) => text switch
    {
        null => null,
        RunStatuses.Running => RunStatus.Running,
        RunStatuses.Scheduled => RunStatus.Scheduled,
        RunStatuses.Finished => RunStatus.Finished,
        RunStatuses.Failed => RunStatus.Failed,
        RunStatuses.Killed => RunStatus.Killed,
        _ => throw Rejected("status", text, "running, scheduled, finished, failed or killed"),
    };

    public static Core.Experiments.Lifecycle? Lifecycle(string? text) => text switch
    {
        null => null,
        "active" => Core.Experiments.Lifecycle.Active,
        "archived" => Core.Experiments.Lifecycle.Archived,
        "deleted" => Core.Experiments.Lifecycle.Deleted,
        _ => throw Rejected("lifecycle", text, "active, archived or deleted"),
    };

    public static LifecycleView View(string? text) => text switch
    {
        null or "active" => LifecycleView.Active,
        "archived" => LifecycleView.Archived,
        "deleted" => LifecycleView.Deleted,
        "all" => LifecycleView.All,
        _ => throw Rejected("lifecycle", text, "active, archived, deleted or all"),
    };

    public static string Of(SubjectKind kind) => kind switch
    {
        SubjectKind.Run => SubjectKinds.Run,
        SubjectKind.Experiment => SubjectKinds.Experiment,
        _ => SubjectKinds.Report,
    };

    public static SubjectKind Kind(string text) => text switch
    {
        SubjectKinds.Run => SubjectKind.Run,
        SubjectKinds.Experiment => SubjectKind.Experiment,
        SubjectKinds.Report => SubjectKind.Report,
        _ => throw Rejected("kind", text, "run, experiment or report"),
    };

    public static string Of(MediaType type) => type switch
    {
        MediaType.Image => MediaTypes.Image,
        MediaType.Audio => MediaTypes.Audio,
        MediaType.Video => MediaTypes.Video,
        MediaType.Html => MediaTypes.Html,
        MediaType.Text => MediaTypes.Text,
        MediaType.Table => MediaTypes.Table,
        MediaType.Histogram => MediaTypes.Histogram,
        MediaType.Plotly => MediaTypes.Plotly,
        MediaType.ConfusionMatrix => MediaTypes.ConfusionMatrix,
        MediaType.Roc => MediaTypes.Roc,
        _ => MediaTypes.PrecisionRecall,
    };

    public static MediaType Media(string field, string text)
    {
        foreach (var type in Enum.GetValues<MediaType>())
        {
            if (string.Equals(Of(type), text, StringComparison.Ordinal))
                return type;
        }

        throw Rejected(field, text, string.Join(", ", Enum.GetValues<MediaType>().Select(Of)));
    }

    /// <summary>The id of something that the store numbers.</summary>
    public static long Number(string field, string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : throw Rejected(field, text, "a whole number, as the server gave it");

    public static long ExperimentId(string text, string field = "experimentId") =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? id
            : throw Rejected(field, text, "the id of an experiment, a whole number");

    /// <summary>A bound of steps.</summary>
    public static Step? Step(string field, double? value) => value is null ? null : Core.Metrics.Step.FromDouble(value.Value)
        ?? throw new RunstoneException(Error.Invalid(field, "The bound is outside the range of steps."));

    /// <summary>A page size between 1 and <paramref name="max"/>.</summary>
    public static int Limit(int? limit, int standard, int max, string field = "limit") => limit switch
    {
        null => standard,
        _ when limit >= 1 && limit <= max => limit.Value,
        _ => throw Rejected(field, Of(limit.Value), $"a whole number from 1 to {max}"),
    };

    /// <summary>The place of a request in the stream of its source; null when neither is given.</summary>
    public static BatchSequence? Sequence(string? source, long? number) => (source, number) switch
    {
        (null, null) => null,
        ({ } from, { } at) => new BatchSequence(from, at),
        (null, _) => throw new RunstoneException(Error.Invalid("source", "'sequence' needs 'source'.")),
        _ => throw new RunstoneException(Error.Invalid("sequence", "'source' needs 'sequence'.")),
    };

    /// <summary>Rows to pass over.</summary>
    public static int Skip(int? skip, int max) => skip switch
    {
        null => 0,
        _ when skip >= 0 && skip <= max => skip.Value,
        _ => throw Rejected("skip", Of(skip.Value), $"a whole number from 0 to {max}"),
    };

    public static RunstoneException Rejected(string field, string text, string allowed)
    {
        var shown = text.Length <= 80 ? text : string.Concat(text.AsSpan(0, 80), "...");
        return new RunstoneException(Error.Invalid(field, $"'{shown}' is not allowed; allowed is {allowed}."));
    }
}
