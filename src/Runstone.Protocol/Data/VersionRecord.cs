namespace Runstone.Protocol.Data;

/// <summary>
/// A version of a dataset: which tree, where it comes from, who made it, when and why. Its id is the SHA-256 of <see cref="Encode"/>; it does not say of which dataset it is, so that the
/// same version may be in several. One content has one way to be written (docs/formats/data-versions.md).
/// </summary>
public sealed record VersionRecord
{
    /// <summary>Parents that a version may have.</summary>
    public const int MaxParents = 2;

    /// <summary>Bytes of UTF-8 that an author may have.</summary>
    public const int MaxAuthorBytes = 256;

    /// <summary>Bytes of UTF-8 that a message may have.</summary>
    public const int MaxMessageBytes = 64 << 10;

    /// <summary>Bytes of UTF-8 that the id of a run may have.</summary>
    public const int MaxRunIdBytes = 128;

    /// <summary>The latest time, the end of the year 9999, in Unix milliseconds.</summary>
    public const long MaxTime = 253_402_300_799_999;

    private const string What = "version";
    private const byte FormatVersion = 1;

    /// <summary>The root page of its tree.</summary>
    public required DataObjectId Root { get; init; }

    /// <summary>None for a first version, one, or two different ones for a merge, the one merged into first.</summary>
    public IReadOnlyList<DataObjectId> Parents { get; init; } = [];

    /// <summary>Who made it, 1 to 256 bytes of UTF-8 without control characters.</summary>
    public required string Author { get; init; }

    /// <summary>When, in Unix milliseconds, 0 to <see cref="MaxTime"/>.</summary>
    public required long Time { get; init; }

    /// <summary>Why, up to 64 KiB of UTF-8 without control characters but tab and line feed; may be empty.</summary>
    public string Message { get; init; } = "";

    /// <summary>The run that made it, 1 to 128 bytes of UTF-8 without control characters; null when none did.</summary>
    public string? RunId { get; init; }

    /// <summary>The SHA-256 of <see cref="Encode"/>.</summary>
    public DataObjectId Id() => DataObjectId.Of(Encode());

    /// <summary>The bytes of the version. Throws <see cref="InvalidDataException"/> that names what is wrong with it.</summary>
    public byte[] Encode()
    {
        if (Problem() is { } problem)
            throw new InvalidDataException($"The version cannot be written: {problem}.");
        var writer = new DataWriter();
        writer.WriteByte(FormatVersion);
        writer.WriteId(Root);
        writer.WriteByte((byte)Parents.Count);
        foreach (var parent in Parents)
            writer.WriteId(parent);
        writer.WriteNumber(Time);
        writer.WriteText(Author);
        writer.WriteText(RunId ?? "");
        writer.WriteText(Message);
        return writer.ToArray();
    }

    /// <summary>
    /// Reads a version out of bytes that may be anything. Throws <see cref="InvalidDataException"/>, which says at which byte, unless they are exactly what <see cref="Encode"/> writes.
    /// </summary>
    public static VersionRecord Decode(ReadOnlySpan<byte> bytes)
    {
        var reader = new DataReader(bytes, What);
        if (reader.ReadByte("the format") is var format && format != FormatVersion)
            throw reader.Damaged(0, $"its format is {format}, where {FormatVersion} is known");
        var root = reader.ReadId("the root");
        var at = reader.At;
        int count = reader.ReadByte("the number of parents");
        if (count > MaxParents)
            throw reader.Damaged(at, $"it has {count} parents, where {MaxParents} are possible");
        var parents = new DataObjectId[count];
        for (var i = 0; i < count; i++)
            parents[i] = reader.ReadId("a parent");
        if (count == 2 && parents[0] == parents[1])
            throw reader.Damaged(at, "both parents are the same");
        var time = reader.ReadNumber("the time", 0, MaxTime);
        var author = ReadText(ref reader, "the author", 1, MaxAuthorBytes, char.IsControl);
        var run = ReadText(ref reader, "the run", 0, MaxRunIdBytes, char.IsControl);
        var message = ReadText(ref reader, "the message", 0, MaxMessageBytes, IsForbiddenInMessage);
        reader.End();
        return new VersionRecord { Root = root, Parents = parents, Author = author, Time = time, Message = message, RunId = run.Length == 0 ? null : run };
    }

    /// <inheritdoc/>
    public bool Equals(VersionRecord? other) => other is not null && Root == other.Root && Parents.SequenceEqual(other.Parents)
        && string.Equals(Author, other.Author, StringComparison.Ordinal) && Time == other.Time
        && string.Equals(Message, other.Message, StringComparison.Ordinal) && string.Equals(RunId, other.RunId, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Root, Time, Author, Message, RunId);

    private string? Problem()
    {
        if (Parents.Count > MaxParents)
            return $"it has {Parents.Count} parents, where {MaxParents} are possible";
        if (Parents.Count == 2 && Parents[0] == Parents[1])
            return "both parents are the same";
        if (Time is < 0 or > MaxTime)
            return $"its time is {Time}, where 0 to {MaxTime} are possible";
        return ProblemOf("the author", Author, 1, MaxAuthorBytes, char.IsControl)
            ?? (RunId is null ? null : ProblemOf("the run", RunId, 1, MaxRunIdBytes, char.IsControl))
            ?? ProblemOf("the message", Message, 0, MaxMessageBytes, IsForbiddenInMessage);
    }

    private static bool IsForbiddenInMessage(char c) => char.IsControl(c) && c is not ('\t' or '\n');

    private static string ReadText(ref DataReader reader, string part, int least, int most, Predicate<char> isForbidden)
    {
        var at = reader.At;
        var text = reader.ReadText(part, least, most);
        return ProblemOf(part, text, least, most, isForbidden) is { } problem ? throw reader.Damaged(at, problem) : text;
    }

    private static string? ProblemOf(string part, string text, int least, int most, Predicate<char> isForbidden)
    {
        if (text.Length > most)
            return $"{part} has more than {most} bytes of UTF-8";
        for (var i = 0; i < text.Length; i++)
        {
            if (isForbidden(text[i]))
                return $"{part} has the control character U+{(int)text[i]:X4} at character {i}";
        }

        try
        {
            var bytes = DataFormat.Utf8.GetByteCount(text);
            return bytes < least || bytes > most ? $"{part} has {bytes} bytes of UTF-8, where {least} to {most} are possible" : null;
        }
        catch (System.Text.EncoderFallbackException)
        {
            return $"{part} is not well-formed Unicode";
        }
    }
}
