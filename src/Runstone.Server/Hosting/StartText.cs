using System.Net;
using System.Text;
using Runstone.Server.Compat;

namespace Runstone.Server.Hosting;

/// <summary>What the console shows once the server listens.</summary>
internal static class StartText
{
    public static string Of(string address, ServerOptions options, IReadOnlyList<(string Name, string Place)> places)
    {
        var text = new StringBuilder();
        text.AppendLine($"Runstone {RunstoneServer.Version}");
        AppendLine(text, "address", address);
        foreach (var url in options.PublicUrls)
            AppendLine(text, "public", url.GetLeftPart(UriPartial.Authority));
        foreach (var (name, place) in places)
            AppendLine(text, name, place);
        if (!IPAddress.IsLoopback(options.Host))
            AppendLine(text, "warning", "everybody who reaches this address can read and change everything (--allow-anonymous)");
        if (options.Database is not null && options.Blobs?.Bucket is null)
            AppendLine(text, "warning", "files are kept in a folder of this machine; nodes of one database share them only in a bucket or a shared folder (--blobs)");
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

    private static void AppendLine(StringBuilder text, string name, string value) => text.AppendLine($"  {name,-8} {value}");
}
