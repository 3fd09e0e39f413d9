namespace Runstone.Core.Metrics.Chunks;

/// <summary>
/// Writes the values of a pack: docs/formats/metric-chunk.md, "Pack". Series whose values have one kind share a column, because
/// singles among doubles, or whole numbers among decimals, would cost what the others cost; a longer series has a column of its own.
/// </summary>
internal sealed class PackValuesWriter(ValueColumnWriter values)
{
    /// <summary>From so many points on a column of its own costs less than what it learns from the series.</summary>
    private const int OwnColumnFrom = 128;

    /// <summary>Below so many points a series, all share one column.</summary>
    private const int LeastMean = 8;

    private readonly byte[] _columnOf = new byte[ChunkEncoder.MaxPackSeries];
    private readonly int[] _kinds = new int[ChunkEncoder.MaxPackSeries];
    private double[] _gathered = [];

    /// <summary>Writes the values of series that stand one after the other.</summary>
    public void Write(ChunkWriter writer, ReadOnlySpan<double> all, ReadOnlySpan<int> counts)
    {
        var columns = all.Length < LeastMean * counts.Length ? 1 : Assign(all, counts);
        writer.Varint((ulong)columns);
        if (columns == 1)
        {
            values.Write(writer, all);
            return;
        }

        writer.Bytes(_columnOf.AsSpan(0, counts.Length));
        if (_gathered.Length < all.Length)
            _gathered = new double[all.Length];
        for (var column = 0; column < columns; column++)
            values.Write(writer, Gather(all, counts, column));
    }

    /// <summary>Numbers the columns in the order of their first series.</summary>
    private int Assign(ReadOnlySpan<double> all, ReadOnlySpan<int> counts)
    {
        var (columns, at) = (0, 0);
        for (var i = 0; i < counts.Length; i++)
        {
            var kind = counts[i] >= OwnColumnFrom ? -1 : MappedValues.KindOf(all.Slice(at, counts[i]));
            var column = kind < 0 ? -1 : _kinds.AsSpan(0, columns).IndexOf(kind);
            if (column < 0)
            {
                column = columns++;
                _kinds[column] = kind;
            }

            _columnOf[i] = (byte)column;
            at += counts[i];
        }

        return columns;
    }

    private ReadOnlySpan<double> Gather(ReadOnlySpan<double> all, ReadOnlySpan<int> counts, int column)
    {
        var (at, to) = (0, 0);
        for (var i = 0; i < counts.Length; i++)
        {
            if (_columnOf[i] == column)
            {
                all.Slice(at, counts[i]).CopyTo(_gathered.AsSpan(to));
                to += counts[i];
            }

            at += counts[i];
        }

        return _gathered.AsSpan(0, to);
    }
}
