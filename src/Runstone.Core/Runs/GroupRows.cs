namespace Runstone.Core.Runs;

/// <summary>The rows of each group, ascending, one group behind the other.</summary>
internal sealed class GroupRows
{
    private readonly int[] _starts;
    private readonly int[] _rows;

    /// <param name="groupOfRow">The group of each row.</param>
    /// <param name="groups">How many groups there are.</param>
    public GroupRows(List<int> groupOfRow, int groups)
    {
        _starts = new int[groups + 1];
        foreach (var group in groupOfRow)
            _starts[group + 1]++;
        for (var group = 0; group < groups; group++)
            _starts[group + 1] += _starts[group];
        _rows = new int[groupOfRow.Count];
        var next = _starts[..groups];
        for (var row = 0; row < groupOfRow.Count; row++)
            _rows[next[groupOfRow[row]]++] = row;
    }

    public ReadOnlySpan<int> Of(int group) => _rows.AsSpan(_starts[group].._starts[group + 1]);
}
