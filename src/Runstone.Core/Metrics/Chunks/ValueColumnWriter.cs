namespace Runstone.Core.Metrics.Chunks;

/// <summary>
/// Writes a column of values: docs/formats/metric-chunk.md, "Values". Maps the values to integers in each way that a look at a
/// sample allows, and writes those that by their model take least.
/// </summary>
internal sealed class ValueColumnWriter(SectionWriter sections, IntegerColumnWriter integers)
{
    /// <summary>About what a value that does not fit its coding costs.</summary>
    private const int PatchBits = 72;

    private readonly ValueDictionary _dictionary = new();
    private MappedValues _best = new();
    private MappedValues _other = new();

    /// <summary>A coding that is not tried, to see what it is good for; doubles always are.</summary>
    public ValueCoding? Without { get; init; }

    /// <summary>Writes one or more values.</summary>
    public void Write(ChunkWriter writer, ReadOnlySpan<double> values)
    {
        var distinct = Without == ValueCoding.Dictionary ? 0 : _dictionary.TryBuild(values);
        if (distinct == 1)
        {
            WriteDictionary(writer, 1, IntegerModel.Line);
            return;
        }

        var (model, bits) = Choose(values);
        if (distinct > 0)
        {
            var indexes = integers.Choose(_dictionary.Indexes(values.Length));
            if (indexes.Bits + (distinct * (8 + (bits / values.Length))) < bits)
            {
                WriteDictionary(writer, distinct, indexes);
                return;
            }
        }

        WriteMapped(writer, model);
    }

    private void WriteDictionary(ChunkWriter writer, int distinct, IntegerModel indexes)
    {
        var count = _dictionary.Count;
        writer.Byte((byte)ValueCoding.Dictionary);
        writer.Varint((ulong)distinct);
        var (model, _) = Choose(_dictionary.Values);
        WriteMapped(writer, model);
        integers.Write(writer, _dictionary.Indexes(count), indexes);
    }

    /// <summary>Maps the values in the way that takes least to <see cref="_best"/>.</summary>
    private (IntegerModel Model, double Bits) Choose(ReadOnlySpan<double> values)
    {
        var best = (Model: IntegerModel.Line, Bits: double.MaxValue);
        _other.MapDoubles(values);
        Compare(ref best);
        if (Without != ValueCoding.Magnitudes && _other.TryMapMagnitudes(values))
            Compare(ref best);

        if (Without != ValueCoding.Decimals && MappedValues.FindExponent(values) is var exponent and >= 0)
        {
            _other.MapDecimals(values, exponent);
            Compare(ref best);
        }

        return best;
    }

    private void Compare(ref (IntegerModel Model, double Bits) best)
    {
        var model = _other.Numbers.IsEmpty ? IntegerModel.Line : integers.Choose(_other.Numbers);
        var bits = model.Bits + (_other.Patches * PatchBits);
        if (bits >= best.Bits)
            return;
        best = (model, bits);
        (_best, _other) = (_other, _best);
    }

    private void WriteMapped(ChunkWriter writer, IntegerModel model)
    {
        writer.Byte((byte)_best.Coding);
        if (_best.Coding == ValueCoding.Decimals)
            writer.Byte((byte)_best.Exponent);
        _best.WritePatches(writer, sections);
        if (_best.Numbers.IsEmpty)
            return;
        writer.Byte((byte)_best.Zeros);
        integers.Write(writer, _best.Numbers, model);
    }
}
