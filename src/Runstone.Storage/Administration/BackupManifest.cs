using System.Text.Json;
using System.Text.Json.Serialization;
using Runstone.Core.Errors;

namespace Runstone.Storage.Administration;

/// <summary>What a backup holds: <c>backup.json</c> (docs/formats/backup.md).</summary>
public sealed record BackupManifest
{
    public const string FileName = "backup.json";
    internal const int CurrentFormat = 1;

    public int Format { get; init; } = CurrentFormat;

    /// <summary>The version of the program that made it.</summary>
    public required string Program { get; init; }

    /// <summary>The schema of the database.</summary>
    public required string Schema { get; init; }

    /// <summary>The moment whose state it holds, ISO 8601 in UTC.</summary>
    public required string CreatedAt { get; init; }

    /// <summary>The store that was backed up.</summary>
    public required string Source { get; init; }

    public required long DatabaseBytes { get; init; }

    /// <summary>SHA-256 of the database file.</summary>
    public required string DatabaseSha256 { get; init; }

    public required IReadOnlyList<TableTotals> Tables { get; init; }

    public required BlobTotals Blobs { get; init; }

    internal static BackupManifest Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
            throw new RunstoneException(new Error(ErrorCode.NotFound, $"'{folder}' holds no complete backup: there is no {FileName}. Choose another folder, or run the backup again."));
        try
        {
            var manifest = JsonSerializer.Deserialize(File.ReadAllBytes(path), BackupJson.Default.BackupManifest)!;
            return manifest.Format == CurrentFormat
                ? manifest
                : throw Broken(path, FormattableString.Invariant($"it has format {manifest.Format}; this program reads format {CurrentFormat}"), null);
        }
        catch (JsonException e)
        {
            throw Broken(path, "it is no such file", e);
        }
    }

    internal byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, BackupJson.Default.BackupManifest);

    private static RunstoneException Broken(string path, string why, Exception? inner) =>
        new(new Error(ErrorCode.Invalid, $"'{path}' cannot be used: {why}. Use another backup."), inner);
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true)]
[JsonSerializable(typeof(BackupManifest))]
internal sealed partial class BackupJson : JsonSerializerContext;
