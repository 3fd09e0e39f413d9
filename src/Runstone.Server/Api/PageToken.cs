using System.Buffers.Binary;
using System.Buffers.Text;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using Runstone.Core.Errors;

namespace Runstone.Server.Api;

/// <summary>
/// Where the next page begins: base64url of a version byte, the offset and a hash of the query. A token belongs to the query it
/// was made for, because an offset means nothing in another one.
/// </summary>
internal static class PageToken
{
    private const byte Version = 1;
    private const int Length = 17;

    public static string? Next(bool hasMore, long offset, int taken, string query) => hasMore ? Encode(offset + taken, query) : null;

    public static string Encode(long offset, string query)
    {
        Span<byte> bytes = stackalloc byte[Length];
        bytes[0] = Version;
        BinaryPrimitives.WriteInt64LittleEndian(bytes[1..], offset);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[9..], Hash(query));
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>The offset; 0 without a token.</summary>
    public static long Decode(string? token, string query)
    {
        if (string.IsNullOrEmpty(token))
            return 0;
        Span<byte> bytes = stackalloc byte[Length];
        if (token.Length > 32 || !Base64Url.IsValid(token) || !Base64Url.TryDecodeFromChars(token, bytes, out var written) || written != Length || bytes[0] != Version)
            throw Rejected("The page token was not made by this server; send the one of the page before, unchanged.");
        var offset = BinaryPrimitives.ReadInt64LittleEndian(bytes[1..]);
        return offset >= 0 && BinaryPrimitives.ReadUInt64LittleEndian(bytes[9..]) == Hash(query)
            ? offset
            : throw Rejected("The page token belongs to another query; repeat the query it was made for, or leave the token out to begin again.");
    }

    internal static ulong Hash(string query) => XxHash3.HashToUInt64(MemoryMarshal.AsBytes(query.AsSpan()));

    private static RunstoneException Rejected(string message) => new(Error.Invalid("pageToken", message));
}
