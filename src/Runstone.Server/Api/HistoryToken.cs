using System.Buffers.Binary;
using System.Buffers.Text;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using Runstone.Core.Errors;
using Runstone.Core.Metrics;

namespace Runstone.Server.Api;

/// <summary>
/// Where the next page of a history begins: behind a point, which stays where it is while others are written, or in order of arrival, in
/// which others only follow, behind so many points. Base64url of a version byte, the point or number and a hash of the query.
/// </summary>
internal static class HistoryToken
{
    private const byte Version = 2;
    private const int Length = 37;
    private const byte ArrivalVersion = 3;
    private const int ArrivalLength = 17;

    /// <summary>What a token is tied to.</summary>
    public static string Fingerprint(SeriesQuery query) =>
        string.Join('\n', query.RunId, query.Key, query.Order.ToString(), query.From?.ToString(), query.To?.ToString());

    public static string Encode(in SeriesPoint last, string query)
    {
        Span<byte> bytes = stackalloc byte[Length];
        bytes[0] = Version;
        BinaryPrimitives.WriteInt64LittleEndian(bytes[1..], last.Step.Whole);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[9..], last.Step.Micros);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[13..], last.Time);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[21..], BitConverter.DoubleToInt64Bits(last.Value));
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[29..], Hash(query));
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>In order of arrival, behind so many points.</summary>
    public static string EncodeArrival(long before, string query)
    {
        Span<byte> bytes = stackalloc byte[ArrivalLength];
        bytes[0] = ArrivalVersion;
        BinaryPrimitives.WriteInt64LittleEndian(bytes[1..], before);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[9..], Hash(query));
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>In order of arrival, how many points the pages before had; 0 without a token.</summary>
    public static long DecodeArrival(string? token, string query)
    {
        if (string.IsNullOrEmpty(token))
            return 0;
        Span<byte> bytes = stackalloc byte[ArrivalLength];
        Read(token, query, bytes, ArrivalVersion);
        return BinaryPrimitives.ReadInt64LittleEndian(bytes[1..]) is var before and >= 0
            ? before
            : throw Rejected("The page token names no place; send the one of the page before, unchanged.");
    }

    /// <summary>The last point of the page before; null without a token.</summary>
    public static SeriesPoint? Decode(string? token, string query)
    {
        if (string.IsNullOrEmpty(token))
            return null;
        Span<byte> bytes = stackalloc byte[Length];
        Read(token, query, bytes, Version);
        var micros = BinaryPrimitives.ReadInt32LittleEndian(bytes[9..]);
        return micros is >= 0 and < 1_000_000
            ? new SeriesPoint(
                new Step(BinaryPrimitives.ReadInt64LittleEndian(bytes[1..]), micros), BinaryPrimitives.ReadInt64LittleEndian(bytes[13..]),
                BitConverter.Int64BitsToDouble(BinaryPrimitives.ReadInt64LittleEndian(bytes[21..])))
            : throw Rejected("The page token names no step; send the one of the page before, unchanged.");
    }

    /// <summary>Reads a token of this length and version whose last eight bytes are the hash of the query.</summary>
    private static void Read(string token, string query, Span<byte> bytes, byte version)
    {
        if (!Base64Url.IsValid(token, out var length) || length is not (Length or ArrivalLength))
            throw Rejected("The page token was not made by this server; send the one of the page before, unchanged.");
        if (length != bytes.Length)
            throw OfAnother();
        if (Base64Url.DecodeFromChars(token, bytes) != length || bytes[0] != version)
            throw Rejected("The page token was not made by this server; send the one of the page before, unchanged.");
        if (BinaryPrimitives.ReadUInt64LittleEndian(bytes[^8..]) != Hash(query))
            throw OfAnother();
    }

    private static RunstoneException OfAnother() =>
        Rejected("The page token belongs to another query; repeat the query it was made for, or leave the token out to begin again.");

    private static ulong Hash(string query) => XxHash3.HashToUInt64(MemoryMarshal.AsBytes(query.AsSpan()));

    private static RunstoneException Rejected(string message) => new(Error.Invalid("pageToken", message));
}
