namespace Runstone.Protocol.Data;

/// <summary>
/// Makes a tree of entries that come in the order of their paths, and writes its pages as they fill. Holds a page a level. Not safe for use by two threads, and of no use after
/// <see cref="EndAsync"/> or an exception.
/// </summary>
public sealed class TreeBuilder
{
    private readonly IDataObjectSink _sink;
    private readonly List<Level> _levels = [];

    /// <summary>Paths of which the last one is the beginning, the shortest first: those that could be a folder of the next.</summary>
    private readonly Stack<string> _beginnings = new();

    private string? _last;

    /// <summary>Begins an empty tree whose pages go to the sink, those below before those above.</summary>
    public TreeBuilder(IDataObjectSink sink)
    {
        ArgumentNullException.ThrowIfNull(sink);
        _sink = sink;
        _levels.Add(new Level(0));
    }

    /// <summary>
    /// Adds a file. Throws <see cref="InvalidDataException"/>, which names the path, when something is wrong with the entry, when its path does not stand behind the last one, or
    /// when a folder of it is a file.
    /// </summary>
    public async ValueTask AddAsync(TreeEntry entry, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(entry);
        Check(entry);
        if (_levels[0].Writer.Add(entry))
            await EndPageAsync(0, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes what is left and returns the tree.</summary>
    public async ValueTask<TreeRoot> EndAsync(CancellationToken cancellationToken = default)
    {
        for (var level = 0; ; level++)
        {
            var (writer, pages) = (_levels[level].Writer, _levels[level].Pages);
            if (pages == 0 || writer.Count > 0)
                await EndPageAsync(level, cancellationToken).ConfigureAwait(false);

            // The only page of its level holds everything; the level above would name it and nothing else.
            if (_levels[level] is { Pages: 1, LastPage: { } root })
                return new TreeRoot(root.Page, root.Files, root.Bytes);
        }
    }

    /// <summary>Whether nothing waits in this level or below: what comes next begins a page of it.</summary>
    internal bool IsAtPageStart(int level) => _levels.TrueForAll(l => l.Number > level || l.Writer.Count == 0);

    /// <summary>Takes a page of another tree as it is, when <see cref="IsAtPageStart"/> of its level, and its content ends it there.</summary>
    internal async ValueTask AddPageAsync(int level, TreeChild page, CancellationToken cancellationToken)
    {
        while (_levels.Count <= level)
            _levels.Add(new Level(_levels.Count));

        // A page above level 0 that its content ends has many below it.
        foreach (var below in _levels.Take(level))
            below.Pages += 2;
        _beginnings.Clear();
        _last = page.LastPath;
        await NameAsync(level, page, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask EndPageAsync(int level, CancellationToken cancellationToken)
    {
        var (bytes, child) = _levels[level].Writer.End();
        await _sink.WriteAsync(DataObjectKind.TreePage, child.Page, bytes, cancellationToken).ConfigureAwait(false);
        await NameAsync(level, child, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask NameAsync(int level, TreeChild page, CancellationToken cancellationToken)
    {
        _levels[level].Pages++;
        _levels[level].LastPage = page;
        if (_levels.Count == level + 1)
            _levels.Add(new Level(level + 1));
        if (_levels[level + 1].Writer.Add(page))
            await EndPageAsync(level + 1, cancellationToken).ConfigureAwait(false);
    }

    private void Check(TreeEntry entry)
    {
        if (entry.Problem() is { } problem)
            throw new InvalidDataException($"The path {DataPath.Quote(entry.Path)} {problem}.");
        if (_last is not null && DataPath.Compare(_last, entry.Path) >= 0)
            throw new InvalidDataException($"The path {DataPath.Quote(entry.Path)} does not stand behind {DataPath.Quote(_last)}, as the order of a tree has it.");
        while (_beginnings.TryPeek(out var beginning) && !entry.Path.StartsWith(beginning, StringComparison.Ordinal))
            _beginnings.Pop();
        foreach (var beginning in _beginnings)
        {
            if (entry.Path[beginning.Length] == '/')
                throw new InvalidDataException($"The path {DataPath.Quote(entry.Path)} lies in {DataPath.Quote(beginning)}, which is a file.");
        }

        _beginnings.Push(entry.Path);
        _last = entry.Path;
    }

    private sealed class Level(int number)
    {
        public int Number { get; } = number;

        public TreePageWriter Writer { get; } = new(number);

        /// <summary>Pages of this level so far, or more when they came below a page of a level above.</summary>
        public long Pages { get; set; }

        public TreeChild? LastPage { get; set; }
    }
}
