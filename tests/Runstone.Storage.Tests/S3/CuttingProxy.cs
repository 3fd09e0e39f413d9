using System.Net;
using System.Net.Sockets;

namespace Runstone.Storage.Tests.S3;

/// <summary>
/// Stands before a server on loopback and cuts each connection after so many bytes in a direction; the limits of the n-th
/// connection are asked for when it opens.
/// </summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Uri _target;
    private readonly Func<int, (long Up, long Down)> _limits;
    private readonly Task _accepting;
    private int _cuts;

    public CuttingProxy(Uri target, Func<int, (long Up, long Down)> limits)
    {
        (_target, _limits) = (target, limits);
        _listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");
        _accepting = AcceptAsync();
    }

    public Uri Address { get; }

    /// <summary>Connections cut so far.</summary>
    public int Cuts => Volatile.Read(ref _cuts);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var serving = new List<Task>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync(_stop.Token);
                serving.Add(ServeAsync(client, _limits(serving.Count)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(Socket client, (long Up, long Down) limits)
    {
        using (client)
        using (var server = new Socket(SocketType.Stream, ProtocolType.Tcp))
        {
            try
            {
                await server.ConnectAsync(_target.Host, _target.Port, _stop.Token);
                await await Task.WhenAny(RelayAsync(client, server, limits.Up), RelayAsync(server, client, limits.Down));
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // One side went away; the other is closed now.
            }

            // A reset, as when a machine goes away in the middle.
            client.LingerState = new LingerOption(enable: true, 0);
        }
    }

    private async Task RelayAsync(Socket from, Socket to, long limit)
    {
        var buffer = new byte[64 * 1024];
        while (await from.ReceiveAsync(buffer, _stop.Token) is var read and > 0)
        {
            var passed = (int)Math.Min(read, limit);
            for (var sent = 0; sent < passed;)
                sent += await to.SendAsync(buffer.AsMemory(sent, passed - sent), _stop.Token);
            limit -= passed;
            if (passed < read)
            {
                Interlocked.Increment(ref _cuts);
                return;
            }
        }
    }
}
