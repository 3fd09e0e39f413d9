using System.Globalization;
using Runstone.Core.Errors;

namespace Runstone.Storage.Files;

/// <summary>
/// The folder that holds everything a server keeps (docs/formats/data-folder.md), locked for this process until disposed.
/// </summary>
public sealed class DataFolder : IDisposable
{
    private readonly FileStream _lock;

    private DataFolder(string path, FileStream held) => (Path, _lock) = (path, held);

    /// <summary>The folder's full path.</summary>
    public string Path { get; }

    public string Database => System.IO.Path.Combine(Path, "runstone.db");

    public string Blobs => System.IO.Path.Combine(Path, "blobs");

    public string Uploads => System.IO.Path.Combine(Path, "uploads");

    /// <summary>
    /// Makes the folder if need be and locks it. Throws <see cref="RunstoneException"/> with <see cref="ErrorCode.Unavailable"/>
    /// when it cannot be written or another process holds it.
    /// </summary>
    /// <param name="path">The folder.</param>
    /// <param name="option">What names another folder, for messages.</param>
    public static DataFolder Open(string path, string option = "--data")
    {
        var full = System.IO.Path.GetFullPath(path);
        if (File.Exists(full))
            throw new RunstoneException(new Error(ErrorCode.Unavailable, $"The data folder '{full}' is a file. Choose a folder with {option}."));
        try
        {
            Directory.CreateDirectory(full);
            var held = Lock(full, option);
            try
            {
                RequireWritable(full);
                return new DataFolder(full, held);
            }
            catch
            {
                held.Dispose();
                throw;
            }
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new RunstoneException(
                new Error(ErrorCode.Unavailable, $"The data folder '{full}' cannot be written: {e.Message} Check its permissions, or choose another folder with {option}."), e);
        }
    }

    /// <summary>Where the database of one folder and the blobs of another are, without opening either.</summary>
    public static (string Database, string Blobs) FilesOf(string database, string blobs) =>
        (System.IO.Path.Combine(database, "runstone.db"), System.IO.Path.Combine(blobs, "blobs"));

    public void Dispose() => _lock.Dispose();

    private static FileStream Lock(string folder, string option)
    {
        var file = System.IO.Path.Combine(folder, "lock");
        FileStream held;
        try
        {
            held = new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (File.Exists(file))
        {
            throw new RunstoneException(
                new Error(ErrorCode.Unavailable, $"The data folder '{folder}' is in use by {Holder(folder)}. Stop it, or choose another folder with {option}."), e);
        }

        // Beside the lock, because nobody else can read a locked file.
        File.WriteAllText(PidFile(folder), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        return held;
    }

    private static string Holder(string folder)
    {
        try
        {
            return int.TryParse(File.ReadAllText(PidFile(folder)), NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
                ? $"process {pid}"
                : "another process";
        }
        catch (IOException)
        {
            return "another process";
        }
    }

    private static void RequireWritable(string folder)
    {
        var probe = System.IO.Path.Combine(folder, ".probe");
        File.WriteAllBytes(probe, [1]);
        File.Delete(probe);
    }

    private static string PidFile(string folder) => System.IO.Path.Combine(folder, "lock.pid");
}
