using System.Runtime.CompilerServices;

namespace Runstone.Protocol.Data;

/// <summary>A chunk at its place in a file.</summary>
/// <param name="Id">The SHA-256 of the chunk.</param>
/// <param name="Offset">Where in the file its first byte is.</param>
/// <param name="Length">Bytes of the chunk.</param>
public readonly record struct FileChunk(DataObjectId Id, long Offset, int Length);

/// <summary>
/// Reads the recipe of a file, loading only the pages on the way to what is asked. Throws <see cref="InvalidDataException"/> when a page is damaged or its length is not what the page above
/// or the file says, and <see cref="MissingDataObjectException"/> when one is not there.
/// </summary>
public sealed class RecipeReader
{
    private readonly IDataObjectSource _source;
    private readonly DataObjectId _recipe;
    private readonly long _size;

    /// <summary>Reads nothing yet.</summary>
    /// <param name="source">Where the pages are.</param>
    /// <param name="recipe">What <see cref="RecipeBuilder.EndAsync"/> returned.</param>
    /// <param name="size">Bytes of the file.</param>
    public RecipeReader(IDataObjectSource source, DataObjectId recipe, long size)
    {
        ArgumentNullException.ThrowIfNull(source);
        (_source, _recipe, _size) = (source, recipe, size);
    }

    /// <summary>
    /// The chunks that hold the bytes from an offset on, so many or to the end when null, in order. The first and the last may hold more than was asked; none for no bytes. Throws
    /// <see cref="ArgumentOutOfRangeException"/> when the range is not in the file.
    /// </summary>
    public async IAsyncEnumerable<FileChunk> RangeAsync(long offset = 0, long? length = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, _size);
        ArgumentOutOfRangeException.ThrowIfNegative(length ?? 0, nameof(length));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length ?? 0, _size - offset, nameof(length));
        var end = offset + (length ?? (_size - offset));
        if (end == offset)
            yield break;
        var root = await ReadAsync(new RecipeItem(_recipe, _size), null, isLast: true, cancellationToken).ConfigureAwait(false);
        var pages = new Stack<(RecipePage Page, int Item, bool IsLast)>();
        pages.Push((root, 0, true));
        var at = 0L;
        while (at < end && pages.TryPop(out var place))
        {
            var (page, item, isLast) = place;
            if (item == page.Items.Count)
                continue;
            pages.Push((page, item + 1, isLast));
            var (id, bytes) = page.Items[item];
            if (at + bytes <= offset)
            {
                at += bytes;
            }
            else if (page.Level == 0)
            {
                yield return new FileChunk(id, at, (int)bytes);
                at += bytes;
            }
            else
            {
                var isLastBelow = isLast && item == page.Items.Count - 1;
                pages.Push((await ReadAsync(page.Items[item], page.Level - 1, isLastBelow, cancellationToken).ConfigureAwait(false), 0, isLastBelow));
            }
        }
    }

    private async ValueTask<RecipePage> ReadAsync(RecipeItem item, int? level, bool isLast, CancellationToken cancellationToken)
    {
        var bytes = await DataFormat.ReadAsync(_source, DataObjectKind.RecipePage, item.Id, cancellationToken).ConfigureAwait(false);
        var page = Decode(item.Id, bytes.Span);
        if (page.Length != item.Length || (level ?? page.Level) != page.Level)
            throw Damaged(item.Id, $"it has level {page.Level} and {page.Length} bytes of the file, where level {level ?? page.Level} and {item.Length} bytes are said of it");
        if (!isLast && !page.EndsByContent)
            throw Damaged(item.Id, "it is not the last of its level, but nothing in it ends it");
        if (level is null && page.Items.Count == 1)
            throw Damaged(item.Id, "it is the top of a recipe and has one item, which would do alone");
        return page;
    }

    private static RecipePage Decode(DataObjectId id, ReadOnlySpan<byte> bytes)
    {
        try
        {
            return RecipePage.Decode(bytes);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"Object {id}: {e.Message}", e);
        }
    }

    private static InvalidDataException Damaged(DataObjectId id, string problem) => new($"The recipe page {id} is damaged: {problem}.");
}
