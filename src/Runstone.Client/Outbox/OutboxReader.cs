using System.Runtime.CompilerServices;
using System.Text;

namespace Runstone.Client.Outbox;

/// <summary>A record in place: valid until the reader moves on.</summary>
internal readonly ref struct OutboxRecord(RecordType type, long ordinal, ReadOnlySpan<byte> payload)
{
    public RecordType Type { get; } = type;

    public long Ordinal { get; } = ordinal;

    public ReadOnlySpan<byte> Payload { get; } = payload;
}

/// <summary>
/// Reads the records of an outbox in order, from any position, also while they are being written. A record that is torn or
/// damaged ends its segment; reading goes on with the next one, where all key names are defined anew.
/// </summary>
internal sealed unsafe class OutboxReader : IDisposable
{
    private readonly OutboxFolder _folder;
    private readonly Action<string> _onDamage;
    private readonly Dictionary<uint, string> _keys = [];
    private Segment? _segment;
    private OutboxPosition _position;
    private long _damagedAt = long.MaxValue;
    private int _toldSegment;

    public OutboxReader(OutboxFolder folder, OutboxPosition start, Action<string> onDamage)
    {
        (_folder, _onDamage) = (folder, onDamage);
        Seek(start);
    }

    /// <summary>Where the next record is or will be.</summary>
    public OutboxPosition Position => _position;

    /// <summary>Whether any damage was met.</summary>
    public bool MetDamage { get; private set; }

    /// <summary>The name of a key of the present segment; null when its definition is lost.</summary>
    public string? KeyName(uint id) => _keys.GetValueOrDefault(id);

    private void Seek(OutboxPosition position)
    {
        Close();
        var target = position.Offset;
        _position = position;
        if (!Open())
            return;
        // The names defined before the position are needed behind it.
        var ordinal = FirstOrdinal();
        _position = new OutboxPosition(position.Segment, OutboxFormat.SegmentHeaderBytes, ordinal);
        while (_position.Offset < target && TryReadHere(out _))
        {
        }
    }

    /// <summary>Goes back to where an earlier record began, without reading again what lies before it when it is near.</summary>
    public void Rewind(OutboxPosition position)
    {
        if (_segment is not null && position.Segment == _position.Segment)
            _position = position;
        else
            Seek(position);
    }

    /// <summary>The next record; false at the present end of the log.</summary>
    public bool TryRead(out OutboxRecord record)
    {
        while (true)
        {
            if ((_segment is not null || Open()) && TryReadHere(out record))
                return true;
            record = default;
            if (!System.IO.File.Exists(_folder.SegmentPath(_position.Segment + 1)))
                return false;
            // A record may have been written between the look at it and the look for the next segment.
            if (_segment is not null && TryReadHere(out record))
                return true;
            Close();
            _position = new OutboxPosition(_position.Segment + 1, OutboxFormat.SegmentHeaderBytes, _position.Ordinal);
            if (Open())
                _position = _position with { Ordinal = FirstOrdinal() };
        }
    }

    public void Dispose() => Close();

    private bool TryReadHere(out OutboxRecord record)
    {
        record = default;
        var room = _segment!.Length - _position.Offset;
        if (_position.Offset >= _damagedAt || room < OutboxFormat.RecordHeaderBytes)
            return false;
        var header = (uint*)(_segment.Start + _position.Offset);
        var length = Volatile.Read(ref header[0]);
        if (length == 0)
            return false;
        if (length > room - OutboxFormat.RecordHeaderBytes)
            return Damage("has an impossible length");
        var payload = new ReadOnlySpan<byte>(header + 4, (int)length);
        if (header[1] != OutboxFormat.Checksum(header[2], header[3], payload))
            return Damage("does not match its checksum");
        if (header[3] != (uint)_position.Ordinal)
            return Damage($"has the number {header[3]}");
        record = new OutboxRecord((RecordType)header[2], _position.Ordinal, payload);
        if (record.Type == RecordType.Key && length > sizeof(uint))
            _keys[Unsafe.ReadUnaligned<uint>(in payload[0])] = Encoding.UTF8.GetString(payload[sizeof(uint)..]);
        _position = _position with
        {
            Offset = _position.Offset + OutboxFormat.RecordBytes((int)length),
            Ordinal = _position.Ordinal + 1,
        };
        return true;
    }

    private bool Open()
    {
        _segment = Segment.OpenRead(_folder.SegmentPath(_position.Segment));
        if (_segment is null)
            return false;
        var header = new ReadOnlySpan<byte>(_segment.Start, OutboxFormat.SegmentHeaderBytes);
        var isSound = Unsafe.ReadUnaligned<ulong>(in header[0]) == OutboxFormat.Magic
            && Unsafe.ReadUnaligned<uint>(in header[24]) == OutboxFormat.HeaderChecksum(header);
        if (isSound)
            return true;
        Damage("follows a damaged segment header");
        _damagedAt = 0;
        return true;
    }

    private long FirstOrdinal() => _damagedAt == 0 ? _position.Ordinal : *(long*)(_segment!.Start + 16);

    private void Close()
    {
        _segment?.Dispose();
        _segment = null;
        _damagedAt = long.MaxValue;
        _keys.Clear();
    }

    private bool Damage(string what)
    {
        _damagedAt = _position.Offset;
        MetDamage = true;

        // A reader that went back meets the same damage again.
        if (_position.Segment > _toldSegment)
            _onDamage($"Record {_position.Ordinal} at byte {_position.Offset} of {_folder.SegmentPath(_position.Segment)} {what}; the rest of this file is left out.");
        _toldSegment = Math.Max(_toldSegment, _position.Segment);
        return false;
    }
}
