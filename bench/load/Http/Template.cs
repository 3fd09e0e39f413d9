using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Runstone.Load.Http;

/// <summary>
/// A request as bytes, some of whose numbers are overwritten in place before each sending: fields of fixed width, marked in the
/// text by a run of '#'. Writing a number costs nanoseconds, so the load stays far below the server's cost.
/// </summary>
internal sealed class Template
{
    private readonly byte[] _bytes;
    private readonly int[] _fields;
    private readonly int _width;

    public Template(string method, string path, string body)
    {
        _bytes = Requests.Build(method, path, body);
        var first = body.IndexOf('#', StringComparison.Ordinal);
        _width = first < 0 ? 0 : body.Skip(first).TakeWhile(c => c == '#').Count();
        _fields = [.. Fields(_bytes)];
    }

    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>How many fields the request has.</summary>
    public int Count => _fields.Length;

    /// <summary>Writes the value with leading zeros; it must have no more digits than the field is wide.</summary>
    public void Set(int field, long value)
    {
        var format = new System.Buffers.StandardFormat('D', (byte)_width);
        Utf8Formatter.TryFormat(value, _bytes.AsSpan(_fields[field], _width), out _, format);
    }

    private static IEnumerable<int> Fields(byte[] bytes)
    {
        for (var i = 1; i < bytes.Length; i++)
        {
            if (bytes[i] == '#' && bytes[i - 1] != '#')
                yield return i;
        }
    }
}

/// <summary>Requests as bytes.</summary>
internal static class Requests
{
    public static byte[] Build(string method, string path, string body = "") =>
        Encoding.UTF8.GetBytes(Head(method, path, Encoding.UTF8.GetByteCount(body), "application/json") + body);

    public static byte[] HeadOf(string method, string path, long length) =>
        Encoding.UTF8.GetBytes(Head(method, path, length, "application/octet-stream"));

    private static string Head(string method, string path, long length, string type)
    {
        var content = length == 0 && method is "GET" ? "" : string.Create(CultureInfo.InvariantCulture, $"Content-Type: {type}\r\nContent-Length: {length}\r\n");
        return $"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{content}\r\n";
    }
}
