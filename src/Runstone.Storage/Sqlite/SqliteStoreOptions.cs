namespace Runstone.Storage.Sqlite;

/// <summary>How the embedded engine opens its file.</summary>
public sealed record SqliteStoreOptions
{
    /// <summary>The database file, usually <see cref="Files.DataFolder.Database"/>. Made when it is not there.</summary>
    public required string Path { get; init; }

    /// <summary>Connections that read at the same time; more requests wait. Default 8.</summary>
    public int Readers { get; init; } = 8;

    /// <summary>The most pages (4,096 bytes) the file may have; null for no limit but the disk.</summary>
    public int? MaxPages { get; init; }
}
