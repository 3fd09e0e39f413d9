using System.Runtime.InteropServices;
using ZstdSharp;

namespace Runstone.Core.Metrics;

/// <summary>
/// Reads the payload of one metric log row (docs/formats/metric-log.md). Bytes that are no row throw
/// <see cref="InvalidDataException"/>; memory is taken in proportion to the payload, at most 16 MiB more for a compressed body.
/// Keeps its buffers: not safe for use by two threads.
/// </summary>
public sealed class MetricLogDecoder : IDisposable
{
    private const int MinPointBytes = 2 + sizeof(double);

    private Decompressor? _decompressor;
    private byte[] _body = [];
    private long[] _ids = new long[4];
    private MetricPoint[] _points = new MetricPoint[16];
    private int _keys;
    private int _count;

    /// <summary>The key ids of the row read last, ascending; <see cref="MetricPoint.Key"/> indexes them.</summary>
    public ReadOnlySpan<long> KeyIds => _ids.AsSpan(0, _keys);

    /// <summary>The points of the row read last, in their order.</summary>
    public ReadOnlySpan<MetricPoint> Points => _points.AsSpan(0, _count);

    /// <summary>Reads a row; the spans are valid until the next call.</summary>
    public void Decode(ReadOnlySpan<byte> payload) => Decode(payload, MetricLogHeader.Read(payload));

    /// <summary>Reads a row whose header was read before.</summary>
    public void Decode(ReadOnlySpan<byte> payload, MetricLogHeader header)
    {
        (_keys, _count) = (0, 0);
        var body = payload[header.BodyAt..];
        if ((header.Flags & MetricLogHeader.CompressedFlag) != 0)
            body = Decompress(body);
        if (header.Count > body.Length / MinPointBytes)
            throw MetricLogHeader.Damaged($"{body.Length} bytes are too few for {header.Count} points");
        if (_ids.Length < header.KeyCount)
            _ids = new long[header.KeyCount];
        if (_points.Length < header.Count)
            _points = new MetricPoint[Math.Max(header.Count, _points.Length * 2)];
        header.ReadKeys(_ids);
        ReadColumns(body, header, _points.AsSpan(0, header.Count));
        (_keys, _count) = (header.KeyCount, header.Count);
    }

    public void Dispose() => _decompressor?.Dispose();

    private ReadOnlySpan<byte> Decompress(ReadOnlySpan<byte> body)
    {
        var at = 0;
        var length = Varint.Read(body, ref at);
        if (length > MetricLogEncoder.MaxCompressedBody)
            throw MetricLogHeader.Damaged($"its body would have {length} bytes");
        if (_body.Length < (int)length)
            _body = new byte[(int)length];
        _decompressor ??= new Decompressor();
        try
        {
            var written = _decompressor.Unwrap(body[at..], _body.AsSpan(0, (int)length));
            if (written != (int)length)
                throw MetricLogHeader.Damaged($"its body has {written} bytes instead of {length}");
        }
        catch (ZstdException e)
        {
            throw new InvalidDataException("The metric log row is damaged: its body cannot be decompressed.", e);
        }

        return _body.AsSpan(0, (int)length);
    }

    private static void ReadColumns(ReadOnlySpan<byte> body, MetricLogHeader header, Span<MetricPoint> points)
    {
        var at = 0;
        var keys = (ulong)header.KeyCount;
        for (var i = 0; i < points.Length; i++)
        {
            var key = keys == 1 ? 0 : Varint.Read(body, ref at);
            if (key >= keys)
                throw MetricLogHeader.Damaged($"point {i} has key {key} of {keys}");
            points[i] = new MetricPoint((int)key, default, 0, 0);
        }

        ReadSteps(body, ref at, points, (header.Flags & MetricLogHeader.MicrosFlag) != 0);
        long time = 0;
        foreach (ref var point in points)
        {
            time = unchecked(time + Varint.UnZigZag(Varint.Read(body, ref at)));
            point = point with { Time = time };
        }

        ReadValues(body[at..], points);
    }

    private static void ReadSteps(ReadOnlySpan<byte> body, ref int at, Span<MetricPoint> points, bool withMicros)
    {
        long whole = 0;
        foreach (ref var point in points)
        {
            whole = unchecked(whole + Varint.UnZigZag(Varint.Read(body, ref at)));
            point = point with { Step = new Step(whole) };
        }

        if (!withMicros)
            return;
        foreach (ref var point in points)
        {
            var micros = Varint.Read(body, ref at);
            if (micros >= 1_000_000)
                throw MetricLogHeader.Damaged($"a step has {micros} millionths");
            point = point with { Step = new Step(point.Step.Whole, (int)micros) };
        }
    }

    private static void ReadValues(ReadOnlySpan<byte> bytes, Span<MetricPoint> points)
    {
        if (bytes.Length != points.Length * sizeof(double))
            throw MetricLogHeader.Damaged($"it has {bytes.Length} bytes for {points.Length} values");
        for (var i = 0; i < points.Length; i++)
        {
            var bits = MemoryMarshal.Read<long>(bytes[(i * sizeof(double))..]);
            if (!BitConverter.IsLittleEndian)
                bits = System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(bits);
            points[i] = points[i] with { Value = BitConverter.Int64BitsToDouble(bits) };
        }
    }
}
