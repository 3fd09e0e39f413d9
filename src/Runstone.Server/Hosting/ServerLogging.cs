namespace Runstone.Server.Hosting;

/// <summary>What the console shows: warnings and worse, or everything of interest when asked to be verbose.</summary>
internal static class ServerLogging
{
    public static void Quiet(ILoggingBuilder logging) => Add(logging, LogLevel.Warning);

    public static void Verbose(ILoggingBuilder logging) => Add(logging, LogLevel.Information);

    private static void Add(ILoggingBuilder logging, LogLevel least)
    {
        logging.SetMinimumLevel(least);
        logging.AddSimpleConsole(console => console.SingleLine = true);

        // The host logs a failed start with its stack trace; StartFailure says the same in one line.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
    }
}
