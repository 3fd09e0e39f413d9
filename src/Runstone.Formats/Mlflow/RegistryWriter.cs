using System.Globalization;
using System.Text.Json;
using Runstone.Core.Models;

namespace Runstone.Formats.Mlflow;

/// <summary>
/// Writes registered models and their versions. A version is ready as soon as it exists; its number is text; a description,
/// run and link that it does not have are empty text.
/// </summary>
public static class RegistryWriter
{
    /// <summary>A model that a search found: its latest versions are in the order of the names of their stages.</summary>
    public static void FoundModel(Utf8JsonWriter writer, RegisteredModel model) => Model(writer, model with
    {
        LatestVersions = [.. model.LatestVersions.OrderBy(v => RegistryMapping.StageName(v.Stage), StringComparer.Ordinal)],
    });

    public static void Model(Utf8JsonWriter writer, RegisteredModel model)
    {
        writer.WriteStartObject();
        writer.WriteString("name"u8, model.Name);
        writer.WriteNumber("creation_timestamp"u8, model.CreatedAt);
        writer.WriteNumber("last_updated_timestamp"u8, model.UpdatedAt);
        if (!string.IsNullOrEmpty(model.Description))
            writer.WriteString("description"u8, model.Description);
        Versions(writer, "latest_versions", model.LatestVersions);
        MlflowWriter.Tags(writer, model.Tags);
        if (model.Aliases.Count > 0)
            Aliases(writer, model.Aliases);
        writer.WriteEndObject();
    }

    /// <summary>A list of versions; left out when it is empty.</summary>
    public static void Versions(Utf8JsonWriter writer, string name, IReadOnlyList<ModelVersion> versions)
    {
        if (versions.Count == 0)
            return;
        writer.WriteStartArray(name);
        foreach (var version in versions)
            Version(writer, version);
        writer.WriteEndArray();
    }

    public static void Version(Utf8JsonWriter writer, ModelVersion version)
    {
        writer.WriteStartObject();
        writer.WriteString("name"u8, version.Model);
        writer.WriteString("version"u8, NumberText(version.Number));
        writer.WriteNumber("creation_timestamp"u8, version.CreatedAt);
        writer.WriteNumber("last_updated_timestamp"u8, version.UpdatedAt);
        writer.WriteString("current_stage"u8, RegistryMapping.StageName(version.Stage));
        writer.WriteString("description"u8, version.Description ?? "");
        writer.WriteString("source"u8, version.Source);
        writer.WriteString("run_id"u8, version.RunId ?? "");
        writer.WriteString("status"u8, "READY");
        MlflowWriter.Tags(writer, version.Tags);
        writer.WriteString("run_link"u8, version.RunLink ?? "");
        if (version.Aliases.Count > 0)
        {
            writer.WriteStartArray("aliases"u8);
            foreach (var alias in version.Aliases)
                writer.WriteStringValue(alias);
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private static void Aliases(Utf8JsonWriter writer, IReadOnlyList<ModelAlias> aliases)
    {
        writer.WriteStartArray("aliases"u8);
        foreach (var (alias, version) in aliases)
        {
            writer.WriteStartObject();
            writer.WriteString("alias"u8, alias);
            writer.WriteString("version"u8, NumberText(version));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static string NumberText(int number) => number.ToString(CultureInfo.InvariantCulture);
}
