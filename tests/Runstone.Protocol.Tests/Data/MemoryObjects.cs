using Runstone.Protocol.Data;

namespace Runstone.Protocol.Tests.Data;

/// <summary>Objects by id, and how often they were read and written.</summary>
internal sealed class MemoryObjects : IDataObjectSource, IDataObjectSink
{
    private readonly Dictionary<DataObjectId, ReadOnlyMemory<byte>> _objects = [];

    public int Reads { get; set; }

    public int Writes { get; set; }

    public int Count => _objects.Count;

    public IEnumerable<KeyValuePair<DataObjectId, ReadOnlyMemory<byte>>> All => _objects;

    public void Put(DataObjectId id, ReadOnlyMemory<byte> bytes) => _objects[id] = bytes;

    public DataObjectId Put(byte[] bytes)
    {
        var id = DataObjectId.Of(bytes);
        _objects[id] = bytes;
        return id;
    }

    public void Remove(DataObjectId id) => _objects.Remove(id);

    public ValueTask<ReadOnlyMemory<byte>?> ReadAsync(DataObjectId id, CancellationToken cancellationToken)
    {
        Reads++;
        return ValueTask.FromResult(_objects.TryGetValue(id, out var bytes) ? bytes : (ReadOnlyMemory<byte>?)null);
    }

    public ValueTask WriteAsync(DataObjectKind kind, DataObjectId id, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        Writes++;
        Assert.Equal(DataObjectId.Of(bytes.Span), id);
        _objects[id] = bytes;
        return ValueTask.CompletedTask;
    }
}
