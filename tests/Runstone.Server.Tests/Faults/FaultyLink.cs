using System.Net;
using System.Net.Sockets;

namespace Runstone.Server.Tests.Faults;

/// <summary>What happens on a <see cref="FaultyLink"/>.</summary>
internal enum LinkState
{
    Open,

    /// <summary>Connections are cut and new ones are refused.</summary>
    Away,

    /// <summary>Connections stay, but nothing passes.</summary>
    Stalled,
}

/// <summary>A TCP connection between two programs of this machine that can be cut or held up.</summary>
internal sealed class FaultyLink : IAsyncDisposable
{
    private readonly IPEndPoint _target;
    private readonly Lock _lock = new();
    private readonly List<Socket> _sockets = [];
    private readonly List<Task> _work = [];
    private readonly Task _accepting;
    private readonly TcpListener _listener;
    private TaskCompletionSource _passable = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private LinkState _state;
    private bool _closed;

    public FaultyLink(string host, int port)
    {
        _target = new IPEndPoint(IPAddress.Parse(host), port);
        _listener = new TcpListener(IPAddress.Loopback, 0);
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _passable.SetResult();
        _accepting = AcceptAsync();
    }

    public int Port { get; }

    public void Set(LinkState state)
    {
        lock (_lock)
        {
            _state = state;
            if (state == LinkState.Stalled)
                _passable = new(TaskCreationOptions.RunContinuationsAsynchronously);
            else
                _passable.TrySetResult();
            if (state != LinkState.Away)
                return;
            foreach (var socket in _sockets)
                socket.Close(0);
            _sockets.Clear();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _closed = true;
        Set(LinkState.Away);
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_work);
        _listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_closed)
        {
            Socket near;
            try
            {
                near = await _listener.AcceptSocketAsync();
            }
            catch (SocketException)
            {
                return;
            }

            if (_state == LinkState.Away)
                near.Close(0); // a reset, which a client cannot tell from a refusal for long
            else
                _work.Add(ServeAsync(near));
        }
    }

    private async Task ServeAsync(Socket near)
    {
        using var far = new Socket(_target.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        near.NoDelay = true;
        lock (_lock)
            _sockets.AddRange([near, far]);
        try
        {
            await far.ConnectAsync(_target);
            await Task.WhenAny(PassAsync(near, far), PassAsync(far, near));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // One of the ends is gone, so the other goes too.
        }
        finally
        {
            near.Close();
            lock (_lock)
            {
                _sockets.Remove(near);
                _sockets.Remove(far);
            }
        }
    }

    private async Task PassAsync(Socket from, Socket to)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer) is var read and > 0)
            {
                await _passable.Task;
                for (var sent = 0; sent < read;)
                    sent += await to.SendAsync(buffer.AsMemory(sent, read - sent));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Closed meanwhile.
        }
    }
}
