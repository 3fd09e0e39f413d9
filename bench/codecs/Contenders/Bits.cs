using System.Buffers.Binary;

namespace Runstone.Codecs.Contenders;

/// <summary>Writes numbers of 0 to 64 bits, least significant bit first.</summary>
internal ref struct BitWriter(Span<byte> target)
{
    private readonly Span<byte> _target = target;
    private ulong _pending;
    private int _bits;
    private int _at;

    public void Write(ulong value, int bits)
    {
        if (bits == 0)
            return;
        value &= ulong.MaxValue >> (64 - bits);
        _pending |= value << _bits;
        _bits += bits;
        if (_bits < 64)
            return;
        BinaryPrimitives.WriteUInt64LittleEndian(_target[_at..], _pending);
        _at += sizeof(ulong);
        _bits -= 64;
        _pending = _bits == 0 ? 0 : value >> (bits - _bits);
    }

    public int End()
    {
        BinaryPrimitives.WriteUInt64LittleEndian(_target[_at..], _pending);
        return _at + ((_bits + 7) / 8);
    }
}

/// <summary>Reads what <see cref="BitWriter"/> wrote.</summary>
internal ref struct BitReader(ReadOnlySpan<byte> source)
{
    private readonly ReadOnlySpan<byte> _source = source;
    private int _at;

    public ulong Read(int bits)
    {
        if (bits == 0)
            return 0;
        if (bits > 56)
            return Read(32) | (Read(bits - 32) << 32);
        var bytes = _source[(_at >> 3)..];
        ulong word;
        if (bytes.Length >= sizeof(ulong))
        {
            word = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        }
        else
        {
            Span<byte> last = stackalloc byte[sizeof(ulong)];
            bytes.CopyTo(last);
            word = BinaryPrimitives.ReadUInt64LittleEndian(last);
        }

        word >>= _at & 7;
        _at += bits;
        return word & (ulong.MaxValue >> (64 - bits));
    }
}
