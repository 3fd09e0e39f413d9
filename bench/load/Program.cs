using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text.Json;
using Runstone.Limits;
using Runstone.Load;
using Runstone.Load.Scenarios;

if (args is ["--help" or "-h"])
{
    Console.WriteLine(LoadOptions.Usage);
    return 0;
}

LoadOptions options;
try
{
    options = LoadOptions.Parse(args);
}
catch (ArgumentException e)
{
    await Console.Error.WriteLineAsync($"{e.Message}\n\n{LoadOptions.Usage}");
    return 2;
}

var folder = Directory.CreateDirectory(Path.Combine(options.Data, $"load-{Environment.ProcessId}")).FullName;
try
{
    Run(options, folder);
    return 0;
}
catch (Exception e) when (e is InvalidOperationException or SocketException)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}
catch (Exception e) when (e is KeyNotFoundException or JsonException)
{
    await Console.Error.WriteLineAsync($"The server gave an answer that MLflow's REST interface does not give: {e.Message}");
    return 1;
}
finally
{
    Directory.Delete(folder, recursive: true);
}

static void Run(LoadOptions options, string folder)
{
    var physical = options.Limits ? Physical.Measure(folder) : null;
    using var servers = options.Server is { } file ? new Nodes(file, options, folder) : null;
    using var limits = options.Limits ? ServerProcess.StartLimits(Path.Combine(folder, "limits")) : null;
    var report = new Report(Heading(options, physical));
    var bench = new Bench(
        new TrackingTarget(servers?.Addresses ?? [options.Address!]), limits is null ? null : new LimitTarget(limits.Address), report, options);
    foreach (var name in options.Only)
        Measure(name, bench, physical, folder);
    if (servers is not null)
        report.Add(new Figure("memory after all of this (RSS), each server", "MB", [.. servers.ResidentBytes.Select(b => b / 1e6)], [], ""));

    Console.WriteLine($"\n{report.ToMarkdown()}");
    if (options.Output is not null)
        File.WriteAllText(options.Output, report.ToMarkdown());
}

static void Measure(string name, Bench bench, Physical? physical, string folder)
{
    switch (name)
    {
        case "points":
            Logging.Points(bench);
            break;
        case "batches":
            Logging.Batches(bench);
            break;
        case "binary":
            Binary.Run(bench);
            break;
        case "runs":
            Logging.Runs(bench);
            break;
        case "search":
            Searching.Run(bench);
            break;
        case "history":
            Histories.Run(bench);
            break;
        case "artifacts":
            Files.Run(bench, physical?.DiskWrite);
            break;
        case "start" when bench.Options.Server is { } executable:
            Starting.Run(bench, executable, folder);
            break;
    }
}

static string Heading(LoadOptions options, Physical? physical)
{
    var cpu = File.Exists("/proc/cpuinfo")
        ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim()
        : null;
    return string.Create(CultureInfo.InvariantCulture, $"""
        # {options.Label}

        {TimeProvider.System.GetUtcNow():yyyy-MM-dd HH:mm} UTC; {Environment.ProcessorCount} cores shared by server and load ({cpu ?? "unknown processor"});
        {RuntimeInformation.OSDescription}; {RuntimeInformation.FrameworkDescription}; {options.Rounds} x {options.Window.TotalSeconds:0.#} s a figure.

        {physical?.ToMarkdown()}
        """).TrimEnd();
}
