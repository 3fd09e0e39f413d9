using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Runstone.Limits;
using Runstone.MetricsBench;
using Runstone.MetricsBench.Lines;

[assembly: SupportedOSPlatform("linux")]

MetricsOptions options;
try
{
    options = MetricsOptions.Parse(args);
}
catch (ArgumentException e)
{
    await Console.Error.WriteLineAsync($"{e.Message}\n\n{MetricsOptions.Usage}");
    return 2;
}

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var folder = Directory.CreateDirectory(Path.Combine(options.Data, Note.Of($"metrics-{Environment.ProcessId}"))).FullName;
var failed = 0;
try
{
    var page = new Page(options.Output, Heading(options));
    foreach (var name in options.Engines)
        failed += await MeasureAsync(name, page);
    page.End(Note.Of($"{page.Missed} targets missed, {failed} lines not measured."));
}
finally
{
    Directory.Delete(folder, recursive: true);
}

return failed == 0 ? 0 : 1;

async Task<int> MeasureAsync(string name, Page page)
{
    var (started, failures) = (Stopwatch.GetTimestamp(), 0);
    var engine = new Engine(name is "sqlite" ? "SQLite" : "PostgreSQL", folder, name is "sqlite" ? null : options.Database);
    using var session = new Session(engine, options, page);
    page.Begin(Note.Of($"## {engine.Name}\n\n{TimeProvider.System.GetUtcNow():yyyy-MM-dd HH:mm} UTC, load average {File.ReadAllText("/proc/loadavg").Split(' ')[0]} at the start\n\n{Physical.Measure(folder, options.Quick ? TimeSpan.FromMilliseconds(20) : null).ToMarkdown()}"));
    foreach (var line in options.Only)
    {
        if (Stopwatch.GetElapsedTime(started) > options.Most)
        {
            page.Gap(line, "the time of the engine was over");
            failures++;
            continue;
        }

        Console.WriteLine(Note.Of($"-- {engine.Name} {line}, after {Stopwatch.GetElapsedTime(started).TotalSeconds:0} s"));
        try
        {
            await LineAsync(session, line);
        }
        catch (Exception e)
        {
            await Console.Error.WriteLineAsync(e.ToString());
            page.Gap(line, e.Message);
            failures++;
        }
    }

    page.End(Note.Of($"Measured in {Stopwatch.GetElapsedTime(started).TotalSeconds:0} s, load average {File.ReadAllText("/proc/loadavg").Split(' ')[0]} at the end."));
    return failures;
}

static async Task LineAsync(Session session, string line)
{
    switch (line)
    {
        case "points":
            Ingest.Points(session);
            break;
        case "batches":
            Ingest.Batches(session);
            break;
        case "binary":
            Ingest.Bytes(session);
            break;
        case "sdk":
            await Sdk.RunAsync(session);
            break;
        case "keys":
            Ingest.Keys(session);
            break;
        case "bytes":
            await Sizes.RunAsync(session);
            break;
        case "draw":
            await Drawing.RunAsync(session);
            break;
        case "many":
            await Drawing.ManyAsync(session);
            break;
        case "read":
            await Reading.RunAsync(session);
            break;
        case "groups":
            await Groups.RunAsync(session);
            break;
        case "memory":
            Memory.Run(session);
            break;
        case "restart":
            Restart.Run(session);
            break;
        case "console":
            Consoles.Measure(session);
            break;
    }
}

static string Heading(MetricsOptions options)
{
    var cpu = File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim();
    var quick = options.Quick ? "**A quick look with small sizes: not a measurement.** " : "";
    return Note.Of($"""
        # Targets of the metric engine

        {quick}[`bench/metrics`](../metrics), which says what is done and what stands beside it: [Metrics](../README.md#metrics). {Environment.ProcessorCount} cores shared by server, database and load ({cpu ?? "unknown processor"}); {RuntimeInformation.OSDescription}; {RuntimeInformation.FrameworkDescription}; rates are medians of {options.Rounds} x {options.Window.TotalSeconds:0.#} s, latencies of what fits {options.Window.TotalSeconds:0.#} s.
        """);
}
