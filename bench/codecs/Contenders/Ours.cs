using Runstone.Core.Metrics.Chunks;

namespace Runstone.Codecs.Contenders;

/// <summary>The column of values of a chunk, with all codings or without one.</summary>
internal sealed class Ours : ICoding
{
    private readonly ChunkWriter _writer = new();
    private readonly ValueColumnWriter _values;
    private readonly ValueColumnReader _reader;

    public Ours(ValueCoding? without = null)
    {
        Name = without is null ? "Runstone" : $"without {without}";
        var sections = new SectionWriter();
        _values = new ValueColumnWriter(sections, new IntegerColumnWriter(sections)) { Without = without };
        var read = new SectionReader();
        _reader = new ValueColumnReader(read, new IntegerColumnReader(read));
    }

    public string Name { get; }

    public int Encode(ReadOnlySpan<double> values, byte[] into)
    {
        _writer.Begin();
        _values.Write(_writer, values);
        _writer.Written.CopyTo(into);
        return _writer.Length;
    }

    public void Decode(ReadOnlySpan<byte> bytes, Span<double> values)
    {
        var reader = new ChunkReader(bytes);
        _reader.Read(ref reader, values);
    }
}
