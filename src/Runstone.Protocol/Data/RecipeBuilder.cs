namespace Runstone.Protocol.Data;

/// <summary>
/// Makes the recipe of a file of its chunks in order, and writes its pages as they fill. Holds a page a level. Not safe for use by two threads, and of no use after
/// <see cref="EndAsync"/>.
/// </summary>
public sealed class RecipeBuilder
{
    private readonly IDataObjectSink _sink;
    private readonly List<Level> _levels = [new Level()];

    /// <summary>Begins the recipe of an empty file, whose pages go to the sink.</summary>
    public RecipeBuilder(IDataObjectSink sink)
    {
        ArgumentNullException.ThrowIfNull(sink);
        _sink = sink;
    }

    /// <summary>Chunks so far.</summary>
    public long Chunks { get; private set; }

    /// <summary>Bytes of the chunks so far.</summary>
    public long Length { get; private set; }

    /// <summary>Adds the next chunk, of 1 to <see cref="DataFormat.MaxObjectBytes"/> bytes.</summary>
    public async ValueTask AddAsync(DataObjectId chunk, int length, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, DataFormat.MaxObjectBytes);
        if (length > DataFormat.MaxFileBytes - Length)
            throw new InvalidDataException($"The file has more than {DataFormat.MaxFileBytes} bytes.");
        (Chunks, Length) = (Chunks + 1, Length + length);
        await AddAsync(0, new RecipeItem(chunk, length), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes what is left. Returns the page at the top; null for a file of no chunk, or of one, whose SHA-256 is that of the file: they need no recipe.</summary>
    public async ValueTask<DataObjectId?> EndAsync(CancellationToken cancellationToken = default)
    {
        if (Chunks < 2)
            return null;
        for (var level = 0; ; level++)
        {
            if (_levels[level].Items.Count > 0)
                await EndPageAsync(level, cancellationToken).ConfigureAwait(false);
            if (_levels[level] is { Pages: 1, LastPage: var root })
                return root;
        }
    }

    private async ValueTask AddAsync(int level, RecipeItem item, CancellationToken cancellationToken)
    {
        if (_levels.Count == level)
            _levels.Add(new Level());
        _levels[level].Items.Add(item);
        if (RecipePage.Ends(_levels[level].Items.Count, item.Id))
            await EndPageAsync(level, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask EndPageAsync(int level, CancellationToken cancellationToken)
    {
        var own = _levels[level];
        var bytes = RecipePage.Write(level, own.Items);
        var page = new RecipeItem(DataObjectId.Of(bytes), own.Items.Sum(i => i.Length));
        own.Items.Clear();
        own.Pages++;
        own.LastPage = page.Id;
        await _sink.WriteAsync(DataObjectKind.RecipePage, page.Id, bytes, cancellationToken).ConfigureAwait(false);
        await AddAsync(level + 1, page, cancellationToken).ConfigureAwait(false);
    }

    private sealed class Level
    {
        public List<RecipeItem> Items { get; } = [];

        public long Pages { get; set; }

        public DataObjectId LastPage { get; set; }
    }
}
