using System.Text;
using System.Text.Json;
using Runstone.Client.Media;
using Runstone.Client.Outbox;
using Runstone.Protocol;

namespace Runstone.Client;

/// <content>Things to look at, by step (docs/formats/media.md).</content>
public sealed partial class Run
{
    /// <summary>Logs a picture.</summary>
    /// <param name="key">What it is a series of, for example <c>val/samples</c>; several items may have one key and step.</param>
    /// <param name="file">The file: PNG, JPEG, GIF, WebP, SVG. Copied during the call unless it is larger than 8 MiB.</param>
    /// <param name="step">Where in the run.</param>
    /// <param name="caption">A line about it.</param>
    public void LogImage(string key, string file, decimal step = 0, string? caption = null) => LogMediaFile(MediaTypes.Image, key, file, step, caption);

    /// <summary>Logs a picture that is in memory.</summary>
    /// <param name="key">What it is a series of.</param>
    /// <param name="content">The encoded picture; copied during the call.</param>
    /// <param name="step">Where in the run.</param>
    /// <param name="caption">A line about it.</param>
    /// <param name="extension">How it is encoded: <c>png</c>, <c>jpg</c>, <c>gif</c>, <c>webp</c>, <c>svg</c>.</param>
    public void LogImage(string key, ReadOnlySpan<byte> content, decimal step = 0, string? caption = null, string extension = "png") =>
        LogMediaBytes(MediaTypes.Image, key, content, extension, step, caption);

    /// <summary>Logs sound.</summary>
    /// <param name="key">What it is a series of.</param>
    /// <param name="file">The file: WAV, MP3, Ogg, FLAC. Copied during the call unless it is larger than 8 MiB.</param>
    /// <param name="step">Where in the run.</param>
    /// <param name="caption">A line about it.</param>
    public void LogAudio(string key, string file, decimal step = 0, string? caption = null) => LogMediaFile(MediaTypes.Audio, key, file, step, caption);

    /// <summary>Logs a film.</summary>
    /// <param name="key">What it is a series of.</param>
    /// <param name="file">The file: MP4, WebM. Copied during the call unless it is larger than 8 MiB.</param>
    /// <param name="step">Where in the run.</param>
    /// <param name="caption">A line about it.</param>
    public void LogVideo(string key, string file, decimal step = 0, string? caption = null) => LogMediaFile(MediaTypes.Video, key, file, step, caption);

    /// <summary>Logs a page, which is shown without network and without access to the server.</summary>
    /// <param name="key">What it is a series of.</param>
    /// <param name="html">The page.</param>
    /// <param name="step">Where in the run.</param>
    /// <param name="caption">A line about it.</param>
    public void LogHtml(string key, string html, decimal step = 0, string? caption = null) =>
        LogMediaBytes(MediaTypes.Html, key, Encoding.UTF8.GetBytes(html ?? ""), "html", step, caption);

    /// <summary>Logs a text at a step; without a step, <see cref="LogText(string, string)"/> logs a file.</summary>
    /// <param name="key">What it is a series of.</param>
    /// <param name="text">The text.</param>
    /// <param name="step">Where in the run.</param>
    /// <param name="markdown">Whether it is Markdown.</param>
    /// <param name="caption">A line about it.</param>
    public void LogText(string key, string text, decimal step, bool markdown = false, string? caption = null) =>
        LogMediaData(MediaTypes.Text, key, step, caption, () => MediaJson.Text(text ?? "", markdown));

    /// <summary>Logs a table; of more than 1 MiB as JSON log a file instead, with <see cref="LogArtifact"/>.</summary>
    /// <param name="key">What it is a series of.</param>
    /// <param name="table">The table.</param>
    /// <param name="step">Where in the run.</param>
    /// <param name="caption">A line about it.</param>
    public void LogTable(string key, MediaTable table, decimal step = 0, string? caption = null) =>
        LogMediaData(MediaTypes.Table, key, step, caption, () => MediaJson.Table(table));

    /// <summary>Logs how values are distributed, in bins of even width from the least to the greatest.</summary>
    /// <param name="key">What it is a series of, for example <c>weights/dense</c>.</param>
    /// <param name="values">The values; those that are not finite are counted beside the bins.</param>
    /// <param name="step">Where in the run.</param>
    /// <param name="bins">1 to 10,000.</param>
    public void LogHistogram(string key, ReadOnlySpan<double> values, decimal step = 0, int bins = 64)
    {
        try
        {
            var counted = HistogramBins.Of(values, bins);
            LogMediaData(MediaTypes.Histogram, key, step, null, () => MediaJson.Histogram(counted));
        }
        catch (ArgumentException e)
        {
            Ignore(DiagnosticCodes.InvalidCall, $"The histogram '{key}' cannot be made: {e.Message}");
        }
    }

    /// <summary>Logs a histogram that is counted already.</summary>
    /// <param name="key">What it is a series of.</param>
    /// <param name="edges">2 to 10,001 numbers that ascend.</param>
    /// <param name="counts">How many values lie between each edge and the next; one fewer than edges.</param>
    /// <param name="step">Where in the run.</param>
    public void LogHistogram(string key, IReadOnlyList<double> edges, IReadOnlyList<double> counts, decimal step = 0) =>
        LogMediaData(MediaTypes.Histogram, key, step, null, () => MediaJson.Histogram(new HistogramBins([.. edges], [.. counts], 0)));

    /// <summary>Logs a figure of Plotly.</summary>
    /// <param name="key">What it is a series of.</param>
    /// <param name="json">The figure as JSON: an object with <c>data</c> and <c>layout</c>.</param>
    /// <param name="step">Where in the run.</param>
    /// <param name="caption">A line about it.</param>
    public void LogPlotly(string key, string json, decimal step = 0, string? caption = null) =>
        LogMediaData(MediaTypes.Plotly, key, step, caption, () => JsonElement.Parse(json));

    /// <summary>Logs how often cases of each class were taken for each class.</summary>
    /// <param name="key">What it is a series of.</param>
    /// <param name="matrix">The counts, with cases to look at or without: <see cref="ConfusionCounts.Of"/> counts.</param>
    /// <param name="step">Where in the run.</param>
    /// <param name="caption">A line about it.</param>
    public void LogConfusionMatrix(string key, ConfusionCounts matrix, decimal step = 0, string? caption = null) =>
        LogMediaData(MediaTypes.ConfusionMatrix, key, step, caption, () => MediaJson.Matrix(matrix));

    /// <summary>Computes and logs a ROC curve with its area.</summary>
    /// <param name="key">What it is a series of.</param>
    /// <param name="scores">The score of each case; greater means rather positive.</param>
    /// <param name="positive">Whether the case is positive.</param>
    /// <param name="step">Where in the run.</param>
    /// <param name="caption">A line about it.</param>
    public void LogRocCurve(string key, IReadOnlyList<double> scores, IReadOnlyList<bool> positive, decimal step = 0, string? caption = null) =>
        LogMediaData(MediaTypes.Roc, key, step, caption, () => MediaJson.Roc([RocCurve.Of(scores, positive)]));

    /// <summary>Logs ROC curves, for example one a class.</summary>
    /// <param name="key">What it is a series of.</param>
    /// <param name="curves">1 to 100 curves.</param>
    /// <param name="step">Where in the run.</param>
    /// <param name="caption">A line about it.</param>
    public void LogRocCurve(string key, IReadOnlyList<RocCurve> curves, decimal step = 0, string? caption = null) =>
        LogMediaData(MediaTypes.Roc, key, step, caption, () => MediaJson.Roc(curves));

    /// <summary>Computes and logs a curve of precision against recall with its average precision.</summary>
    /// <param name="key">What it is a series of.</param>
    /// <param name="scores">The score of each case; greater means rather positive.</param>
    /// <param name="positive">Whether the case is positive.</param>
    /// <param name="step">Where in the run.</param>
    /// <param name="caption">A line about it.</param>
    public void LogPrCurve(string key, IReadOnlyList<double> scores, IReadOnlyList<bool> positive, decimal step = 0, string? caption = null) =>
        LogMediaData(MediaTypes.PrecisionRecall, key, step, caption, () => MediaJson.PrecisionRecall([PrCurve.Of(scores, positive)]));

    /// <summary>Logs curves of precision against recall, for example one a class.</summary>
    /// <param name="key">What it is a series of.</param>
    /// <param name="curves">1 to 100 curves.</param>
    /// <param name="step">Where in the run.</param>
    /// <param name="caption">A line about it.</param>
    public void LogPrCurve(string key, IReadOnlyList<PrCurve> curves, decimal step = 0, string? caption = null) =>
        LogMediaData(MediaTypes.PrecisionRecall, key, step, caption, () => MediaJson.PrecisionRecall(curves));

    private void LogMediaData(string type, string key, decimal step, string? caption, Func<JsonElement> data)
    {
        if (!CheckKey(key, "A call that logs media"))
            return;
        try
        {
            Write(RecordType.Facts, new LogRequest { Media = [Item(type, key, step, caption) with { Data = data() }] }, RunstoneJson.Default.LogRequest);
        }
        catch (Exception e) when (e is ArgumentException or JsonException or NullReferenceException or InvalidOperationException)
        {
            Ignore(DiagnosticCodes.InvalidCall, $"The {type} '{key}' cannot be logged: {e.Message}");
        }
    }

    private void LogMediaFile(string type, string key, string file, decimal step, string? caption)
    {
        if (!CheckKey(key, "A call that logs media"))
            return;
        try
        {
            var path = MediaPath.Of(key, step, Path.GetExtension(file));
            Stage(new FileInfo(file), path, ArtifactStaging.Auto, Item(type, key, step, caption) with { Path = path });
        }
        catch (Exception e)
        {
            Unreadable(file, e);
        }
    }

    private void LogMediaBytes(string type, string key, ReadOnlySpan<byte> content, string extension, decimal step, string? caption)
    {
        if (!CheckKey(key, "A call that logs media"))
            return;
        var path = MediaPath.Of(key, step, extension);
        StageBytes(path, content, Item(type, key, step, caption) with { Path = path });
    }

    private MediaItemRequest Item(string type, string key, decimal step, string? caption) => new() { Key = key, Type = type, Step = step, Time = Now, Caption = caption };
}
