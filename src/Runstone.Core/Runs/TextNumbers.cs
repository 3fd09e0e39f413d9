using System.Buffers;
using System.Text;

namespace Runstone.Core.Runs;

/// <summary>Numbers texts in the order in which they are first met, and keeps each once.</summary>
internal sealed class TextNumbers
{
    private const int StackChars = 256;

    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly List<string> _texts = [];

    /// <summary>How many different texts were met.</summary>
    public int Count => _texts.Count;

    /// <summary>The text with the number.</summary>
    public string this[int number] => _texts[number];

    /// <summary>The number of a text in UTF-8.</summary>
    public int Of(ReadOnlySpan<byte> utf8)
    {
        var rented = utf8.Length > StackChars ? ArrayPool<char>.Shared.Rent(utf8.Length) : null;
        Span<char> chars = rented ?? stackalloc char[StackChars];
        var number = Of(chars[..Encoding.UTF8.GetChars(utf8, chars)]);
        if (rented is not null)
            ArrayPool<char>.Shared.Return(rented);
        return number;
    }

    /// <summary>The number of a text.</summary>
    public int Of(ReadOnlySpan<char> text)
    {
        var known = _numbers.GetAlternateLookup<ReadOnlySpan<char>>();
        if (known.TryGetValue(text, out var number))
            return number;
        var kept = text.ToString();
        _texts.Add(kept);
        _numbers.Add(kept, _texts.Count - 1);
        return _texts.Count - 1;
    }
}
