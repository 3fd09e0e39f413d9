using System.Text;

namespace Runstone.Protocol.Data;

/// <summary>Names and limits of the bytes of data versions (docs/formats/data-versions.md).</summary>
public static class DataFormat
{
    /// <summary>The name of the way files are cut into chunks, with all its parameters.</summary>
    public const string Chunking = "fastcdc-64k-1";

    /// <summary>Plain bytes that an object may have.</summary>
    public const int MaxObjectBytes = 4 << 20;

    /// <summary>Bytes that a file may have, 2^53 - 1: what every JSON reader keeps exactly.</summary>
    public const long MaxFileBytes = (1L << 53) - 1;

    /// <summary>Items of a page below which it is not ended by what its items are.</summary>
    public const int MinPageItems = 16;

    /// <summary>Items that a page may have.</summary>
    public const int MaxPageItems = 1024;

    /// <summary>Levels that a tree or a recipe may have. With 16 items a page at least, that is more than there is to store.</summary>
    public const int MaxLevels = 16;

    internal const byte PageVersion = 1;

    internal static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    internal static string NameOf(DataObjectKind kind) => kind switch
    {
        DataObjectKind.Chunk => "chunk",
        DataObjectKind.TreePage => "tree page",
        DataObjectKind.RecipePage => "recipe page",
        DataObjectKind.Version => "version",
        _ => "object",
    };

    /// <summary>The bytes of an object, whose hash was compared.</summary>
    internal static async ValueTask<ReadOnlyMemory<byte>> ReadAsync(IDataObjectSource source, DataObjectKind kind, DataObjectId id, CancellationToken cancellationToken)
    {
        var bytes = await source.ReadAsync(id, cancellationToken).ConfigureAwait(false) ?? throw new MissingDataObjectException(kind, id);
        var found = DataObjectId.Of(bytes.Span);
        return found == id ? bytes : throw new InvalidDataException($"The {NameOf(kind)} {id} is damaged: its {bytes.Length} bytes have the SHA-256 {found}.");
    }
}
