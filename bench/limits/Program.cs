// figures [folder]          prints what this machine can do at best
// serve <port> <folder>     runs the bare server on 127.0.0.1 until it is stopped
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
    case ["serve", var port, var folder]:
        await LimitServer.RunAsync(int.Parse(port, CultureInfo.InvariantCulture), folder, CancellationToken.None);
        return 0;
    default:
        await Console.Error.WriteLineAsync("usage: figures [folder] | serve <port> <folder>");
        return 2;
}
