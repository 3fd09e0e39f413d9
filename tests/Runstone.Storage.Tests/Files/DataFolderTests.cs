using System.Diagnostics;
using System.Globalization;
using Runstone.Core.Errors;
using Runstone.Storage.Files;

namespace Runstone.Storage.Tests.Files;

public sealed class DataFolderTests : IDisposable
{
    private readonly DirectoryInfo _parent = Directory.CreateTempSubdirectory("runstone-");

    public void Dispose() => _parent.Delete(recursive: true);

    [Fact]
    public void A_folder_is_made()
    {
        var path = Path.Combine(_parent.FullName, "new", "data");

        using var folder = DataFolder.Open(path);

        Assert.Equal(path, folder.Path);
        Assert.All([folder.Database, folder.Blobs, folder.Uploads], p => Assert.Equal(path, Path.GetDirectoryName(p)));
        Assert.Equal(2, Directory.EnumerateFileSystemEntries(path).Count(p => Path.GetFileName(p) is "lock" or "lock.pid"));
    }

    [Fact]
    public void A_file_is_no_folder_and_stays_as_it_is()
    {
        var file = Path.Combine(_parent.FullName, "notes.txt");
        File.WriteAllText(file, "mine");

        var e = Assert.Throws<RunstoneException>(() => DataFolder.Open(file));

        Assert.Equal(new Error(ErrorCode.Unavailable, $"The data folder '{file}' is a file. Choose a folder with --data."), e.Error);
        Assert.Equal("mine", File.ReadAllText(file));
    }

    [Fact]
    public void A_folder_in_use_is_refused_with_its_name_and_the_process()
    {
        using (DataFolder.Open(_parent.FullName))
        {
            var e = Assert.Throws<RunstoneException>(() => DataFolder.Open(_parent.FullName));

            Assert.Equal(ErrorCode.Unavailable, e.Error.Code);
            Assert.Contains($"'{_parent.FullName}' is in use by process {Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}", e.Message, StringComparison.Ordinal);
        }

        DataFolder.Open(_parent.FullName).Dispose();
    }

    [Fact]
    public void Another_process_is_locked_out()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "flock(1) is a Linux command.");
        using (DataFolder.Open(_parent.FullName))
            Assert.NotEqual(0, TryLock());

        Assert.Equal(0, TryLock());
    }

    [Fact]
    public void A_path_that_is_a_file_is_refused()
    {
        var file = Path.Combine(_parent.FullName, "file");
        File.WriteAllText(file, "");

        var e = Assert.Throws<RunstoneException>(() => DataFolder.Open(file));

        Assert.Equal(ErrorCode.Unavailable, e.Error.Code);
        Assert.Contains(file, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_refused()
    {
        // Even root cannot make a folder there.
        const string ReadOnly = "/proc/runstone";
        Assert.SkipUnless(OperatingSystem.IsLinux(), "/proc is a Linux folder.");

        var e = Assert.Throws<RunstoneException>(() => DataFolder.Open(ReadOnly));

        Assert.Equal(ErrorCode.Unavailable, e.Error.Code);
        Assert.Contains($"'{ReadOnly}' cannot be written", e.Message, StringComparison.Ordinal);
    }

    private int TryLock()
    {
        var start = new ProcessStartInfo("flock") { ArgumentList = { "--nonblock", Path.Combine(_parent.FullName, "lock"), "true" } };
        using var process = Process.Start(start)!;
        process.WaitForExit();
        return process.ExitCode;
    }
}
