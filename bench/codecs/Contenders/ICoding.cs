namespace Runstone.Codecs.Contenders;

/// <summary>A way to write a column of doubles; gives every bit back.</summary>
internal interface ICoding
{
    string Name { get; }

    /// <summary>Returns the bytes written to <paramref name="into"/>, which has room for 16 bytes a value and 4,096 more.</summary>
    int Encode(ReadOnlySpan<double> values, byte[] into);

    void Decode(ReadOnlySpan<byte> bytes, Span<double> values);
}
