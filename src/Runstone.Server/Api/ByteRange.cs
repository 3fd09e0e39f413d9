using Microsoft.Net.Http.Headers;

namespace Runstone.Server.Api;

/// <summary>The part of a file that a request asks for.</summary>
/// <param name="Offset">First byte.</param>
/// <param name="Length">Bytes; 0 when nothing of the range exists.</param>
internal sealed record ByteRange(long Offset, long Length)
{
    public bool IsSatisfiable => Length > 0;

    /// <summary>
    /// The range to answer with; null for the whole file: no range asked for, a form that may be ignored (several ranges,
    /// another unit), or a file that changed since the client saw it (If-Range).
    /// </summary>
    public static ByteRange? Choose(string? range, string? ifRange, string tag, long size)
    {
        if (string.IsNullOrEmpty(range) || !RangeHeaderValue.TryParse(range, out var parsed))
            return null;
        if (!parsed.Unit.Equals("bytes", StringComparison.OrdinalIgnoreCase) || parsed.Ranges.Count != 1)
            return null;
        if (!string.IsNullOrEmpty(ifRange) && ifRange != tag)
            return null;
        var (from, to) = (parsed.Ranges.First().From, parsed.Ranges.First().To);
        if (from is null)
            return Suffix(to!.Value, size);
        return from >= size ? new ByteRange(0, 0) : new ByteRange(from.Value, Math.Min(to ?? size - 1, size - 1) - from.Value + 1);
    }

    private static ByteRange Suffix(long length, long size)
    {
        var taken = Math.Min(length, size);
        return new ByteRange(size - taken, taken);
    }
}
