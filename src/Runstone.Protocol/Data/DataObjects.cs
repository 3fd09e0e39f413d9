namespace Runstone.Protocol.Data;

/// <summary>What an object is. Its id does not depend on it; the numbers are those of packs.</summary>
public enum DataObjectKind : byte
{
    /// <summary>A chunk of a file.</summary>
    Chunk = 1,

    /// <summary>A page of a tree.</summary>
    TreePage = 2,

    /// <summary>A page of the recipe of a file.</summary>
    RecipePage = 3,

    /// <summary>A version.</summary>
    Version = 4,
}

/// <summary>Where pages are read from: a store, a cache, or a server.</summary>
public interface IDataObjectSource
{
    /// <summary>
    /// The plain bytes of an object, null when it is not there. They may be wrong: who reads them compares their SHA-256 with the id. They must not change afterwards.
    /// </summary>
    ValueTask<ReadOnlyMemory<byte>?> ReadAsync(DataObjectId id, CancellationToken cancellationToken);
}

/// <summary>Where new pages are written.</summary>
public interface IDataObjectSink
{
    /// <summary>Takes an object, whose plain bytes belong to it from here on. The same object may come more than once: writing it again changes nothing.</summary>
    ValueTask WriteAsync(DataObjectKind kind, DataObjectId id, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);
}

/// <summary>An object that a page or version names is not there.</summary>
public sealed class MissingDataObjectException(DataObjectKind kind, DataObjectId id)
    : Exception($"The {DataFormat.NameOf(kind)} {id} is missing: what refers to it cannot be read. Send it again, or restore it from a copy or a backup.")
{
    /// <summary>What the object is.</summary>
    public DataObjectKind Kind { get; } = kind;

    /// <summary>The id.</summary>
    public DataObjectId Id { get; } = id;
}
