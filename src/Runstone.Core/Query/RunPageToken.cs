using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Runstone.Core.Errors;

namespace Runstone.Core.Query;

/// <summary>
/// A <see cref="RunPosition"/> as text that clients send back unread: base64url of a version byte, a hash of the query it belongs
/// to, the position, and a hash of all that. It holds the whole values of the order, so it is about as long as they are.
/// </summary>
public static class RunPageToken
{
    private const byte Version = 2;
    private const int QueryHash = 8;
    private const int CheckHash = 4;

    /// <summary>Longer ones are refused unread; no value that runs are ordered by is that long.</summary>
    private const int MaxLength = 8 << 20;

    /// <param name="position">The last run of the page.</param>
    /// <param name="query">Text that is the same for the same runs in the same order, and for no others.</param>
    public static string Encode(RunPosition position, string query)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes, Encoding.UTF8);
        writer.Write(Version);
        writer.Write(Hash(Encoding.UTF8.GetBytes(query), QueryHash));
        writer.Write(position.StartTime);
        writer.Write(position.RunId);
        writer.Write7BitEncodedInt(position.Values.Count);
        foreach (var value in position.Values)
            Write(writer, value);
        writer.Write(Hash(bytes.GetBuffer().AsSpan(0, (int)bytes.Length), CheckHash));
        return Base64Url.EncodeToString(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
    }

    /// <summary>The position; null without a token. Throws <see cref="RunstoneException"/> that blames <paramref name="field"/>.</summary>
    public static RunPosition? Decode(string? token, string query, IReadOnlyList<Ordering> orderBy, string field)
    {
        if (string.IsNullOrEmpty(token))
            return null;
        var bytes = new byte[Math.Min(token.Length, MaxLength)];
        if (token.Length > MaxLength || !Base64Url.IsValid(token) || !Base64Url.TryDecodeFromChars(token, bytes, out var length)
            || length < 1 + QueryHash + CheckHash || bytes[0] != Version
            || !Hash(bytes.AsSpan(0, length - CheckHash), CheckHash).AsSpan().SequenceEqual(bytes.AsSpan(length - CheckHash, CheckHash)))
        {
            throw Rejected(field, "The page token was not made by this server, or by another version of it; send the one of the page before, unchanged, or leave it out to begin again.");
        }

        return Hash(Encoding.UTF8.GetBytes(query), QueryHash).AsSpan().SequenceEqual(bytes.AsSpan(1, QueryHash))
            && Read(bytes.AsSpan(0, length - CheckHash)) is { } position && position.Fits(orderBy)
                ? position
                : throw Rejected(field, "The page token belongs to another query; repeat the query it was made for, or leave the token out to begin again.");
    }

    private static void Write(BinaryWriter writer, OrderValue value)
    {
        writer.Write((byte)value.Kind);
        switch (value.Kind)
        {
            case OrderValueKind.Text:
                writer.Write(value.Text!);
                break;
            case OrderValueKind.Whole:
                writer.Write(value.Whole);
                break;
            case OrderValueKind.Number:
                writer.Write(value.Number);
                break;
        }
    }

    private static RunPosition? Read(ReadOnlySpan<byte> bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes[(1 + QueryHash)..].ToArray()), Encoding.UTF8);
        try
        {
            var (start, id) = (reader.ReadInt64(), reader.ReadString());
            var values = new List<OrderValue>();
            for (var left = reader.Read7BitEncodedInt(); left > 0; left--)
                values.Add(ReadValue(reader));
            return new RunPosition(values, start, id);
        }
        catch (Exception e) when (e is IOException or FormatException)
        {
            return null;
        }
    }

    private static OrderValue ReadValue(BinaryReader reader) => (OrderValueKind)reader.ReadByte() switch
    {
        OrderValueKind.Absent => OrderValue.Absent,
        OrderValueKind.NaN => OrderValue.NaN,
        OrderValueKind.Text => OrderValue.Of(reader.ReadString()),
        OrderValueKind.Whole => OrderValue.Of(reader.ReadInt64()),
        OrderValueKind.Number => OrderValue.Of(reader.ReadDouble()),
        _ => throw new FormatException("The token holds an unknown kind of value."),
    };

    private static byte[] Hash(ReadOnlySpan<byte> bytes, int length) => SHA256.HashData(bytes)[..length];

    private static RunstoneException Rejected(string field, string message) => new(Error.Invalid(field, message));
}
