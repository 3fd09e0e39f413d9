using System.Buffers.Binary;
using System.Buffers.Text;
using Runstone.Core.Errors;
using Runstone.Core.Media;
using Runstone.Core.Metrics;

namespace Runstone.Server.Api;

/// <summary>Where the next page of media begins, behind an item: base64url of a version byte, the item's position and a hash of the query.</summary>
internal static class MediaToken
{
    private const byte Version = 4;
    private const int Length = 29;

    public static string Encode(MediaPosition last, string query)
    {
        Span<byte> bytes = stackalloc byte[Length];
        bytes[0] = Version;
        BinaryPrimitives.WriteInt64LittleEndian(bytes[1..], last.Step.Whole);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[9..], last.Step.Micros);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[13..], last.Id);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[21..], PageToken.Hash(query));
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>The last item of the page before; null without a token.</summary>
    public static MediaPosition? Decode(string? token, string query)
    {
        if (string.IsNullOrEmpty(token))
            return null;
        Span<byte> bytes = stackalloc byte[Length];
        if (!Base64Url.IsValid(token, out var length) || length != Length || Base64Url.DecodeFromChars(token, bytes) != Length || bytes[0] != Version)
            throw Rejected("The page token was not made by this call; send the one of the page before, unchanged.");
        if (BinaryPrimitives.ReadUInt64LittleEndian(bytes[21..]) != PageToken.Hash(query))
            throw Rejected("The page token belongs to another query; repeat the query it was made for, or leave the token out to begin again.");
        var micros = BinaryPrimitives.ReadInt32LittleEndian(bytes[9..]);
        return micros is >= 0 and < 1_000_000
            ? new MediaPosition(new Step(BinaryPrimitives.ReadInt64LittleEndian(bytes[1..]), micros), BinaryPrimitives.ReadInt64LittleEndian(bytes[13..]))
            : throw Rejected("The page token names no step; send the one of the page before, unchanged.");
    }

    private static RunstoneException Rejected(string message) => new(Error.Invalid("pageToken", message));
}
