using System.Globalization;
using System.Text.Json;

namespace Runstone.Client.Outbox;

/// <summary>The files of one outbox (docs/formats/client-outbox.md). Whoever writes or uploads it holds its lock.</summary>
internal sealed class OutboxFolder : IDisposable
{
    private const string LockName = "lock";
    private readonly FileStream _lock;

    private OutboxFolder(string path, FileStream lockFile, OutboxMeta meta) => (Path, _lock, Meta) = (path, lockFile, meta);

    public string Path { get; }

    public OutboxMeta Meta { get; }

    public string FilesFolder => System.IO.Path.Combine(Path, "files");

    public string SparePath => System.IO.Path.Combine(Path, "spare");

    public string RejectedPath => System.IO.Path.Combine(Path, "rejected.jsonl");

    private string SentPath => System.IO.Path.Combine(Path, "sent.json");

    /// <summary>The folder in which everything of this client lies.</summary>
    public static string Home(string? configured)
    {
        if (!string.IsNullOrEmpty(configured))
            return System.IO.Path.GetFullPath(configured);
        var variable = Environment.GetEnvironmentVariable("RUNSTONE_HOME");
        return string.IsNullOrEmpty(variable)
            ? System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".runstone")
            : System.IO.Path.GetFullPath(variable);
    }

    public static string OutboxRoot(string home) => System.IO.Path.Combine(home, "outbox");

    /// <summary>Makes a new outbox, named after the run; with a number behind it when an earlier one is still there.</summary>
    public static OutboxFolder Create(string home, OutboxMeta meta)
    {
        var root = OutboxRoot(home);
        Directory.CreateDirectory(root);
        for (var number = 1; number <= 10_000; number++)
        {
            var path = System.IO.Path.Combine(root, number == 1 ? meta.RunId : string.Create(CultureInfo.InvariantCulture, $"{meta.RunId}.{number}"));
            if (Directory.Exists(path))
                continue;
            Directory.CreateDirectory(path);
            if (TryLock(path) is not { } lockFile)
                continue;
            if (File.Exists(System.IO.Path.Combine(path, "meta.json")))
            {
                // Another process made the same folder in the same moment.
                lockFile.Dispose();
                continue;
            }

            var folder = new OutboxFolder(path, lockFile, meta);
            folder.Replace("meta.json", JsonSerializer.SerializeToUtf8Bytes(meta, OutboxJson.Default.OutboxMeta));
            return folder;
        }

        throw new IOException($"No folder for the run can be made and locked in {root}.");
    }

    /// <summary>Takes an outbox that another process left; null when it is in use or is none.</summary>
    public static OutboxFolder? TryOpen(string path)
    {
        if (TryReadMeta(path) is not { } meta || TryLock(path) is not { } lockFile)
            return null;
        // It may have been finished and removed while the lock was taken.
        if (TryReadMeta(path) is not null)
            return new OutboxFolder(path, lockFile, meta);
        lockFile.Dispose();
        return null;
    }

    /// <summary>Whether a process holds the lock at this moment.</summary>
    public static bool IsInUse(string path)
    {
        using var lockFile = TryLock(path);
        return lockFile is null;
    }

    /// <summary>Removes what is left of an outbox whose process ended while it was removing it.</summary>
    public static void RemoveRemains(string path)
    {
        if (File.Exists(System.IO.Path.Combine(path, "meta.json")))
            return;
        using (var lockFile = TryLock(path))
        {
            if (lockFile is null || File.Exists(System.IO.Path.Combine(path, "meta.json")))
                return;
            foreach (var segment in Directory.EnumerateFiles(path, "*.log"))
                File.Delete(segment);
        }

        Directory.Delete(path, recursive: true);
    }

    /// <summary>Whether another outbox of the same run is there.</summary>
    public static bool HasSibling(OutboxFolder folder)
    {
        var root = Directory.GetParent(folder.Path)!.FullName;
        return Directory.EnumerateDirectories(root, folder.Meta.RunId + "*")
            .Any(d => !string.Equals(d, folder.Path, StringComparison.Ordinal)
                && string.Equals(TryReadMeta(d)?.RunId, folder.Meta.RunId, StringComparison.Ordinal));
    }

    public static OutboxMeta? TryReadMeta(string path)
    {
        try
        {
            var meta = JsonSerializer.Deserialize(File.ReadAllBytes(System.IO.Path.Combine(path, "meta.json")), OutboxJson.Default.OutboxMeta);
            return meta is { Version: 1, RunId: not null, Server: not null, Source: not null } ? meta : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    public string SegmentPath(int number) => System.IO.Path.Combine(Path, number.ToString("D6", CultureInfo.InvariantCulture) + ".log");

    public string StagedPath(string name) => System.IO.Path.Combine(FilesFolder, name);

    public SentState ReadSent()
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(SentPath), OutboxJson.Default.SentState) ?? SentState.Nothing;
        }
        catch (Exception e) when (e is FileNotFoundException or JsonException)
        {
            return SentState.Nothing;
        }
    }

    public void WriteSent(SentState state) => Replace("sent.json", JsonSerializer.SerializeToUtf8Bytes(state, OutboxJson.Default.SentState));

    public void AppendRejected(RejectedRecord record)
    {
        using var stream = new FileStream(RejectedPath, FileMode.Append, FileAccess.Write, FileShare.Read);
        JsonSerializer.Serialize(stream, record, OutboxJson.Default.RejectedRecord);
        stream.WriteByte((byte)'\n');
    }

    /// <summary>
    /// Removes what is all acknowledged. When records were rejected or segments are damaged, what is left of the folder moves to
    /// <c>rejected/</c> in the home folder.
    /// </summary>
    public void Complete(bool damaged)
    {
        if (!damaged && !File.Exists(RejectedPath))
        {
            // Without its meta.json the folder is no outbox any more, whatever happens to the rest.
            File.Delete(System.IO.Path.Combine(Path, "meta.json"));
            Dispose();
            Directory.Delete(Path, recursive: true);
            return;
        }

        if (!damaged)
        {
            foreach (var segment in Directory.EnumerateFiles(Path, "*.log"))
                File.Delete(segment);
        }

        var root = System.IO.Path.Combine(Directory.GetParent(Path)!.Parent!.FullName, "rejected");
        Directory.CreateDirectory(root);
        var target = System.IO.Path.Combine(root, System.IO.Path.GetFileName(Path) + "-" + Meta.Source);
        Dispose();
        Directory.Move(Path, target);
    }

    public void Dispose() => _lock.Dispose();

    private static FileStream? TryLock(string path)
    {
        try
        {
            return new FileStream(System.IO.Path.Combine(path, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private void Replace(string name, byte[] content)
    {
        var temporary = System.IO.Path.Combine(Path, name + ".new");
        File.WriteAllBytes(temporary, content);
        File.Move(temporary, System.IO.Path.Combine(Path, name), overwrite: true);
    }
}
