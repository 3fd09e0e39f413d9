using System.Runtime.InteropServices;
using Runstone.Client.Outbox;
using Runstone.Protocol;

namespace Runstone.Client.Capture;

/// <summary>Finds out code, command and machine of a run, beside the run and without ever failing it.</summary>
internal static class EnvironmentCapture
{
    public const string DiffPath = "runstone/git.diff";

    /// <summary>Captures and logs it. When the run ends first, what takes time (git, devices) is given a last moment.</summary>
    public static async Task RunAsync(Run run, CancellationToken ending)
    {
        try
        {
            using var patience = new CancellationTokenSource();
            await using var hurry = ending.Register(() => patience.CancelAfter(TimeSpan.FromSeconds(5)));
            var directory = Environment.CurrentDirectory;
            var git = GitCapture.ReadAsync(directory, patience.Token);
            var gpus = NvidiaSmi.ListAsync(patience.Token);
            var environment = Machine(directory) with { Gpus = await gpus };
            var (state, diff) = await git;
            if (diff is not null)
                run.LogBytes(DiffPath, diff);
            run.Write(RecordType.Environment, environment with { Git = state }, RunstoneJson.Default.RunEnvironment);
        }
        catch (Exception e)
        {
            run.Session.Report(DiagnosticLevel.Warning, DiagnosticCodes.InternalError, $"The environment of the run was not captured: {e.Message}", e);
        }
    }

    /// <summary>All that is known at once.</summary>
    public static RunEnvironment Machine(string directory) => new()
    {
        Command = SecretMasking.Mask(Environment.GetCommandLineArgs()),
        WorkingDirectory = directory,
        Host = Environment.MachineName,
        ProcessId = Environment.ProcessId,
        Os = MachineFacts.OsName(),
        Architecture = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant(),
        Runtime = RuntimeInformation.FrameworkDescription,
        Cpu = MachineFacts.CpuModel(),
        CpuCount = Environment.ProcessorCount,
        Memory = MachineFacts.MemoryBytes(),
        Packages = PackageList.Read(),
        Client = ClientVersion.Name,
    };
}
