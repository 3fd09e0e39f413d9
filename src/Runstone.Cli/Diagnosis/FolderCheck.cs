using System.Globalization;
using Runstone.Cli.Output;
using Runstone.Server.Hosting;

namespace Runstone.Cli.Diagnosis;

/// <summary>Whether a data folder can be used, and whether there is room.</summary>
internal static class FolderCheck
{
    private const long FailBelow = 512L << 20;
    private const long WarnBelow = 5L << 30;

    /// <summary>The folders of a server on this machine: its data folder when something lives in it, and the one for files when it is another.</summary>
    public static IReadOnlyList<Finding> Storage(ServerOptions options)
    {
        var files = options.Blobs is { } place ? place.Folder : options.Data;
        var folders = new[] { options.Database is null ? options.Data : null, files };
        return [.. folders.OfType<string>().Distinct(StringComparer.Ordinal).SelectMany(Data)];
    }

    /// <summary>The server's data folder, when it is on this machine.</summary>
    public static IReadOnlyList<Finding> Data(string path)
    {
        var full = Path.GetFullPath(path);
        if (!Directory.Exists(full))
            return [Finding.Ok("data folder", $"{full} is not there; a server started here makes it")];
        var findings = new List<Finding> { Writable("data folder", full) };
        if (Holder(full) is { } holder)
            findings.Add(Finding.Ok("data folder", $"in use by {holder}"));
        findings.Add(Space(full));
        return findings;
    }

    /// <summary>Whether files can be made in the folder.</summary>
    public static Finding Writable(string check, string folder)
    {
        var probe = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $".doctor-{Environment.ProcessId}"));
        try
        {
            File.WriteAllBytes(probe, [1]);
            File.Delete(probe);
            return Finding.Ok(check, $"{folder} can be written");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Finding.Fail(check, $"{folder} cannot be written: {e.Message}", "Give yourself the right to write there, or choose another folder.");
        }
    }

    /// <summary>Free space of the disk that holds the folder.</summary>
    public static Finding Space(string folder)
    {
        var check = "disk space";
        try
        {
            var free = new DriveInfo(folder).AvailableFreeSpace;
            var message = $"{Say.Size(free)} free for {folder}";
            return free switch
            {
                < FailBelow => Finding.Fail(check, message, "Make room: what cannot be written is lost."),
                < WarnBelow => Finding.Warn(check, message, "Make room before the disk is full."),
                _ => Finding.Ok(check, message),
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return Finding.Warn(check, $"the free space for {folder} cannot be found out: {e.Message}", "Look for it with the tools of the system.");
        }
    }

    // The files are described in docs/formats/data-folder.md.
    private static string? Holder(string folder)
    {
        var file = Path.Combine(folder, "lock");
        if (!File.Exists(file))
            return null;
        try
        {
            using var free = new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return null;
        }
        catch (IOException)
        {
            return ProcessOf(Path.Combine(folder, "lock.pid"));
        }
        catch (UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string ProcessOf(string file)
    {
        try
        {
            return int.TryParse(File.ReadAllText(file), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                ? Say.Invariant($"process {id}") : "a process";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "a process";
        }
    }
}
