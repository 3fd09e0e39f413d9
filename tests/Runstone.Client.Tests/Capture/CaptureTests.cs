using System.Diagnostics;
using System.Text;
using Runstone.Client.Capture;

namespace Runstone.Client.Tests.Capture;

public sealed class CaptureTests
{
    [Theory]
    [InlineData("app --password hunter2 --epochs 3", "app --password *** --epochs 3")]
    [InlineData("app --password=hunter2", "app --password=***")]
    [InlineData("app API_KEY=abc lr=0.1", "app API_KEY=*** lr=0.1")]
    [InlineData("app /token:abc -x", "app /token:*** -x")]
    [InlineData("app --db postgres://me:pw@host/x", "app --db postgres://***@host/x")]
    [InlineData("app --author me --tokenizer bpe", "app --author me --tokenizer bpe")]
    [InlineData("app ghp_0123456789abcdefghij", "app ***")]
    [InlineData("app --secret --token abc", "app --secret --token ***")]
    public void Secrets_in_the_command_line_are_hidden(string command, string expected) =>
        Assert.Equal(expected, string.Join(' ', SecretMasking.Mask(command.Split(' '))));

    [Theory]
    [InlineData("https://me:token@host/x.git", "https://host/x.git")]
    [InlineData("git@host:me/x.git", "git@host:me/x.git")]
    [InlineData("https://host/x.git", "https://host/x.git")]
    public void A_remote_has_no_credentials(string address, string expected) =>
        Assert.Equal(expected, SecretMasking.WithoutCredentials(address));

    [Fact]
    public async Task The_state_of_a_work_tree_is_read()
    {
        using var folder = new TempFolder();
        Git(folder.Path, "init", "-q", "-b", "trunk");
        Git(folder.Path, "config", "user.email", "a@b.example");
        Git(folder.Path, "config", "user.name", "a");
        Git(folder.Path, "remote", "add", "origin", "https://me:secret@host.example/x.git");
        folder.File("train.cs", "one\n");
        Git(folder.Path, "add", ".");
        Git(folder.Path, "commit", "-q", "-m", "first");

        var (clean, none) = await GitCapture.ReadAsync(folder.Path, TestContext.Current.CancellationToken);
        Assert.Equal((false, null, "trunk", "https://host.example/x.git"), (clean!.Dirty, clean.DiffSha256, clean.Branch, clean.Remote));
        Assert.Equal(40, clean.Commit.Length);
        Assert.Null(none);

        folder.File("train.cs", "two\n");
        folder.File("untracked.txt", "x");
        var (dirty, diff) = await GitCapture.ReadAsync(folder.Path, TestContext.Current.CancellationToken);
        Assert.True(dirty!.Dirty);
        Assert.NotNull(dirty.DiffSha256);
        Assert.Contains("+two", Encoding.UTF8.GetString(diff!), StringComparison.Ordinal);
        Assert.DoesNotContain("untracked", Encoding.UTF8.GetString(diff!), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Outside_of_a_work_tree_there_is_no_state()
    {
        using var folder = new TempFolder();
        Assert.Equal((null, null), await GitCapture.ReadAsync(folder.Path, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_program_that_is_missing_fails_or_says_too_much_gives_nothing()
    {
        var cancellation = TestContext.Current.CancellationToken;
        Task<byte[]?> Read(string program, int maxBytes, params string[] arguments) =>
            ToolProcess.ReadAsync(program, arguments, null, TimeSpan.FromSeconds(20), maxBytes, cancellation);
        Assert.Null(await Read("no-such-program-here", 100));
        Assert.Null(await Read("git", 100, "no-such-command"));
        Assert.Null(await Read("git", 3, "--version"));
        Assert.StartsWith("git", Encoding.UTF8.GetString((await Read("git", 100, "--version"))!), StringComparison.Ordinal);
    }

    [Fact]
    public void The_machine_is_described()
    {
        var machine = EnvironmentCapture.Machine("/work");
        Assert.Equal(("/work", Environment.ProcessId, Environment.ProcessorCount), (machine.WorkingDirectory, machine.ProcessId, machine.CpuCount));
        Assert.True(machine.Packages!.ContainsKey("CsCheck"));
        Assert.StartsWith(".NET", machine.Runtime, StringComparison.Ordinal);
        Assert.True(machine.Memory > 0);
    }

    [Fact]
    public void Graphics_processors_are_read_from_csv()
    {
        var gpu = Assert.Single(NvidiaSmi.ParseList("NVIDIA A100-SXM4-40GB, 40960, 535.129.03\n"));
        Assert.Equal(("NVIDIA A100-SXM4-40GB", 40960L * 1024 * 1024, "535.129.03"), (gpu.Name, gpu.Memory, gpu.Driver));
        var samples = NvidiaSmi.ParseSamples("0, 35, 1024, 40960, 61.5, 44\n1, [N/A], 0, 40960, [Not Supported], 30\nnonsense\n");
        Assert.Equal(2, samples.Count);
        Assert.Equal(new GpuSample(0, 35, 1024.0 * 1024 * 1024, 40960.0 * 1024 * 1024, 61.5, 44), samples[0]);
        Assert.Null(samples[1].Utilization);
    }

    [Fact]
    public void Counters_are_read_from_proc()
    {
        Assert.Equal((150, 1000), SystemCounters.ReadCpu(["cpu  100 20 30 800 50 0 0 0 7 0", "cpu0 1 1 1 1"]));
        Assert.Equal(
            ((long?)512 * 10, (long?)512 * 20),
            SystemCounters.ReadDisks(["   8 0 sda 1 2 10 4 5 6 20 8", "   8 1 sda1 1 2 99 4 5 6 99 8"], n => n is "sda"));
        Assert.Equal(
            ((long?)7, (long?)9),
            SystemCounters.ReadNetwork(["Inter-|   Receive", "    lo: 5 0 0 0 0 0 0 0 5 0", "  eth0: 7 0 0 0 0 0 0 0 9 0"]));
    }

    [Fact]
    public void Load_is_the_difference_of_two_moments()
    {
        var before = new SystemCounters { CpuBusy = 100, CpuTotal = 1000, DiskReadBytes = 0, NetworkSentBytes = 10 };
        var after = new SystemCounters { CpuBusy = 150, CpuTotal = 1100, DiskReadBytes = 4096, NetworkSentBytes = 30 };
        var load = SystemSampler.Measure(before, after, 2).ToDictionary(m => m.Key, m => m.Value, StringComparer.Ordinal);
        Assert.Equal(50, load["system/cpu_percent"]);
        Assert.Equal(2048, load["system/disk_read_bytes_per_second"]);
        Assert.Equal(10, load["system/network_send_bytes_per_second"]);
        Assert.False(load.ContainsKey("system/disk_write_bytes_per_second"));
    }

    private static void Git(string folder, params string[] arguments)
    {
        using var git = Process.Start(new ProcessStartInfo("git", arguments) { WorkingDirectory = folder })!;
        git.WaitForExit();
        Assert.Equal(0, git.ExitCode);
    }
}
