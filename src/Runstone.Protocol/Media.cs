using System.Text.Json;

namespace Runstone.Protocol;

/// <summary>What a media item is. Files hold the first four, data the last four, either the others.</summary>
public static class MediaTypes
{
    /// <summary>A picture.</summary>
    public const string Image = "image";

    /// <summary>Sound.</summary>
    public const string Audio = "audio";

    /// <summary>A film.</summary>
    public const string Video = "video";

    /// <summary>A page, shown without access to anything.</summary>
    public const string Html = "html";

    /// <summary>Plain text or Markdown.</summary>
    public const string Text = "text";

    /// <summary>Columns and rows.</summary>
    public const string Table = "table";

    /// <summary>Edges and counts.</summary>
    public const string Histogram = "histogram";

    /// <summary>A figure of Plotly.</summary>
    public const string Plotly = "plotly";

    /// <summary>Counts of actual against predicted classes.</summary>
    public const string ConfusionMatrix = "confusion-matrix";

    /// <summary>Receiver operating characteristic.</summary>
    public const string Roc = "roc";

    /// <summary>Precision against recall.</summary>
    public const string PrecisionRecall = "pr";
}

/// <summary>Something to look at that a run logs.</summary>
public sealed record MediaItemRequest
{
    /// <summary>1 to 1,024 bytes of UTF-8.</summary>
    public required string Key { get; init; }

    /// <summary>Up to six decimals.</summary>
    public decimal Step { get; init; }

    /// <summary>Unix milliseconds; absent: the server's clock.</summary>
    public long? Time { get; init; }

    /// <summary>One of <see cref="MediaTypes"/>.</summary>
    public required string Type { get; init; }

    /// <summary>The file of the run that holds it, which is sent first. The server does not look whether it is there.</summary>
    public string? Path { get; init; }

    /// <summary>What it is, in the shape of its type (docs/formats/media.md); at most 1,048,576 bytes.</summary>
    public JsonElement? Data { get; init; }

    /// <summary>At most 4,096 characters.</summary>
    public string? Caption { get; init; }
}

/// <summary>Something that a run logged to be looked at.</summary>
/// <param name="Id">Unique in the store; of items of one step the later one has the greater number.</param>
/// <param name="Key">The key.</param>
/// <param name="Step">The step.</param>
/// <param name="Time">Unix milliseconds.</param>
/// <param name="Type">One of <see cref="MediaTypes"/>.</param>
/// <param name="Path">The file of the run that holds it; it may have been removed.</param>
/// <param name="Preview">The file of the run that holds a smaller picture of it.</param>
/// <param name="Caption">What was said about it.</param>
/// <param name="Data">What it is, in the shape of its type (docs/formats/media.md), when no file holds it.</param>
public sealed record MediaItemInfo(
    string Id, string Key, double Step, long Time, string Type, string? Path = null, string? Preview = null, string? Caption = null, JsonElement? Data = null);

/// <summary>The items of one type under one key, summed up.</summary>
/// <param name="Key">The key.</param>
/// <param name="Type">One of <see cref="MediaTypes"/>.</param>
/// <param name="Count">How many.</param>
/// <param name="FirstStep">The least step.</param>
/// <param name="LastStep">The greatest step.</param>
/// <param name="LastTime">The greatest time, Unix milliseconds.</param>
/// <param name="Runs">How many of the runs have any.</param>
public sealed record MediaKeyInfo(string Key, string Type, long Count, double FirstStep, double LastStep, long LastTime, int Runs);

/// <summary>Asks for the keys of several runs.</summary>
public sealed record MediaKeysRequest
{
    /// <summary>1 to 100 runs; those that are not there have none.</summary>
    public required IReadOnlyList<string> RunIds { get; init; }
}

/// <summary>Items by step, those of one step as they came.</summary>
/// <param name="Items">The items.</param>
/// <param name="NextPageToken">For the next page; absent when nothing is left, and for a sample.</param>
/// <param name="Covers">Of what a sample was taken; absent for a page.</param>
public sealed record MediaItemPage(IReadOnlyList<MediaItemInfo> Items, string? NextPageToken = null, MediaCoverage? Covers = null);

/// <summary>Of what a sample was taken.</summary>
/// <param name="Steps">How many steps have items.</param>
/// <param name="Items">How many items there are.</param>
public sealed record MediaCoverage(long Steps, long Items);

/// <summary>Asks for what several runs had under one key.</summary>
public sealed record MediaCompareRequest
{
    /// <summary>1 to 100 runs.</summary>
    public required IReadOnlyList<string> RunIds { get; init; }

    /// <summary>The key.</summary>
    public required string Key { get; init; }

    /// <summary>The greatest step that is wanted; absent: the last one of each run.</summary>
    public double? Step { get; init; }
}

/// <summary>What a run had at one step.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Items">Its items at the greatest step not above that asked for, the first 200; empty when it has none there.</param>
public sealed record MediaOfRun(string RunId, IReadOnlyList<MediaItemInfo> Items);
