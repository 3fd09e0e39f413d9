using System.Globalization;
using Runstone.Core.Artifacts;
using Runstone.Core.Errors;

namespace Runstone.Core.Media;

/// <summary>What every item must satisfy, whoever logs it.</summary>
public static class MediaValidation
{
    /// <summary>Items of a batch.</summary>
    public const int MaxItems = 1000;

    /// <summary>Characters of a caption.</summary>
    public const int MaxCaption = 4096;

    /// <summary>The first thing wrong with the items but their keys; null when they may be kept.</summary>
    public static Error? Check(IReadOnlyList<MediaItem> items)
    {
        if (items.Count > MaxItems)
            return new Error(ErrorCode.TooLarge, $"The request has {items.Count} media items; at most {MaxItems} are taken. Send the rest in another.", "media");
        for (var i = 0; i < items.Count; i++)
        {
            if (Check(items[i], string.Create(CultureInfo.InvariantCulture, $"media[{i}]")) is { } error)
                return error;
        }

        return null;
    }

    private static Error? Check(MediaItem item, string field)
    {
        if (!item.Step.IsSet || item.Step.Micros >= 1_000_000)
            return Error.Invalid($"{field}.step", "The item has no step, or one whose fraction is outside 0 to 999,999 millionths.");
        if (item.Caption?.Length > MaxCaption)
            return new Error(ErrorCode.TooLarge, $"The caption has {item.Caption.Length} characters; at most {MaxCaption} are kept.", $"{field}.caption");
        return StoredText.Check($"{field}.caption", item.Caption) ?? CheckContent(item, field);
    }

    private static Error? CheckContent(MediaItem item, string field) => item switch
    {
        { Path: not null, Data: not null } => Error.Invalid($"{field}.data", "Give 'path' or 'data', not both."),
        { Path: not null } when !MediaData.MayHaveFile(item.Type) => Error.Invalid($"{field}.path", "Items of this type are no files. Give 'data'."),
        { Path: not null } => ArtifactPath.Check(item.Path, field: $"{field}.path"),
        { Data: not null } when !MediaData.MayHaveData(item.Type) => Error.Invalid($"{field}.data", "Items of this type are files. Give 'path'."),
        { Data: not null } => MediaData.Check(item.Type, item.Data, $"{field}.data"),
        _ => Error.Invalid(MediaData.MayHaveData(item.Type) ? $"{field}.data" : $"{field}.path", "The item has no content."),
    };
}
