using System.Buffers.Text;
using System.Text;

namespace Runstone.Storage.S3;

/// <summary>
/// What identifies an upload past the server, on every node: our random id, which names the object, and the store's id, which only
/// the store gives. It is written <c>&lt;id&gt;.&lt;base64url of the store's id&gt;</c>.
/// </summary>
internal sealed record DirectUploadId(string Id, string StoreId)
{
    private const int IdLength = 32;
    private const int MaxLength = 2048;

    public override string ToString() => $"{Id}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(StoreId))}";

    /// <summary>Null when the text cannot be such an id, whoever made it.</summary>
    public static DirectUploadId? Parse(string text)
    {
        if (text.Length is <= IdLength + 1 or > MaxLength || text[IdLength] != '.' || !S3Keys.IsId(text[..IdLength]))
            return null;
        var encoded = text.AsSpan(IdLength + 1);
        if (!Base64Url.IsValid(encoded))
            return null;
        var store = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(encoded));
        return store.Length > 0 && store.All(c => char.IsAscii(c) && !char.IsControl(c) && c != ' ') ? new DirectUploadId(text[..IdLength], store) : null;
    }
}
