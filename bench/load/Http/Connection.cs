using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Runstone.Load.Http;

/// <summary>
/// One keep-alive HTTP/1.1 connection with blocking calls and reused buffers. The load shares two cores with the server, so a
/// request costs here little more than its two system calls. Not for use by several threads.
/// </summary>
internal sealed class Connection : IDisposable
{
    private readonly IPEndPoint _address;
    private Socket _socket;
    private byte[] _input = new byte[64 << 10];
    private byte[] _body = new byte[64 << 10];
    private int _start;
    private int _end;
    private int _bodyLength;

    public Connection(IPEndPoint address) => (_address, _socket) = (address, Open(address));

    /// <summary>The status of the last answer.</summary>
    public int Status { get; private set; }

    /// <summary>The body of the last answer, valid until the next request.</summary>
    public ReadOnlySpan<byte> Body => _body.AsSpan(0, _bodyLength);

    /// <summary>Sends a whole request and reads the answer. Throws when the status is not 2xx.</summary>
    public void Send(ReadOnlySpan<byte> request)
    {
        Exchange(request, [], keepBody: true);
        if (Status is < 200 or > 299)
            throw new InvalidOperationException($"The server answered {Status}: {Encoding.UTF8.GetString(Body[..Math.Min(Body.Length, 500)])}");
    }

    /// <summary>
    /// Sends a head and a body apart, reads the answer and returns the length of its body, which is kept only when asked.
    /// </summary>
    public long Exchange(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body, bool keepBody)
    {
        SendAll(head);
        SendAll(body);
        return ReadAnswer(keepBody);
    }

    public void Dispose() => _socket.Dispose();

    private static Socket Open(IPEndPoint address)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = 120_000 };
        socket.Connect(address);
        return socket;
    }

    private void SendAll(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
            bytes = bytes[_socket.Send(bytes)..];
    }

    private long ReadAnswer(bool keepBody)
    {
        Status = int.TryParse(ReadLine().Slice(9, 3), System.Globalization.CultureInfo.InvariantCulture, out var status)
            ? status
            : throw new InvalidOperationException("The answer has no status");
        var (length, chunked, close) = (0L, false, false);
        for (var line = ReadLine(); line.Length > 0; line = ReadLine())
        {
            if (Value(line, "content-length:"u8) is { Length: > 0 } digits && Utf8Parser.TryParse(digits, out long given, out _))
                length = given;
            chunked |= Ascii.EqualsIgnoreCase(Value(line, "transfer-encoding:"u8), "chunked"u8);
            close |= Ascii.EqualsIgnoreCase(Value(line, "connection:"u8), "close"u8);
        }

        _bodyLength = 0;
        var total = chunked ? ReadChunks(keepBody) : ReadBody(Status is 204 or 304 ? 0 : length, keepBody);
        if (close)
            Reopen();
        return total;
    }

    private void Reopen()
    {
        _socket.Dispose();
        _socket = Open(_address);
        (_start, _end) = (0, 0);
    }

    private static ReadOnlySpan<byte> Value(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name) =>
        line.Length > name.Length && Ascii.EqualsIgnoreCase(line[..name.Length], name) ? line[name.Length..].Trim((byte)' ') : [];

    private long ReadChunks(bool keepBody)
    {
        for (var total = 0L; ;)
        {
            if (!Utf8Parser.TryParse(ReadLine(), out long size, out _, 'x'))
                throw new InvalidOperationException("A chunk has no size");
            if (size == 0)
            {
                while (ReadLine().Length > 0)
                    continue;
                return total;
            }

            total += ReadBody(size, keepBody);
            ReadLine();
        }
    }

    private long ReadBody(long length, bool keepBody)
    {
        for (var left = length; left > 0;)
        {
            if (_start == _end)
                Fill();
            var part = _input.AsSpan(_start, (int)Math.Min(left, _end - _start));
            if (keepBody)
                Keep(part);
            _start += part.Length;
            left -= part.Length;
        }

        return length;
    }

    private void Keep(ReadOnlySpan<byte> part)
    {
        if (_bodyLength + part.Length > _body.Length)
            Array.Resize(ref _body, Math.Max(_body.Length * 2, _bodyLength + part.Length));
        part.CopyTo(_body.AsSpan(_bodyLength));
        _bodyLength += part.Length;
    }

    /// <summary>The next line without its end; valid until the next read.</summary>
    private ReadOnlySpan<byte> ReadLine()
    {
        for (var scanned = 0; ;)
        {
            var found = _input.AsSpan(_start + scanned, _end - _start - scanned).IndexOf((byte)'\n');
            if (found >= 0)
            {
                var line = _input.AsSpan(_start, scanned + found);
                _start += scanned + found + 1;
                return line.TrimEnd((byte)'\r');
            }

            scanned = _end - _start;
            Fill();
        }
    }

    private void Fill()
    {
        if (_start > 0)
        {
            _input.AsSpan(_start, _end - _start).CopyTo(_input);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _input.Length)
            Array.Resize(ref _input, _input.Length * 2);
        var received = _socket.Receive(_input.AsSpan(_end));
        _end += received > 0 ? received : throw new InvalidOperationException("The server closed the connection");
    }
}
