namespace Runstone.Storage.Administration;

/// <summary>Collects findings of several threads and keeps the first.</summary>
internal sealed class Findings
{
    private const int Kept = 1000;

    private readonly Lock _lock = new();
    private readonly List<CheckFinding> _list = [];

    public long Count { get; private set; }

    public IReadOnlyList<CheckFinding> List
    {
        get
        {
            lock (_lock)
                return [.. _list];
        }
    }

    public void Add(string where, string what, string advice)
    {
        lock (_lock)
        {
            Count++;
            if (_list.Count < Kept)
                _list.Add(new CheckFinding(where, what, advice));
        }
    }
}
