using System.Runtime.CompilerServices;
using System.Text;

namespace Runstone.Client.Outbox;

/// <summary>
/// Appends records to the mapped segments of an outbox. A write is a copy into memory under a short lock: it survives the end of
/// the process, and costs no system call but when a segment is full. Nothing here throws: what cannot be written is counted.
/// </summary>
internal sealed unsafe class OutboxWriter : IThreadPoolWorkItem, IDisposable
{
    private const int WordBytes = 8;

    private readonly OutboxFolder _folder;
    private readonly TimeProvider _time;
    private readonly int _segmentBytes;
    private readonly Action<Exception?> _onUnwritable;
    private readonly Lock _lock = new();
    private readonly Lock _spareLock = new();
    private readonly Dictionary<string, KeyEntry> _keys = new(StringComparer.Ordinal);
    private Segment? _segment;
    private Segment? _spare;
    private byte* _at;
    private byte* _end;
    private byte* _half;
    private int _number;
    private long _ordinal;
    private long _dropped;
    private long _retryAt = long.MinValue;
    private bool _closed;
    private bool _spareWanted;

    /// <summary>Begins the log. Throws when the first segment cannot be made.</summary>
    public OutboxWriter(OutboxFolder folder, int segmentBytes, TimeProvider time, Action<Exception?> onUnwritable)
    {
        (_folder, _time, _onUnwritable) = (folder, time, onUnwritable);
        _segmentBytes = Math.Clamp(segmentBytes, OutboxFormat.MinSegmentBytes, OutboxFormat.MaxSegmentBytes) & ~(WordBytes - 1);
        Use(Segment.Create(folder.SparePath, Math.Min(OutboxFormat.FirstSegmentBytes, _segmentBytes)));
    }

    /// <summary>Records written so far.</summary>
    public long Count => Volatile.Read(ref _ordinal);

    /// <summary>Records that could not be written.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>Whether the last record was written.</summary>
    public bool IsClosed => Volatile.Read(ref _closed);

    /// <summary>Writes a metric point; false when it could not be, which is counted unless the log is closed.</summary>
    public bool WritePoint(string key, long step, int micros, long time, double value, RecordType type = RecordType.Point)
    {
        lock (_lock)
        {
            if (_closed)
                return false;
            if (!_keys.TryGetValue(key, out var entry))
                _keys.Add(key, entry = new KeyEntry((uint)_keys.Count));
            if (_at + OutboxFormat.RecordHeaderBytes + PointPayload.Size > _end && !Roll(OutboxFormat.RecordHeaderBytes + PointPayload.Size))
                return false;
            if (entry.Segment != _number && !Define(key, entry, OutboxFormat.RecordHeaderBytes + PointPayload.Size))
                return false;
            var payload = (PointPayload*)(_at + OutboxFormat.RecordHeaderBytes);
            payload->Key = entry.Id;
            payload->Micros = micros;
            payload->Step = step;
            payload->Time = time;
            payload->Value = value;
            Commit(type, PointPayload.Size);
            return true;
        }
    }

    /// <summary>Writes any other record; an <see cref="RecordType.End"/> closes the log.</summary>
    public bool Write(RecordType type, ReadOnlySpan<byte> payload)
    {
        lock (_lock)
        {
            if (_closed)
                return false;
            var size = OutboxFormat.RecordBytes(payload.Length);
            if (_at + size > _end && !Roll(size))
                return false;
            payload.CopyTo(new Span<byte>(_at + OutboxFormat.RecordHeaderBytes, payload.Length));
            Commit(type, payload.Length);
            if (type == RecordType.End)
                Volatile.Write(ref _closed, true);
            return true;
        }
    }

    /// <summary>Makes the next segment ahead of time, on a pool thread.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        lock (_spareLock)
        {
            if (_spare is not null || IsClosed)
                return;
            try
            {
                _spare = Segment.Create(_folder.SparePath, _segmentBytes);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // The writer tries again itself when it needs the segment, and reports it then.
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            Volatile.Write(ref _closed, true);
            _segment?.Dispose();
            _segment = null;
            _at = _end = _half = null;
        }

        lock (_spareLock)
        {
            _spare?.Dispose();
            _spare = null;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool Define(string key, KeyEntry entry, long spaceBehind)
    {
        var length = sizeof(uint) + Encoding.UTF8.GetByteCount(key);
        var size = OutboxFormat.RecordBytes(length);
        if (_at + size + spaceBehind > _end && !Roll(size + spaceBehind))
            return false;
        var payload = new Span<byte>(_at + OutboxFormat.RecordHeaderBytes, length);
        Unsafe.WriteUnaligned(ref payload[0], entry.Id);
        Encoding.UTF8.GetBytes(key, payload[sizeof(uint)..]);
        Commit(RecordType.Key, length);
        entry.Segment = _number;
        return true;
    }

    // The length is written last: until then a reader, or the next process after a kill, sees the end of the log here.
    private void Commit(RecordType type, int length)
    {
        var ordinal = (uint)_ordinal;
        var header = (uint*)_at;
        header[1] = OutboxFormat.Checksum((uint)type, ordinal, new ReadOnlySpan<byte>(_at + OutboxFormat.RecordHeaderBytes, length));
        header[2] = (uint)type;
        header[3] = ordinal;
        Volatile.Write(ref header[0], (uint)length);
        _at += OutboxFormat.RecordBytes(length);
        Volatile.Write(ref _ordinal, _ordinal + 1);
        if (_at > _half && !_spareWanted)
        {
            _spareWanted = true;
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool Roll(long needed)
    {
        // While the disk is full, one attempt a second is enough; the caller must not pay for more.
        if (_time.GetTimestamp() < _retryAt)
            return Drop(null);
        needed += OutboxFormat.SegmentHeaderBytes;
        try
        {
            Segment next;
            lock (_spareLock)
            {
                if (_spare is not null && _spare.Length < needed)
                {
                    _spare.Dispose();
                    _spare = null;
                }

                next = _spare ?? Segment.Create(_folder.SparePath, Math.Max(needed, _segmentBytes));
                _spare = null;
            }

            Use(next);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or OutOfMemoryException)
        {
            _retryAt = _time.GetTimestamp() + _time.TimestampFrequency;
            return Drop(e);
        }
    }

    private bool Drop(Exception? cause)
    {
        Volatile.Write(ref _dropped, _dropped + 1);
        if (cause is not null)
            _onUnwritable(cause);
        return false;
    }

    private void Use(Segment next)
    {
        var header = new Span<byte>(next.Start, OutboxFormat.SegmentHeaderBytes);
        Unsafe.WriteUnaligned(ref header[0], OutboxFormat.Magic);
        Unsafe.WriteUnaligned(ref header[8], 1);
        Unsafe.WriteUnaligned(ref header[12], _number + 1);
        Unsafe.WriteUnaligned(ref header[16], _ordinal);
        Unsafe.WriteUnaligned(ref header[24], OutboxFormat.HeaderChecksum(header));
        next.Rename(_folder.SegmentPath(_number + 1));
        _segment?.Dispose();
        _segment = next;
        _number++;
        _at = next.Start + OutboxFormat.SegmentHeaderBytes;
        _end = next.Start + next.Length;
        _half = next.Start + (next.Length / 2);
        _spareWanted = false;
    }

    private sealed class KeyEntry(uint id)
    {
        public uint Id { get; } = id;

        public int Segment { get; set; }
    }
}
