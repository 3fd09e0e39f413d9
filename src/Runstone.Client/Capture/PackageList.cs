using System.Reflection;
using System.Text.Json;

namespace Runstone.Client.Capture;

/// <summary>The packages the program was built with, from the <c>deps.json</c> of its entry assembly.</summary>
internal static class PackageList
{
    /// <summary>Versions by name; null when the program has no such file.</summary>
    public static IReadOnlyDictionary<string, string>? Read()
    {
        var entry = Assembly.GetEntryAssembly()?.GetName().Name;
        if (entry is null)
            return null;
        var file = Path.Combine(AppContext.BaseDirectory, entry + ".deps.json");
        try
        {
            return File.Exists(file) ? Parse(File.ReadAllBytes(file)) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    internal static IReadOnlyDictionary<string, string> Parse(byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        var packages = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (!document.RootElement.TryGetProperty("libraries", out var libraries) || libraries.ValueKind != JsonValueKind.Object)
            return packages;
        foreach (var library in libraries.EnumerateObject())
        {
            var slash = library.Name.LastIndexOf('/');
            if (slash > 0 && library.Value.TryGetProperty("type", out var type) && type.ValueEquals("package"))
                packages[library.Name[..slash]] = library.Name[(slash + 1)..];
        }

        return packages;
    }
}
