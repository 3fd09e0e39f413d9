using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging.Console;

namespace Runstone.Server.Hosting;

/// <summary>What the console shows: warnings and worse, or everything of interest when asked to be verbose; as text or as JSON lines.</summary>
internal static class ServerLogging
{
    public static void Configure(ILoggingBuilder logging, ServerOptions options)
    {
        logging.SetMinimumLevel(options.Verbose ? LogLevel.Information : LogLevel.Warning);
        if (options.JsonLog)
            AddJson(logging);
        else
            logging.AddSimpleConsole(console => console.SingleLine = true);

        // When the server comes and goes is what a collector of lines wants to know too; in text the start text says it.
        if (options.JsonLog)
            logging.AddFilter(typeof(RunstoneServer).FullName, LogLevel.Information);

        // The host logs a failed start with its stack trace; StartFailure says the same in one line.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);

        // A line a request is written by RequestIdentity.
        logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
    }

    private static void AddJson(ILoggingBuilder logging)
    {
        logging.AddConsole(console => console.FormatterName = JsonLogFormatter.FormatterName);
        logging.Services.TryAddSingleton(TimeProvider.System);
        logging.Services.AddSingleton<ConsoleFormatter, JsonLogFormatter>();
    }
}
