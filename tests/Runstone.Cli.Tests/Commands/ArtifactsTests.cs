using System.Security.Cryptography;
using Runstone.Protocol;

namespace Runstone.Cli.Tests.Commands;

public sealed class ArtifactsTests(SampleServer server)
{
    [Fact]
    public async Task A_folder_comes_back_as_it_went()
    {
        using var folder = new TemporaryFolder();
        var run = await NewRunAsync();
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal)
        {
            ["a.txt"] = "hello"u8.ToArray(),
            ["empty"] = [],
            ["deep/er/größe 100%#?.bin"] = RandomNumberGenerator.GetBytes(300_000),
        };
        foreach (var (name, content) in files)
            folder.Write("out/" + name, content);

        var put = (await server.RunAsync("artifacts", "put", run, folder["out"], "--to", "results")).Ok();
        Assert.Equal("3 files sent, checked, 293.0 KiB in all\n", put.Out);
        (await server.RunAsync("artifacts", "get", run, "results/out", "-o", folder["back"])).Ok();

        Assert.Equal(
            files.Keys.Order(StringComparer.Ordinal),
            Directory.GetFiles(folder["back"], "*", SearchOption.AllDirectories)
                .Select(f => Path.GetRelativePath(folder["back"], f).Replace(Path.DirectorySeparatorChar, '/')).Order(StringComparer.Ordinal));
        foreach (var (name, content) in files)
            Assert.Equal(content, await File.ReadAllBytesAsync(folder["back/" + name]));
    }

    [Fact]
    public async Task What_is_there_is_not_sent_again()
    {
        using var folder = new TemporaryFolder();
        var run = await NewRunAsync();
        folder.Write("a", [1]);
        folder.Write("b", [2]);
        (await server.RunAsync("artifacts", "put", run, folder["a"], folder["b"])).Ok();
        folder.Write("b", [3]);
        var again = (await server.RunAsync("artifacts", "put", run, folder["a"], folder["b"])).Ok();
        Assert.Equal("1 file sent, checked, 2 B in all; 1 had the same content there\n", again.Out);
        Assert.Equal([3], (await server.RunAsync("artifacts", "get", run, "b", "-o", "-")).Ok().OutBytes);
    }

    [Fact]
    public async Task The_contents_of_a_folder_go_up_without_its_name()
    {
        using var folder = new TemporaryFolder();
        var run = await NewRunAsync();
        folder.Write("out/a", [1]);
        var put = (await server.RunAsync("artifacts", "put", run, folder["out/."], "--json")).Ok();
        var uploaded = Assert.Single(put.Array(RunstoneJson.Default.UploadedArtifact));
        Assert.Equal(("a", 1L, Convert.ToHexStringLower(SHA256.HashData([1]))), (uploaded.Path, uploaded.Size, uploaded.Sha256));
    }

    [Fact]
    public async Task One_file_takes_the_name_it_is_given()
    {
        using var folder = new TemporaryFolder();
        var run = await UploadedAsync("model/weights.bin", [1, 2, 3]);
        (await server.RunAsync("artifacts", "get", run, "model/weights.bin", "-o", folder["mine.bin"])).Ok();
        (await server.RunAsync("artifacts", "get", run, "model/weights.bin", "-o", folder.Path)).Ok();
        Assert.Equal([1, 2, 3], await File.ReadAllBytesAsync(folder["mine.bin"]));
        Assert.Equal([1, 2, 3], await File.ReadAllBytesAsync(folder["weights.bin"]));
    }

    [Fact]
    public async Task A_download_that_was_cut_off_is_continued()
    {
        using var folder = new TemporaryFolder();
        var content = RandomNumberGenerator.GetBytes(200_000);
        var run = await UploadedAsync("big.bin", content);
        folder.Write("big.bin.part", content[..150_000]);
        (await server.RunAsync("artifacts", "get", run, "big.bin", "-o", folder["big.bin"])).Ok();
        Assert.Equal(content, await File.ReadAllBytesAsync(folder["big.bin"]));
        Assert.False(File.Exists(folder["big.bin.part"]));
    }

    [Fact]
    public async Task A_damaged_part_is_found_by_its_hash()
    {
        using var folder = new TemporaryFolder();
        var content = RandomNumberGenerator.GetBytes(2_000);
        var run = await UploadedAsync("big.bin", content);
        folder.Write("big.bin.part", new byte[1_000]);
        (await server.RunAsync("artifacts", "get", run, "big.bin", "-o", folder["big.bin"])).Failed(1, "SHA-256");
        Assert.False(File.Exists(folder["big.bin"]));
        (await server.RunAsync("artifacts", "get", run, "big.bin", "-o", folder["big.bin"])).Ok();
        Assert.Equal(content, await File.ReadAllBytesAsync(folder["big.bin"]));
    }

    [Fact]
    public async Task Ls_shows_a_folder_and_all_below()
    {
        var run = await UploadedAsync("model/deep/weights.bin", new byte[2048]);
        await server.Client.Artifacts.UploadAsync(run, "report.txt", new MemoryStream("hi"u8.ToArray()));
        var root = (await server.RunAsync("artifacts", "ls", run)).Ok();
        Assert.Matches("^path +size +updated +sha256", root.Lines[0]);
        Assert.Matches("^model/ +2.0 KiB", root.Lines[1]);
        Assert.Matches("^report.txt +2 B .* [0-9a-f]{12} *$", root.Lines[2]);
        var all = (await server.RunAsync("artifacts", "ls", run, "--recursive", "--json")).Ok().Array(RunstoneJson.Default.ArtifactInfo);
        Assert.Equal("model/deep/weights.bin report.txt", string.Join(' ', all.Select(a => a.Path)));
        var file = (await server.RunAsync("artifacts", "ls", run, "report.txt", "--json")).Ok().Array(RunstoneJson.Default.ArtifactInfo);
        Assert.Equal("report.txt", Assert.Single(file).Path);
    }

    [Fact]
    public async Task What_is_not_there_is_not_found()
    {
        var run = await UploadedAsync("a", [1]);
        (await server.RunAsync("artifacts", "ls", "no-such-run")).Failed(3, "no-such-run");
        (await server.RunAsync("artifacts", "ls", run, "b")).Failed(3, "nothing at 'b'");
        (await server.RunAsync("artifacts", "get", run, "b")).Failed(3, "nothing at 'b'");
        (await server.RunAsync("artifacts", "put", run, "/no/such/file")).Failed(3, "/no/such/file");
        (await server.RunAsync("artifacts", "put", "no-such-run", typeof(ArtifactsTests).Assembly.Location)).Failed(3, "no-such-run");
    }

    [Fact]
    public async Task A_path_out_of_the_run_is_refused()
    {
        using var folder = new TemporaryFolder();
        var run = await NewRunAsync();
        (await server.RunAsync("artifacts", "put", run, folder.Write("a", [1]), "--to", "../b")).Failed(2, "..");
    }

    [Fact]
    public async Task A_folder_does_not_go_to_standard_output()
    {
        var run = await UploadedAsync("model/a", [1]);
        (await server.RunAsync("artifacts", "get", run, "model", "-o", "-")).Failed(2, "names a folder");
    }

    [Fact]
    public async Task On_a_terminal_a_bar_shows_the_transfer_beside_the_output()
    {
        using var folder = new TemporaryFolder();
        var run = await NewRunAsync();
        var content = RandomNumberGenerator.GetBytes(500_000);
        var put = await CliRun.WithProgressAsync("artifacts", "put", run, folder.Write("big [bold].bin", content), "--server", server.Address);
        Assert.Equal((0, "1 file sent, checked, 488.3 KiB in all\n"), (put.ExitCode, put.Out));
        var get = await CliRun.WithProgressAsync("artifacts", "get", run, "big [bold].bin", "-o", "-", "--server", server.Address);
        Assert.Equal(content, get.OutBytes);
        var again = await CliRun.WithProgressAsync("artifacts", "get", run, "-o", folder["all"], "--server", server.Address);
        Assert.Equal(0, again.ExitCode);
        foreach (var bar in new[] { put.Error, again.Error })
            Assert.Contains("100%", bar, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_files_of_one_name_are_not_mixed_up()
    {
        using var folder = new TemporaryFolder();
        var run = await NewRunAsync();
        (await server.RunAsync("artifacts", "put", run, folder.Write("x/a", [1]), folder.Write("y/a", [2]))).Failed(2, "both become 'a'");
        Assert.Empty(await server.Client.Artifacts.ListAsync(run));
    }

    private async Task<string> NewRunAsync() => (await server.Client.Runs.CreateAsync(new CreateRunRequest { Experiment = "files" })).Id;

    private async Task<string> UploadedAsync(string path, byte[] content)
    {
        var run = await NewRunAsync();
        await server.Client.Artifacts.UploadAsync(run, path, new MemoryStream(content));
        return run;
    }
}
