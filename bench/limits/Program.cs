// figures [folder]                   prints what this machine can do at best
// serve <port> <folder> [database]   runs the bare server on 127.0.0.1 until it is stopped; with a connection string it commits to PostgreSQL
using System.Globalization;
using Runstone.Limits;

switch (args)
{
    case [] or ["figures"]:
        Console.WriteLine(Physical.Measure(Directory.GetCurrentDirectory()).ToMarkdown());
        return 0;
    case ["figures", var folder]:
        Console.WriteLine(Physical.Measure(folder).ToMarkdown());
        return 0;
    case ["serve", var port, var folder, .. { Length: <= 1 } database]:
        await LimitServer.RunAsync(int.Parse(port, CultureInfo.InvariantCulture), folder, database.FirstOrDefault(), CancellationToken.None);
        return 0;
    default:
        await Console.Error.WriteLineAsync("usage: figures [folder] | serve <port> <folder> [database]");
        return 2;
}
