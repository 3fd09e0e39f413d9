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
        text.AppendLine($"  data     {options.Data}");
        text.AppendLine();
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
