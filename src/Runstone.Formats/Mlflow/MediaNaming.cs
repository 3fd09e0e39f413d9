using System.Globalization;
using System.Text.Json;
using Runstone.Core.Artifacts;
using Runstone.Core.Experiments;
using Runstone.Core.Media;
using Runstone.Core.Metrics;

namespace Runstone.Formats.Mlflow;

/// <summary>
/// Where this client puts what it logs to be looked at: <c>log_image</c> with a key writes
/// <c>images/&lt;key, / as #&gt;+step+&lt;n&gt;+timestamp+&lt;ms&gt;+&lt;uuid&gt;.png</c> and beside it a smaller picture, the same with
/// <c>+compressed.webp</c>, and sets the tag mlflow.loggedImages; earlier versions have % for +. <c>log_table</c> lists its files in the tag mlflow.loggedArtifacts;
/// <c>log_figure</c> writes a picture or a page under any name.
/// </summary>
public sealed class MediaNaming : IMediaNaming
{
    private const string ImagesTag = "mlflow.loggedImages";
    private const string TablesTag = "mlflow.loggedArtifacts";
    private const string SourceTag = "mlflow.source.name";
    private const string ImageFolder = "images";
    private const string ModelFile = "MLmodel";
    private const string Small = "compressed.webp";
    private const string Separators = "+%";
    private const int MaxImages = 100_000;
    private const int MaxTables = 1000;

    /// <summary>A run that has more files may have figures that are not found.</summary>
    private const int MaxFiles = 2000;

    /// <inheritdoc/>
    public IReadOnlyList<string> TagKeys { get; } = [ImagesTag, TablesTag, SourceTag, MlflowNames.UserTag];

    /// <inheritdoc/>
    public IReadOnlyList<MediaFolder> FoldersOf(IReadOnlyList<Tag> tags)
    {
        if (tags.Count == 0)
            return [];
        var folders = new List<MediaFolder> { new("", MaxFiles) };
        if (Value(tags, ImagesTag) is not null)
            folders.Add(new MediaFolder(ImageFolder, MaxImages));
        folders.AddRange(Tables(tags).Select(path => new MediaFolder(path, 1)));
        return folders;
    }

    /// <inheritdoc/>
    public IReadOnlyList<NamedMedia> Read(IReadOnlyList<Tag> tags, IReadOnlyList<Artifact> files)
    {
        var all = files.DistinctBy(f => f.Path, StringComparer.Ordinal).ToDictionary(f => f.Path, StringComparer.Ordinal);
        var tables = Tables(tags).ToHashSet(StringComparer.Ordinal);
        var models = all.Keys.Where(IsModelFile).Select(path => path[..^ModelFile.Length]).ToList();
        var found = new List<NamedMedia>();
        foreach (var file in all.Values)
        {
            if (tables.Contains(file.Path))
                found.Add(new NamedMedia(new MediaItem(file.Path, new Step(0), file.UpdatedAt, MediaType.Table) { Path = file.Path }));
            else if (ReadImage(file.Path) is { } image)
                found.Add(image with { Preview = SmallOf(file.Path).FirstOrDefault(all.ContainsKey) });
            else if (FigureType(file.Path) is { } type && !models.Exists(folder => file.Path.StartsWith(folder, StringComparison.Ordinal)))
                found.Add(new NamedMedia(new MediaItem(file.Path, new Step(0), file.UpdatedAt, type) { Path = file.Path }));
        }

        return found;
    }

    /// <summary>The picture of a step that the name of the file tells of; null for any other name.</summary>
    public static NamedMedia? ReadImage(string path)
    {
        var dot = path.LastIndexOf('.');
        if (dot < 0 || !path.StartsWith(ImageFolder + "/", StringComparison.Ordinal) || IsSmall(path))
            return null;
        var name = path[(ImageFolder.Length + 1)..dot];
        return Separators.Select(separator => ReadImage(path, name.Split(separator), separator)).FirstOrDefault(found => found is not null);
    }

    private static NamedMedia? ReadImage(string path, string[] parts, char separator)
    {
        if (parts.Length < 6 || parts[^5] is not "step" || parts[^3] is not "timestamp" || parts[^1].Length == 0)
            return null;
        var key = string.Join(separator, parts[..^5]).Replace('#', '/');
        return key.Length > 0
            && long.TryParse(parts[^4], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var step)
            && long.TryParse(parts[^2], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var time)
            ? new NamedMedia(new MediaItem(key, new Step(step), time, MediaType.Image) { Path = path })
            : null;
    }

    /// <summary>The paths in a text like <c>[{"path": "a.json", "type": "table"}]</c>; what is not of that form is passed over.</summary>
    private static IEnumerable<string> Tables(IReadOnlyList<Tag> tags)
    {
        if (Value(tags, TablesTag) is not { } list)
            return [];
        try
        {
            using var document = JsonDocument.Parse(list);
            return document.RootElement.ValueKind != JsonValueKind.Array
                ? []
                : [.. document.RootElement.EnumerateArray().Select(TablePath).OfType<string>().Where(path => ArtifactPath.Check(path) is null).Take(MaxTables)];
        }
        catch (JsonException)
        {
            return [];
        }
        catch (InvalidOperationException)
        {
            // A text with half of a surrogate pair.
            return [];
        }
    }

    private static string? TablePath(JsonElement entry) =>
        entry.ValueKind == JsonValueKind.Object && entry.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String && type.ValueEquals("table")
        && entry.TryGetProperty("path", out var path) && path.ValueKind == JsonValueKind.String
            ? path.GetString()
            : null;

    private static MediaType? FigureType(string path) => IsSmall(path) || path.StartsWith("media/", StringComparison.Ordinal)
        ? null
        : Path.GetExtension(path).ToUpperInvariant() switch
        {
            ".PNG" or ".JPG" or ".JPEG" or ".GIF" or ".WEBP" or ".SVG" => MediaType.Image,
            ".HTML" => MediaType.Html,
            _ => null,
        };

    private static bool IsModelFile(string path) =>
        path.EndsWith("/" + ModelFile, StringComparison.Ordinal) || string.Equals(path, ModelFile, StringComparison.Ordinal);

    private static bool IsSmall(string path) =>
        path.EndsWith(Small, StringComparison.Ordinal) && path.Length > Small.Length && Separators.Contains(path[^(Small.Length + 1)], StringComparison.Ordinal);

    private static IEnumerable<string> SmallOf(string path) => Separators.Select(separator => $"{path.AsSpan(0, path.LastIndexOf('.'))}{separator}{Small}");

    private static string? Value(IReadOnlyList<Tag> tags, string key) => tags.FirstOrDefault(t => string.Equals(t.Key, key, StringComparison.Ordinal))?.Value;
}
