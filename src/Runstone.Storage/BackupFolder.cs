using Runstone.Core.Artifacts;
using Runstone.Core.Errors;
using Runstone.Storage.Administration;
using Runstone.Storage.Files;

namespace Runstone.Storage;

/// <summary>A folder that holds a backup, or is about to. Locked while one is written.</summary>
internal sealed class BackupFolder : IDisposable
{
    private readonly DataFolder _folder;

    private BackupFolder(DataFolder folder) => (_folder, Blobs) = (folder, new FileBlobStore(folder.Blobs));

    public string Path => _folder.Path;

    public string Database => _folder.Database;

    /// <summary>Where the database of the next backup is written.</summary>
    public string Part => _folder.Database + ".part";

    public IBlobStore Blobs { get; }

    /// <summary>Throws when the folder is the data folder of a server, or in use.</summary>
    public static BackupFolder OpenForWriting(string path)
    {
        var full = System.IO.Path.GetFullPath(path);
        var (database, _) = DataFolder.FilesOf(full, full);
        if (File.Exists(database) && !File.Exists(System.IO.Path.Combine(full, BackupManifest.FileName)))
            throw new RunstoneException(new Error(ErrorCode.Conflict, $"'{full}' is the data folder of a server, not a backup. Choose another folder."));
        var folder = new BackupFolder(DataFolder.Open(full, "--to"));
        foreach (var left in (string[])["", "-wal", "-shm", "-journal"])
            File.Delete(folder.Part + left);
        return folder;
    }

    /// <summary>Puts the new database and its description in the place of the old ones.</summary>
    public void Publish(BackupManifest manifest)
    {
        var place = System.IO.Path.Combine(Path, BackupManifest.FileName);
        using (var file = new FileStream(place + ".part", FileMode.Create, FileAccess.Write))
        {
            file.Write(manifest.Write());
            file.Flush(flushToDisk: true);
        }

        using (var file = new FileStream(Part, FileMode.Open, FileAccess.ReadWrite))
            file.Flush(flushToDisk: true);
        // What a server or a reader left of the old file would be taken for a part of the new one.
        foreach (var left in (string[])["-wal", "-shm"])
            File.Delete(Database + left);
        DurableFile.MoveInto(Part, Database);
        DurableFile.MoveInto(place + ".part", place);
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>Where the database and the blobs of a backup are.</summary>
    public static (string Database, IBlobStore Blobs) FilesOf(string path)
    {
        var (database, blobs) = DataFolder.FilesOf(path, path);
        return (database, FileBlobStore.OpenForReading(blobs));
    }
}
