namespace Runstone.Core.Metrics;

/// <summary>What stands before the body of a metric log row: enough to pass over a row that lacks a series. Bytes: docs/formats/metric-log.md.</summary>
public readonly ref struct MetricLogHeader
{
    internal const byte Version = 1;
    internal const byte VersionMask = 0x0F;
    internal const byte CompressedFlag = 0x10;
    internal const byte MicrosFlag = 0x20;
    internal const byte OneKeyFlag = 0x40;
    internal const byte ReservedFlag = 0x80;

    private readonly ReadOnlySpan<byte> _payload;
    private readonly int _keysAt;

    private MetricLogHeader(ReadOnlySpan<byte> payload, byte flags, int keyCount, int keysAt, int count, int bodyAt)
    {
        _payload = payload;
        _keysAt = keysAt;
        (Flags, KeyCount, Count, BodyAt) = (flags, keyCount, count, bodyAt);
    }

    /// <summary>Distinct keys in the row; at least one.</summary>
    public int KeyCount { get; }

    /// <summary>Points in the row; at least one and at least as many as keys.</summary>
    public int Count { get; }

    internal byte Flags { get; }

    internal int BodyAt { get; }

    /// <summary>Reads the header; throws <see cref="InvalidDataException"/> when the bytes are none.</summary>
    public static MetricLogHeader Read(ReadOnlySpan<byte> payload)
    {
        if (payload.IsEmpty)
            throw Damaged("it is empty");
        var flags = payload[0];
        if ((flags & VersionMask) != Version)
            throw new InvalidDataException($"The metric log row has format version {flags & VersionMask}; this program reads version {Version}.");
        if ((flags & ReservedFlag) != 0)
            throw Damaged("a reserved flag is set");

        var at = 1;
        var keyCount = (flags & OneKeyFlag) != 0 ? 1 : ReadCount(payload, ref at, "keys");
        var keysAt = at;
        for (var i = 0; i < keyCount; i++)
            Varint.Read(payload, ref at);
        var count = ReadCount(payload, ref at, "points");
        if (keyCount > count)
            throw Damaged("it has more keys than points");
        return new MetricLogHeader(payload, flags, keyCount, keysAt, count, at);
    }

    /// <summary>Whether the row has points of the key.</summary>
    public bool Contains(long keyId)
    {
        var at = _keysAt;
        long id = 0;
        for (var i = 0; i < KeyCount && id < keyId; i++)
            id = unchecked(id + (long)Varint.Read(_payload, ref at));
        return id == keyId && keyId > 0;
    }

    /// <summary>Fills <paramref name="ids"/>, which holds <see cref="KeyCount"/>, with the key ids, ascending.</summary>
    public void ReadKeys(Span<long> ids)
    {
        var at = _keysAt;
        long id = 0;
        for (var i = 0; i < KeyCount; i++)
        {
            var next = unchecked(id + (long)Varint.Read(_payload, ref at));
            if (next <= id)
                throw Damaged("its key ids do not ascend from 1");
            ids[i] = id = next;
        }
    }

    internal static InvalidDataException Damaged(string why) => new($"The metric log row is damaged: {why}.");

    private static int ReadCount(ReadOnlySpan<byte> payload, ref int at, string what)
    {
        var count = Varint.Read(payload, ref at);
        return count is >= 1 and <= int.MaxValue ? (int)count : throw Damaged($"its number of {what} is {count}");
    }
}
