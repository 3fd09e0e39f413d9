using Runstone.Protocol.Data;

namespace Runstone.Server.Data;

/// <summary>Pages that were read last, up to some bytes. Safe for use by many threads.</summary>
internal sealed class PageCache
{
    private const long MaxBytes = 32 << 20;

    private readonly Lock _lock = new();
    private readonly Dictionary<DataObjectId, LinkedListNode<(DataObjectId Id, ReadOnlyMemory<byte> Bytes)>> _places = [];
    private readonly LinkedList<(DataObjectId Id, ReadOnlyMemory<byte> Bytes)> _newestFirst = new();
    private long _bytes;

    public ReadOnlyMemory<byte>? Find(DataObjectId id)
    {
        lock (_lock)
        {
            if (!_places.TryGetValue(id, out var place))
                return null;
            _newestFirst.Remove(place);
            _newestFirst.AddFirst(place);
            return place.Value.Bytes;
        }
    }

    public void Keep(DataObjectId id, ReadOnlyMemory<byte> bytes)
    {
        lock (_lock)
        {
            if (_places.ContainsKey(id))
                return;
            _places[id] = _newestFirst.AddFirst((id, bytes));
            for (_bytes += bytes.Length; _bytes > MaxBytes; _newestFirst.RemoveLast())
            {
                var (oldest, gone) = _newestFirst.Last!.Value;
                _places.Remove(oldest);
                _bytes -= gone.Length;
            }
        }
    }
}
