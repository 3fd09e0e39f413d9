namespace Runstone.Core.Metrics.Chunks;

/// <summary>Reads what <see cref="PackValuesWriter"/> wrote.</summary>
internal sealed class PackValuesReader(ValueColumnReader values)
{
    private double[] _gathered = [];

    public void Read(ref ChunkReader reader, Span<double> all, ReadOnlySpan<int> counts)
    {
        var columns = reader.Count(1, counts.Length, "columns of values");
        if (columns == 1)
        {
            values.Read(ref reader, all);
            return;
        }

        var columnOf = reader.Bytes(counts.Length);
        if (_gathered.Length < all.Length)
            _gathered = new double[all.Length];
        var scattered = 0;
        for (var column = 0; column < columns; column++)
            scattered += ReadColumn(ref reader, all, counts, columnOf, (byte)column);
        if (scattered != all.Length)
            throw ChunkFormat.Damaged($"a series has none of its {columns} columns of values");
    }

    private int ReadColumn(ref ChunkReader reader, Span<double> all, ReadOnlySpan<int> counts, ReadOnlySpan<byte> columnOf, byte column)
    {
        var length = 0;
        for (var i = 0; i < counts.Length; i++)
            length += columnOf[i] == column ? counts[i] : 0;
        if (length == 0)
            throw ChunkFormat.Damaged($"column {column} of its values has no series");
        values.Read(ref reader, _gathered.AsSpan(0, length));
        var (from, at) = (0, 0);
        for (var i = 0; i < counts.Length; i++)
        {
            if (columnOf[i] == column)
            {
                _gathered.AsSpan(from, counts[i]).CopyTo(all[at..]);
                from += counts[i];
            }

            at += counts[i];
        }

        return length;
    }
}
