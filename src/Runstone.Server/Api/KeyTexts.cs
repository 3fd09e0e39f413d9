using System.Text;
using Runstone.Protocol;

namespace Runstone.Server.Api;

/// <summary>
/// Texts of keys, runs and sources, which come again with every batch, so that they are not made anew. Bounded; for use by any number of
/// threads, because a slot holds a whole text whoever wrote it last.
/// </summary>
internal sealed class KeyTexts
{
    private const int Slots = 8192;
    private const int MaxBytes = 128;

    private readonly string?[] _slots = new string?[Slots];

    /// <summary>The text; throws <see cref="InvalidDataException"/> when the bytes are not UTF-8.</summary>
    public string Get(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length is 0 or > MaxBytes)
            return MetricBatchReader.Text(utf8);
        // Two places for a text, so that few push each other out.
        var checksum = MetricBatchFormat.Checksum(utf8);
        ref var first = ref _slots[checksum % Slots];
        if (first is { } known && Ascii.Equals(utf8, known))
            return known;
        ref var second = ref _slots[(checksum >> 16) % Slots];
        if (second is { } other && Ascii.Equals(utf8, other))
            return other;
        var text = MetricBatchReader.Text(utf8);
        return first is null ? first = text : second = text;
    }
}
