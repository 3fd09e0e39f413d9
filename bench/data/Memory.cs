using Runstone.Protocol.Data;

namespace Runstone.DataBench;

/// <summary>Objects in memory, counted as they are read and written.</summary>
internal sealed class Memory : IDataObjectSource, IDataObjectSink
{
    private readonly Dictionary<DataObjectId, ReadOnlyMemory<byte>> _objects = [];

    public int Reads { get; set; }

    public int Writes { get; set; }

    public int Count => _objects.Count;

    public long Bytes => _objects.Values.Sum(b => (long)b.Length);

    public ValueTask<ReadOnlyMemory<byte>?> ReadAsync(DataObjectId id, CancellationToken cancellationToken)
    {
        Reads++;
        return ValueTask.FromResult(_objects.TryGetValue(id, out var bytes) ? bytes : (ReadOnlyMemory<byte>?)null);
    }

    public ValueTask WriteAsync(DataObjectKind kind, DataObjectId id, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        Writes++;
        _objects[id] = bytes;
        return ValueTask.CompletedTask;
    }
}
