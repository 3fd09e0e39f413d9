namespace Runstone.Load.Scenarios;

/// <summary>How long a published server takes to its first answer, and what it occupies when nothing happens.</summary>
internal static class Starting
{
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(10);

    public static void Run(Bench bench, string executable, string folder)
    {
        var number = 0;
        bench.Once("start to first answer, new data folder", "ms", () =>
        {
            using var server = ServerProcess.Start(executable, Path.Combine(folder, $"start{number++}"), bench.Options.ServerOptions);
            return server.StartTime.TotalMilliseconds;
        });
        bench.Once("start to first answer, data folder in use before", "ms", () =>
        {
            using var server = ServerProcess.Start(executable, Path.Combine(folder, "start0"), bench.Options.ServerOptions);
            return server.StartTime.TotalMilliseconds;
        });
        using var idle = ServerProcess.Start(executable, Path.Combine(folder, "start0"), bench.Options.ServerOptions);
        using var waiting = new ManualResetEventSlim();
        waiting.Wait(Idle);
        bench.Report.Add(new Figure("memory after 10 s idle (RSS)", "MB", [idle.ResidentBytes / 1e6], [], ""));
    }
}
