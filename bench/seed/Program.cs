using System.Globalization;
using Runstone.Client;
using Runstone.Seed;

SeedOptions options;
try
{
    options = SeedOptions.Parse(args);
}
catch (ArgumentException e)
{
    await Console.Error.WriteLineAsync($"{e.Message}\n\n{SeedOptions.Usage}");
    return 2;
}

await using var target = new Target(options.Server);
foreach (var workspace in options.Workspaces)
{
    var started = TimeProvider.System.GetTimestamp();
    try
    {
        var made = await workspace.EnsureAsync(target);
        var seconds = TimeProvider.System.GetElapsedTime(started).TotalSeconds;
        Console.WriteLine(made ? string.Create(CultureInfo.InvariantCulture, $"{workspace.Name}: made in {seconds:0} s") : $"{workspace.Name}: is there");
    }
    catch (RunstoneApiException e)
    {
        await Console.Error.WriteLineAsync($"{workspace.Name}: {e.Message}");
        return 1;
    }
}

return 0;
