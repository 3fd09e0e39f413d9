using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Runstone.Server.Tests;

/// <summary>Sends a request byte by byte as written, because clients tidy paths and headers.</summary>
internal static class RawHttp
{
    /// <summary>Sends the request line and headers (without Host and the empty line), then the body; returns all that comes back.</summary>
    public static async Task<string> SendAsync(RunningServer server, string head, string body = "")
    {
        var address = new Uri(server.Address);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, address.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes($"{head}\r\nHost: {address.Authority}\r\nConnection: close\r\n\r\n{body}"));
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync();
    }
}
