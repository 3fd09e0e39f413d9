using System.Globalization;
using System.Runtime.InteropServices;
using Runstone.Load;
using Runstone.SearchBench;
using Runstone.Storage;

SearchOptions options;
try
{
    options = SearchOptions.Parse(args);
}
catch (ArgumentException e)
{
    await Console.Error.WriteLineAsync($"{e.Message}\n\n{SearchOptions.Usage}");
    return 2;
}

var data = Directory.CreateDirectory(options.Data).FullName;
var seeded = await Seed.EnsureAsync(new StorageOptions { Data = data, Database = options.Database }, options.Runs);
string[] database = options.Database is { } address ? ["--database", address.ConnectionString] : [];
using var server = ServerProcess.Start(options.Server, data, database);
using var plain = await PlainStore.OpenAsync(options.Database, Path.Combine(data, "runstone.db"));
var report = new Figures(Heading(options, seeded));
using var searches = new Searches(server, plain, report, options);
await searches.RunAsync();
report.Note(string.Create(CultureInfo.InvariantCulture, $"Memory of the server after all of this: {server.ResidentBytes / 1e6:0} MB."));
Console.WriteLine($"\n{report.ToMarkdown()}");
if (options.Output is { } file)
    await File.AppendAllTextAsync(file, report.ToMarkdown());
return 0;

static string Heading(SearchOptions options, double? seeded)
{
    var engine = options.Database is null ? "SQLite" : "PostgreSQL";
    var filled = seeded is { } seconds ? string.Create(CultureInfo.InvariantCulture, $" Filled in {seconds:0} s.") : "";
    return string.Create(CultureInfo.InvariantCulture, $"""
        ## {engine}

        {TimeProvider.System.GetUtcNow():yyyy-MM-dd HH:mm} UTC; {options.Runs:N0} runs; {Environment.ProcessorCount} cores shared by server, store and this program, {File.ReadAllText("/proc/loadavg").Split(' ')[0]} processes ready to run at the start; {RuntimeInformation.FrameworkDescription}.{filled}
        """);
}
