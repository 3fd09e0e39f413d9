using System.Runtime.InteropServices;
using ZstdSharp;

namespace Runstone.Core.Metrics;

/// <summary>
/// Writes the payload of one metric log row (docs/formats/metric-log.md). Keeps its buffers: one instance a writer, not safe for
/// use by two threads.
/// </summary>
public sealed class MetricLogEncoder : IDisposable
{
    /// <summary>Bodies up to this size are stored as they are.</summary>
    internal const int CompressAbove = 512;

    /// <summary>The largest body that is compressed, so that a reader never has to make room for more.</summary>
    internal const int MaxCompressedBody = 16 * 1024 * 1024;

    private const int MaxPointBytes = (4 * Varint.MaxBytes) + sizeof(double);

    private readonly Compressor _compressor = new(level: 1);
    private byte[] _body = new byte[1024];
    private byte[] _payload = new byte[1024];
    private long[] _ids = new long[16];
    private int[] _order = new int[16];
    private int[] _indexOf = new int[16];

    /// <summary>
    /// Encodes the points in their order. <paramref name="keyIds"/> gives the id (1 or more) of each key index; several indexes
    /// may have one id. Every step is set. The result is valid until the next call.
    /// </summary>
    public ReadOnlySpan<byte> Encode(ReadOnlySpan<long> keyIds, ReadOnlySpan<MetricPoint> points)
    {
        ArgumentOutOfRangeException.ThrowIfZero(points.Length);
        var keys = IndexKeys(keyIds, points);
        byte flags = MetricLogHeader.Version;
        if (keys == 1)
            flags |= MetricLogHeader.OneKeyFlag;
        if (HasMicros(points))
            flags |= MetricLogHeader.MicrosFlag;
        var body = WriteBody(points, keys > 1, (flags & MetricLogHeader.MicrosFlag) != 0);

        Reserve(ref _payload, ((keys + 4) * Varint.MaxBytes) + Compressor.GetCompressBound(body));
        var at = WriteHeader(flags, keys, points.Length);
        if (body is > CompressAbove and <= MaxCompressedBody && TryCompress(body, at, out var end))
            return _payload.AsSpan(0, end);
        _body.AsSpan(0, body).CopyTo(_payload.AsSpan(at));
        return _payload.AsSpan(0, at + body);
    }

    public void Dispose() => _compressor.Dispose();

    private static bool HasMicros(ReadOnlySpan<MetricPoint> points)
    {
        var any = 0;
        foreach (ref readonly var point in points)
        {
            if (!point.Step.IsSet)
                throw new ArgumentException("A point has no step.", nameof(points));
            any |= point.Step.Micros;
        }

        return any != 0;
    }

    /// <summary>Finds the distinct ids in use, ascending, in <c>_ids</c>, and each key index's place among them in <c>_indexOf</c>.</summary>
    private int IndexKeys(ReadOnlySpan<long> keyIds, ReadOnlySpan<MetricPoint> points)
    {
        Reserve(ref _ids, keyIds.Length);
        Reserve(ref _indexOf, keyIds.Length);
        if (keyIds.Length == 1)
        {
            (_ids[0], _indexOf[0]) = (keyIds[0], 0);
            return 1;
        }

        Reserve(ref _order, keyIds.Length);
        var used = MarkUsed(keyIds, points);
        MemoryExtensions.Sort(_ids.AsSpan(0, used), _order.AsSpan(0, used));
        var distinct = 0;
        for (var i = 0; i < used; i++)
        {
            if (distinct == 0 || _ids[distinct - 1] != _ids[i])
                _ids[distinct++] = _ids[i];
            _indexOf[_order[i]] = distinct - 1;
        }

        return distinct;
    }

    private int MarkUsed(ReadOnlySpan<long> keyIds, ReadOnlySpan<MetricPoint> points)
    {
        _indexOf.AsSpan(0, keyIds.Length).Fill(-1);
        foreach (ref readonly var point in points)
            _indexOf[point.Key] = 0;
        var used = 0;
        for (var i = 0; i < keyIds.Length; i++)
        {
            if (_indexOf[i] < 0)
                continue;
            (_ids[used], _order[used]) = (keyIds[i], i);
            used++;
        }

        return used;
    }

    private int WriteBody(ReadOnlySpan<MetricPoint> points, bool withKeys, bool withMicros)
    {
        Reserve(ref _body, checked(points.Length * MaxPointBytes));
        var body = _body.AsSpan();
        var at = 0;
        if (withKeys)
        {
            foreach (ref readonly var point in points)
                at = Varint.Write(body, at, (ulong)_indexOf[point.Key]);
        }

        long previous = 0;
        foreach (ref readonly var point in points)
        {
            at = Varint.Write(body, at, Varint.ZigZag(unchecked(point.Step.Whole - previous)));
            previous = point.Step.Whole;
        }

        if (withMicros)
        {
            foreach (ref readonly var point in points)
                at = Varint.Write(body, at, (ulong)point.Step.Micros);
        }

        previous = 0;
        foreach (ref readonly var point in points)
        {
            at = Varint.Write(body, at, Varint.ZigZag(unchecked(point.Time - previous)));
            previous = point.Time;
        }

        return WriteValues(points, at);
    }

    private int WriteValues(ReadOnlySpan<MetricPoint> points, int at)
    {
        foreach (ref readonly var point in points)
        {
            var bits = BitConverter.DoubleToInt64Bits(point.Value);
            if (!BitConverter.IsLittleEndian)
                bits = System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(bits);
            MemoryMarshal.Write(_body.AsSpan(at), in bits);
            at += sizeof(double);
        }

        return at;
    }

    private int WriteHeader(byte flags, int keys, int points)
    {
        var target = _payload.AsSpan();
        target[0] = flags;
        var at = 1;
        if (keys > 1)
            at = Varint.Write(target, at, (ulong)keys);
        long previous = 0;
        foreach (var id in _ids.AsSpan(0, keys))
        {
            at = Varint.Write(target, at, (ulong)(id - previous));
            previous = id;
        }

        return Varint.Write(target, at, (ulong)points);
    }

    /// <summary>Compresses when that saves at least an eighth; below that, reading would pay more than the disk gains.</summary>
    private bool TryCompress(int body, int at, out int end)
    {
        var start = Varint.Write(_payload, at, (ulong)body);
        end = start + _compressor.Wrap(_body.AsSpan(0, body), _payload.AsSpan(start));
        if (end - at > body - (body / 8))
            return false;
        _payload[0] |= MetricLogHeader.CompressedFlag;
        return true;
    }

    private static void Reserve<T>(ref T[] buffer, int length)
    {
        if (buffer.Length < length)
            buffer = new T[Math.Max(length, buffer.Length * 2)];
    }
}
