using System.Net;
using System.Text;
using Runstone.Server.Compat;

namespace Runstone.Server.Hosting;

/// <summary>What the console shows once the server listens.</summary>
internal static class StartText
{
    public static string Of(string address, ServerOptions options)
    {
        var text = new StringBuilder();
        text.AppendLine($"Runstone {RunstoneServer.Version}");
        text.AppendLine($"  address  {address}");
        foreach (var url in options.PublicUrls)
            text.AppendLine($"  public   {url.GetLeftPart(UriPartial.Authority)}");
        text.AppendLine($"  data     {options.Data}");
        if (!IPAddress.IsLoopback(options.Host))
            text.AppendLine("  warning  everybody who reaches this address can read and change everything (--allow-anonymous)");
        text.AppendLine();
        address = PublicAddresses.Shown(address, options);
        text.AppendLine("Log from C#:");
        text.AppendLine($"  await using var run = await new TrackingClient(\"{address}\").StartRunAsync(\"my experiment\");");
        foreach (var adapter in CompatAdapters.All)
        {
            text.AppendLine($"Log with {adapter.Name}:");
            foreach (var line in adapter.Snippet(address).Split('\n'))
                text.AppendLine($"  {line}");
        }

        return text.AppendLine().Append("Ctrl+C stops it.").ToString();
    }
}
